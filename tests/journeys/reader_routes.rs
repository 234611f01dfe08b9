//! 目視確認 at the reader's own screen, by both routes, with the simulated reader.

use anyhow::ensure;
use serde_json::Value;
use tests::reader::LOOKED_FOR;
use tests::{Bridge, Browser, Stack};

#[tokio::test]
async fn the_reader_route_goes_from_the_staff_button_to_the_consents() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let desk = Browser::logged_in(&stack, "admin").await?;
    let passcode = desk.issued_passcode().await?;
    let screen = Browser::reader_screen(&stack).await?;

    screen.press("職員用ボタン").await?;
    screen.shows("passcode").await?;
    screen.press_digits(&passcode).await?;
    screen
        .until("return document.querySelector('#passcode').value === '●●●●'")
        .await?;
    screen.press("確定").await?;
    screen.shows("confirm").await?;
    screen.sees("目視確認の留意事項").await?;
    // Before the confirmation a card is not read.
    screen.press("有効なカードを置く").await?;
    screen.shows("confirm").await?;
    screen.press("目視で本人確認完了").await?;
    screen.answer_all("同意する").await?;
    screen.shows("over").await?;
    screen.sees("カードをお取りください").await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;

    let state = desk.terminal_state().await?;
    let result = &state["results"][0];
    ensure!(result["is_own"] == false, "{state}");
    let id = result["id"].as_str().unwrap_or_default();
    let path = format!("/api/visual-confirmations/{id}/result");
    let opened = desk.call("POST", &path, Value::Null).await?;
    ensure!(opened["candidate"].is_string(), "{opened}");
    screen.holds_nothing_personal().await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn the_terminal_route_is_followed_and_consents_may_be_refused() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let address = desk.begin_at_terminal().await?;
    screen.shows("staff-confirms").await?;
    desk.tick(&address, true).await?;
    screen.shows("place").await?;
    desk.tick(&address, false).await?;
    screen.shows("staff-confirms").await?;
    desk.tick(&address, true).await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.answer_all("同意しない").await?;
    screen.shows("over").await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    let opened = desk
        .call("POST", &format!("{address}/result"), Value::Null)
        .await?;
    ensure!(opened["candidate"].is_string(), "{opened}");
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn each_card_failure_says_what_to_do_and_another_card_may_follow() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let address = desk.begin_confirmed().await?;
    screen.shows("place").await?;
    let table = [
        (
            "期限切れのカードを置く",
            "006 利用者証明用電子証明書の有効期限が切れています",
        ),
        (
            "未登録のカードを置く",
            "このカードに対応する資格情報が見つかりません",
        ),
    ];
    for (card, told) in table {
        screen.press(card).await?;
        screen.shows("failed").await?;
        screen.sees(told).await?;
        screen.press("カードを取る").await?;
        // What staff have to do does not go away with the card.
        screen.sees(told).await?;
    }
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    desk.call("DELETE", &address, Value::Null).await?;
    screen.shows("over").await?;
    screen.sees("中止しました").await?;
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn a_card_may_be_taken_at_every_step() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    // In the normal state a card is not read: staff are called.
    screen.press("有効なカードを置く").await?;
    screen.is_headed("お呼びください").await?;
    screen.press("カードを取る").await?;
    screen.is_headed("置いてください").await?;
    let address = desk.begin_at_terminal().await?;
    screen.shows("staff-confirms").await?;
    screen.press("有効なカードを置く").await?;
    screen.press("カードを取る").await?;
    desk.tick(&address, true).await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    screen.press("カードを取る").await?;
    screen.find("//dialog").await?;
    screen.is_accessible().await?;
    screen.press("続ける").await?;
    screen.is_gone("//dialog").await?;
    screen.answer_all("同意する").await?;
    screen.shows("over").await?;
    screen.shows("normal").await?;
    // Asked and stopped.
    desk.begin_confirmed().await?;
    screen.shows("place").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    screen.press("カードを取る").await?;
    screen.find("//dialog").await?;
    screen
        .find("//dialog//button[normalize-space(.)='中止する']")
        .await?
        .click()
        .await?;
    screen.shows("normal").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}

#[tokio::test]
async fn a_card_of_the_patient_before_is_not_read_again() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    desk.begin_confirmed().await?;
    screen.press("有効なカードを置く").await?;
    screen.answer_all("同意する").await?;
    screen.shows("over").await?;
    // Left behind, and the next patient's turn has come.
    desk.begin_confirmed().await?;
    screen.shows("place").await?;
    screen.is_headed("とってください").await?;
    screen.press("カードを取る").await?;
    screen.is_headed("カードを置いて").await?;
    screen.press("有効なカードを置く").await?;
    screen.shows("consents").await?;
    screen.close_after(&LOOKED_FOR).await?;
    desk.close_after_failed_requests().await
}
