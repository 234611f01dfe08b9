//! What goes wrong on a bad morning.

use anyhow::ensure;
use tests::{Browser, Stack};

#[tokio::test]
async fn the_service_goes_away_and_comes_back() -> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    stack.kill_server()?;
    browser.search_taro("東京都").await?;
    browser
        .find("//button[normalize-space(.)='もう一度検索']")
        .await?;
    assert_eq!(
        browser.field("氏名").await?.prop("value").await?.as_deref(),
        Some("新橋 太郎")
    );
    stack.start_server()?;
    browser.press("もう一度検索").await?;
    assert_eq!(
        browser.candidates().await?.1.len(),
        2,
        "the session survived too"
    );
    // A part of the page may have been on its way.
    browser
        .close_after(&["Failed to load resource", "Failed to fetch"])
        .await
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    let table = [
        ("/nowhere", "お探しのページはありません"),
        ("/emergency/eligibility/x", "お探しのページはありません"),
        (
            &*format!("/emergency/eligibility/{}", "A".repeat(80)),
            "検索結果の有効時間（10分）が過ぎました",
        ),
    ];
    for (address, text) in table {
        browser.go(&format!("{}{address}", stack.address())).await?;
        browser.sees(text).await?;
    }
    browser.press("検索に戻る").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn another_session_cannot_open_a_found_person() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("皇居裏").await?;
    browser.is_at("資格情報確認").await?;
    let address = browser.driver().current_url().await?;
    let other = Browser::logged_in(&stack, "admin").await?;
    other.go(address.as_str()).await?;
    other.sees("検索結果の有効時間（10分）が過ぎました").await?;
    browser.driver().refresh().await?;
    browser.sees("北海道新橋健康保険組合").await?;
    other.close_after_failed_requests().await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_search_is_tried_again_by_itself_until_the_service_is_back() -> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    stack.kill_server()?;
    browser.search_taro("東京都").await?;
    browser.press("つながるまで自動で試す").await?;
    browser.sees("秒で、もう一度試します").await?;
    browser.is_accessible().await?;
    stack.start_server()?;
    assert_eq!(browser.candidates().await?.1.len(), 2);

    stack.kill_server()?;
    browser.press("検索").await?;
    browser
        .press("つながるまで自動で試す")
        .await
        .map_err(|error| error.context("it was stopped by the success"))?;
    browser.press("自動で試すのをやめる").await?;
    browser
        .find("//button[normalize-space(.)='つながるまで自動で試す']")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn errors_are_kept_for_support_without_anything_personal() -> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("皇居裏").await?;
    browser.is_at("資格情報確認").await?;
    // The heading is there before the answer is.
    browser.sees("検索結果に戻る").await?;
    stack.kill_server()?;
    browser.press("検索結果に戻る").await?;
    browser.press("検索").await?;
    browser.sees("問い合わせ番号").await?;
    browser.holds_nothing_personal().await?;
    // Also when nothing else can be reached.
    browser.press("エラー履歴").await?;
    browser.is_at("エラー履歴").await?;
    browser.sees("POST /api/eligibility/searches").await?;
    stack.start_server()?;
    browser.driver().refresh().await?;
    browser.sees("POST /api/eligibility/searches").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn an_old_page_asks_to_be_reloaded() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser
        .is_gone("//button[normalize-space(.)='再読み込み'][not(ancestor::*[@hidden])]")
        .await?;
    browser.seem_old().await?;
    browser.search_taro("東京都").await?;
    browser
        .sees("新しいバージョンがあります。再読み込みしてください")
        .await?;
    browser.is_accessible().await?;
    assert_eq!(
        browser.candidates().await?.1.len(),
        2,
        "work can be finished"
    );
    browser.keep_what_the_tab_stores().await?;
    browser.press("再読み込み").await?;
    browser.is_gone("//*[@id='reload']").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    browser
        .until("return document.getElementById('name')?.value === '新橋 太郎'")
        .await?;
    assert_eq!(browser.text_of("生年月日").await?, "2021/03/26");
    assert_eq!(browser.text_of("住所").await?, "東京都");
    ensure!(
        browser.tab_stores().await?.is_none(),
        "what was stored is gone"
    );
    browser.holds_nothing_personal().await?;
    browser.press("検索").await?;
    assert_eq!(browser.candidates().await?.1.len(), 2);

    // Nobody else gets it, whoever puts it back.
    browser.press("ログアウト").await?;
    browser.log_in("admin", "shikaku-demo").await?;
    browser.is_at("メニュー").await?;
    browser.put_back_what_the_tab_stored().await?;
    browser.driver().refresh().await?;
    browser.go_to_search().await?;
    assert_eq!(browser.text_of("氏名").await?, "");
    ensure!(browser.tab_stores().await?.is_none(), "thrown away");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn an_old_page_that_is_locked_keeps_the_form_too() -> anyhow::Result<()> {
    let stack = Stack::start_with(&["--lock-after", "8s", "--log-out-after", "10m"])
        .await?
        .opened()?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.seem_old().await?;
    browser.search_taro("東京都").await?;
    browser.candidates().await?;
    browser.is_at("画面をロックしました").await?;
    browser.press("再読み込み").await?;
    browser.is_gone("//*[@id='reload']").await?;
    browser.is_at("画面をロックしました").await?;
    browser.holds_nothing_personal().await?;
    browser.enter("パスワード", "shikaku-demo").await?;
    browser.press("ロックを解除").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    assert_eq!(browser.text_of("氏名").await?, "新橋 太郎");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn an_old_page_that_can_not_keep_the_form_says_so_before_it_goes() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.seem_old().await?;
    browser.search_taro("東京都").await?;
    browser.candidates().await?;
    browser
        .script::<()>("Storage.prototype.setItem = () => { throw new Error('full') }")
        .await?;
    browser.press("再読み込み").await?;
    browser
        .sees("このブラウザーでは入力した内容を残せません")
        .await?;
    assert_eq!(browser.text_of("氏名").await?, "新橋 太郎");
    browser.is_accessible().await?;
    browser.press("再読み込み").await?;
    browser.is_gone("//*[@id='reload']").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_browser_that_can_not_run_the_app_is_told_why() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::start().await?;
    let added = browser
        .run_before_pages("delete window.WebAssembly")
        .await?;
    browser.go(&stack.address()).await?;
    browser.sees("WebAssemblyが使えません").await?;
    browser.is_gone("//*[contains(@class, 'boot__wait')][text()][not(ancestor::*[contains(@class, 'boot--failed')])]").await?;
    browser.is_accessible().await?;

    browser
        .devtools("Page.removeScriptToEvaluateOnNewDocument", added)
        .await?;
    let no_scripts = serde_json::json!({ "value": true });
    browser
        .devtools("Emulation.setScriptExecutionDisabled", no_scripts)
        .await?;
    browser.go(&stack.address()).await?;
    browser.sees("JavaScriptを有効にしてから").await?;
    browser.close_after(&["WebAssembly is not defined"]).await
}
