//! 目視確認用パスコード発行: the digits are told once, and nothing brings them back.

use anyhow::ensure;
use serde_json::json;
use tests::{Browser, Stack};
use thirtyfour::Key;

const PATH: &[&str] = &["アカウント情報管理", "目視確認用パスコード発行"];

async fn issue(browser: &Browser) -> anyhow::Result<String> {
    browser.press("発行").await?;
    browser.sees("目視確認用パスコードを発行しますか").await?;
    browser.press("OK").await?;
    browser.told_passcode().await
}

#[tokio::test]
async fn nothing_brings_a_passcode_back() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.go_by(PATH).await?;
    let digits = issue(&browser).await?;
    ensure!(browser.holds(&digits).await?, "where are the digits?");
    // Escape is pressed by mistake.
    browser.keys(Key::Escape.value().to_string()).await?;
    ensure!(browser.told_passcode().await? == digits);
    browser.press("OK").await?;
    browser.is_gone("//p[@class='passcode__digits']").await?;
    browser.sees("有効（").await?;
    ensure!(!browser.holds(&digits).await?);

    browser.script::<()>("location.reload()").await?;
    browser.is_at(PATH[1]).await?;
    browser.sees("有効（").await?;
    ensure!(!browser.holds(&digits).await?, "after reloading");

    browser.press("アカウント情報管理").await?;
    browser.is_at("アカウント情報管理").await?;
    browser.driver().back().await?;
    browser.is_at(PATH[1]).await?;
    browser.sees("有効（").await?;
    ensure!(!browser.holds(&digits).await?, "after going back");

    let tab = browser.driver().new_tab().await?;
    browser.driver().switch_to_window(tab).await?;
    browser
        .go(&format!("{}/accounts/passcode", stack.address()))
        .await?;
    browser.is_at(PATH[1]).await?;
    browser.sees("有効（").await?;
    ensure!(!browser.holds(&digits).await?, "in a second tab");

    let list = browser
        .call("GET", "/api/passcodes", serde_json::Value::Null)
        .await?;
    ensure!(
        !list.to_string().contains(&format!("\"{digits}\"")),
        "{list}"
    );
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn digits_that_are_on_the_screen_do_not_outlive_the_page() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.go_by(PATH).await?;
    issue(&browser).await?;
    // As if the browser kept the page for Back.
    browser
        .script::<()>("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        .await?;
    browser.is_gone("//p[@class='passcode__digits']").await?;
    // Left with the digits on the screen, and returned to.
    let digits = issue(&browser).await?;
    browser.go("about:blank").await?;
    browser.driver().back().await?;
    browser.is_at(PATH[1]).await?;
    browser.sees("有効（").await?;
    ensure!(!browser.holds(&digits).await?);
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_passcode_is_read_out_digit_by_digit_and_a_new_one_ends_it() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.go_by(PATH).await?;
    browser.sees("まだ発行していません").await?;
    issue(&browser).await?;
    let spoken: String = browser
        .script("return document.querySelector('.passcode__digits .visually-hidden').textContent")
        .await?;
    ensure!(spoken.split('、').count() == 4, "{spoken}");
    browser.is_accessible().await?;
    browser.press("OK").await?;
    browser
        .until("return document.activeElement.id === 'issue-passcode'")
        .await?;
    issue(&browser).await?;
    browser.press("OK").await?;
    browser.sees("再発行により無効").await?;
    let states: Vec<String> = browser
        .script(
            "return [...document.querySelectorAll('#issues tbody tr')].map(row => row.cells[2].textContent)",
        )
        .await?;
    ensure!(
        states.len() == 2 && states[0].starts_with("有効") && !states[1].starts_with("有効"),
        "{states:?}"
    );
    browser.press("取り消す").await?;
    browser.sees("目視確認用パスコードを取り消しますか").await?;
    browser
        .find("//dialog//button[@id='dialog-yes']")
        .await?
        .click()
        .await?;
    browser
        .is_gone("//table[@id='issues']//button[normalize-space(.)='取り消す']")
        .await?;
    browser.close_after_failed_requests().await
}

