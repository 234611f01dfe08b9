//! Every page and state for those who read, see or move otherwise.

use anyhow::ensure;
use tests::{Browser, Stack};
use thirtyfour::Key;

#[tokio::test]
async fn no_page_and_no_state_has_a_violation() -> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let browser = Browser::start().await?;
    browser.go(&stack.address()).await?;
    browser.is_at("ログイン").await?;
    browser.sees("デモ用アカウント").await?;
    browser.is_accessible().await?;
    browser.press("ログイン").await?;
    browser.error_of("user-id").await?;
    browser.is_accessible().await?;
    browser.log_in("staff", "wrong password").await?;
    browser.sees("ユーザIDまたはパスワードが違います").await?;
    browser.is_accessible().await?;
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("メニュー").await?;
    browser.is_accessible().await?;
    browser.press("緊急時医療情報・資格確認機能").await?;
    browser.is_at("緊急時医療情報・資格確認機能").await?;
    browser.is_accessible().await?;
    browser.press("資格情報照会（システム障害時）").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    browser.is_accessible().await?;
    browser.press("検索").await?;
    browser.sees("入力内容を確認してください").await?;
    browser.is_accessible().await?;
    browser.press("入力をクリア").await?;
    browser.search_taro("大阪府").await?;
    browser
        .sees("該当する資格情報が見つかりませんでした")
        .await?;
    browser.is_accessible().await?;
    browser.enter("住所", "東京都").await?;
    browser.press("検索").await?;
    browser.candidates().await?;
    browser.is_accessible().await?;
    browser
        .find("//table[@id='candidates']//a")
        .await?
        .click()
        .await?;
    browser.sees("公費").await?;
    browser.is_accessible().await?;
    browser.press("検索結果に戻る").await?;
    stack.kill_server()?;
    browser.press("検索").await?;
    browser.sees("サーバーに接続できませんでした").await?;
    browser.is_accessible().await?;
    browser.press("エラー履歴").await?;
    browser.sees("network").await?;
    browser.is_accessible().await?;
    browser.press("履歴を消す").await?;
    browser.sees("エラーの記録はありません。").await?;
    browser.is_accessible().await?;
    stack.start_server()?;
    browser.go(&format!("{}/nowhere", stack.address())).await?;
    browser.is_at("お探しのページはありません").await?;
    browser.is_accessible().await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn forced_colours_zoom_and_no_motion_leave_the_pages_usable() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.prefer_forced_colours_and_no_motion().await?;
    browser
        .until("return matchMedia('(forced-colors: active)').matches")
        .await?;
    browser.go_to_search().await?;
    browser.search_taro("東京都").await?;
    browser.candidates().await?;
    // 1280×800 at 200 % and at 400 %.
    for (width, height) in [(640, 400), (320, 200), (1280, 800)] {
        browser.fits(width, height).await?;
        browser.is_accessible().await?;
    }
    let bare: u32 = browser
        .script(
            "return [...document.querySelectorAll('.button, .field__input')].filter(control => {
               const style = getComputedStyle(control);
               return style.borderTopStyle === 'none' || style.borderTopColor === style.backgroundColor
             }).length",
        )
        .await?;
    ensure!(bare == 0, "{bare} controls have no edge in forced colours");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn one_can_always_see_where_the_focus_is() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("皇居裏").await?;
    browser.is_at("資格情報確認").await?;
    browser.sees("公費").await?;
    for stop in 0..30 {
        browser.keys(Key::Tab.value().to_string()).await?;
        ensure!(browser.shows_its_focus().await?, "stop {stop}");
    }
    browser.press("検索結果に戻る").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    for stop in 0..15 {
        browser.keys(Key::Tab.value().to_string()).await?;
        ensure!(browser.shows_its_focus().await?, "stop {stop}");
    }
    browser.close_after_failed_requests().await
}
