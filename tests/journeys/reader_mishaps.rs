//! What goes wrong around a reader's own screen, and that it recovers by itself.

use anyhow::ensure;
use serde_json::{Value, json};
use tests::reader::LOOKED_FOR;
use tests::{Bridge, Browser, Stack};

#[tokio::test]
async fn a_code_registers_a_screen_until_it_is_revoked() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let desk = Browser::logged_in(&stack, "admin").await?;
    let pairing = desk
        .call("POST", "/api/reader-screens", json!({ "name": "受付1" }))
        .await?;
    let code = pairing["code"].as_str().unwrap_or_default().to_owned();
    let screen = Browser::start().await?;
    // A wrong one first, by keyboard.
    screen.go(&format!("{}/reader", stack.address())).await?;
    screen.shows("register").await?;
    let wrong = if code == "00000000" { "1" } else { "0" }.repeat(8);
    screen.enter("登録コード", &wrong).await?;
    screen.press("登録する").await?;
    screen
        .sees("登録コードが違うか、有効期限が切れています")
        .await?;
    screen.go("about:blank").await?;
    screen
        .go(&format!("{}/reader#{code}", stack.address()))
        .await?;
    screen
        .until(&format!(
            "return document.querySelector('#pairing-code')?.value === '{code}'"
        ))
        .await?;
    let address: String = screen.script("return location.href").await?;
    ensure!(!address.contains(&code), "the code stays in the address");
    screen.press("登録する").await?;
    screen.shows("normal").await?;
    screen.sees("受付1").await?;
    let id = desk.reader_screen_id().await?;
    desk.call("DELETE", &format!("/api/reader-screens/{id}"), Value::Null)
        .await?;
    screen.shows("register").await?;
    screen.sees("この読取画面の登録は取り消されました").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn wrong_passcodes_are_told_apart_and_wait_longer() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let desk = Browser::logged_in(&stack, "admin").await?;
    let screen = Browser::reader_screen(&stack).await?;
    screen.press("職員用ボタン").await?;
    screen.shows("passcode").await?;
    screen.enter("目視確認用パスコード", "4271").await?;
    screen.press("確定").await?;
    screen
        .sees("有効な目視確認用パスコードがありません")
        .await?;
    let passcode = desk.issued_passcode().await?;
    let wrong = if passcode == "4271" { "4272" } else { "4271" };
    for _ in 0..5 {
        screen
            .until("return document.querySelector('#passcode').value === ''")
            .await?;
        screen.press_digits(wrong).await?;
        screen.press("確定").await?;
        screen.sees("目視確認用パスコードが違います").await?;
    }
    screen.sees("秒待ってから").await?;
    // Right, and yet too early.
    screen.press_digits(&passcode).await?;
    screen.press("確定").await?;
    screen
        .find("//code[contains(., 'passcode_delayed')]")
        .await?;
    screen.is_accessible().await?;
    let shown: String = screen.script("return document.body.innerText").await?;
    ensure!(
        !shown.contains(&passcode),
        "the passcode stays on the screen"
    );
    screen.press("戻る").await?;
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn the_screen_says_that_the_service_is_away_and_comes_back() -> anyhow::Result<()> {
    let mut stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.begin_confirmed().await?;
    screen.shows("place").await?;
    stack.kill_server()?;
    screen.shows("out-of-date").await?;
    screen.is_accessible().await?;
    // A card is not even read while nobody knows whether it may be.
    screen.press("有効なカードを置く").await?;
    screen.shows("out-of-date").await?;
    stack.start_server()?;
    screen.answer_all("同意する").await?;
    screen.shows("over").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

/// Keeps what the service answers to the patient's answers from the page, until it is let go.
const LATE_ANSWER: &str = "
    const ask = window.fetch;
    window.fetch = async (...request) => {
      const answer = await ask(...request);
      if (!String(request[0]).endsWith('/consents')) return answer;
      await new Promise(done => { window.letGo = done; });
      return answer;
    };";

#[tokio::test]
async fn the_end_may_be_told_before_the_answers_are_answered() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::start().await?;
    screen.run_before_pages(LATE_ANSWER).await?;
    screen.become_reader_screen(&stack).await?;
    screen.shows("normal").await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let address = desk.begin_confirmed().await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.answer_all("同意する").await?;
    screen.shows("over").await?;
    screen.sees("ありがとうございました").await?;
    let is_kept: bool = screen
        .script("return typeof window.letGo === 'function'")
        .await?;
    ensure!(is_kept, "the answer was not late");
    // The answer changes nothing, and the next patient's turn comes.
    screen.script::<()>("window.letGo()").await?;
    screen.sees("ありがとうございました").await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    let path = format!("{address}/result");
    let opened = desk.call("POST", &path, Value::Null).await?;
    ensure!(opened["candidate"].is_string(), "{opened}");
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn the_bridge_may_end_and_begin_again_at_any_time() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let mut bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    bridge.kill()?;
    screen.shows("trouble").await?;
    // That none runs, or that only somebody else's does: other programs of this machine
    // may listen on the other ports.
    screen
        .until("return document.querySelector('h2').textContent.includes('ブリッジ')")
        .await?;
    screen.is_accessible().await?;
    bridge.start_again().await?;
    screen.shows("normal").await?;
    desk.begin_confirmed().await?;
    screen.shows("place").await?;
    bridge.kill()?;
    screen.shows("trouble").await?;
    bridge.start_again().await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    // The answers do not need it.
    bridge.kill()?;
    screen.answer_all("同意する").await?;
    screen.shows("over").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn two_pages_do_not_fight_over_the_reader() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let first = Browser::reader_screen(&stack).await?;
    let second = Browser::start().await?;
    second.become_reader_screen(&stack).await?;
    second.shows("trouble").await?;
    second.sees("が使っています").await?;
    second.is_accessible().await?;
    second.press("この画面で使う").await?;
    second.shows("normal").await?;
    first.shows("trouble").await?;
    first.sees("が使っています").await?;
    second.go("about:blank").await?;
    first.shows("normal").await?;
    second.close_after(&LOOKED_FOR).await?;
    first.close_after(&LOOKED_FOR).await
}