/// What the page is told of a passcode is changed on its way: to make one void takes a quarter of
/// an hour of waiting, and that it then is told is tested with the service.
const AS_IF_VOID: &str = "
    const asked = window.fetch;
    window.fetch = async (...request) => {
      const answer = await asked(...request);
      if (!answer.url.endsWith('/api/session')) return answer;
      const info = { ...await answer.json(), passcode_is_void: true };
      return new Response(JSON.stringify(info), { status: answer.status, headers: answer.headers });
    };
    const told = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function (name, listener) {
      told.call(this, name, event => {
        if (name !== 'state') return listener(event);
        const data = JSON.stringify({ ...JSON.parse(event.data), passcode_is_void: true });
        listener(new MessageEvent('state', { data }));
      });
    };";

const VOID: &str = "目視確認用パスコードが無効になりました";

#[tokio::test]
async fn administrators_are_told_of_a_void_passcode_on_their_screen() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for (user_id, is_told) in [("admin", true), ("staff", false)] {
        let browser = Browser::logged_in(&stack, user_id).await?;
        browser
            .is_gone(&format!("//*[contains(text(), {VOID:?})]"))
            .await?;
        browser.run_before_pages(AS_IF_VOID).await?;
        browser.driver().refresh().await?;
        browser.is_at("メニュー").await?;
        if is_told {
            browser.sees(VOID).await?;
            browser.is_accessible().await?;
            for (width, height) in [(1280, 800), (640, 400), (360, 740)] {
                browser.fits(width, height).await?;
            }
            browser.go_by(&["顔認証付きカードリーダー操作"]).await?;
            browser.sees(VOID).await?;
            browser.is_accessible().await?;
            browser.press(PATH[1]).await?;
            browser.is_at(PATH[1]).await?;
            browser.sees(VOID).await?;
            browser.press("メニュー").await?;
            browser.sees(VOID).await?;
            browser.press(PATH[1]).await?;
            browser.is_at(PATH[1]).await?;
        } else {
            // Nobody else is even asked for.
            browser
                .is_gone(&format!("//*[contains(text(), {VOID:?})]"))
                .await?;
        }
        browser.close_after_failed_requests().await?;
    }
    Ok(())
}

#[tokio::test]
async fn administrators_see_where_wrong_passcodes_are_entered() -> anyhow::Result<()> {
    let stack = Stack::start_with(&["--without-rate-limits"]).await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    let screen = Browser::start().await?;
    screen.go(&format!("{}/reader", stack.address())).await?;
    screen.shows("register").await?;
    screen.press("デモの読取画面として使う").await?;
    browser.go_by(PATH).await?;
    let digits = issue(&browser).await?;
    browser.press("OK").await?;
    let wrong = if digits == "1357" { "1358" } else { "1357" };
    // The first five; the waits in between are the service's own tests'.
    for _ in 0..5 {
        let _ = screen
            .call("POST", "/api/reader/passcode", json!({ "passcode": wrong }))
            .await;
    }
    browser.press("最新の状態にする").await?;
    browser.sees("5回（読取画面1）").await?;
    screen.close_after(&tests::reader::LOOKED_FOR).await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn only_administrators_issue() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for user_id in ["staff", "operator"] {
        let browser = Browser::logged_in(&stack, user_id).await?;
        browser
            .is_gone("//a[normalize-space(.)='アカウント情報管理']")
            .await?;
        for path in ["/accounts/passcode", "/accounts/reader-screens"] {
            browser.go(&format!("{}{path}", stack.address())).await?;
            browser.sees("not_allowed").await?;
            browser
                .is_gone("//main//button[normalize-space(.)='発行']")
                .await?;
        }
        browser.close_after_failed_requests().await?;
    }
    Ok(())
}
