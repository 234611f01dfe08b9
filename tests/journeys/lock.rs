//! Screens that nobody is at.

use anyhow::ensure;
use tests::{Browser, Stack};

#[tokio::test]
async fn an_idle_screen_is_covered_and_the_password_brings_the_form_back() -> anyhow::Result<()> {
    let stack = Stack::start_with(&["--lock-after", "8s", "--log-out-after", "10m"])
        .await?
        .opened()?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("東京都").await?;
    browser.candidates().await?;
    browser.is_at("画面をロックしました").await?;
    let page: String = browser
        .script("return document.documentElement.outerHTML")
        .await?;
    for word in ["新橋", "太郎", "東京"] {
        ensure!(!page.contains(word), "{word} is still on the page");
    }
    browser.holds_nothing_personal().await?;
    for (width, height) in [(1280, 800), (640, 400), (360, 740)] {
        browser.fits(width, height).await?;
    }
    browser.press("ロックを解除").await?;
    assert_eq!(
        browser.error_of("unlock-password").await?,
        "パスワードを入力してください"
    );
    browser.enter("パスワード", "wrong password").await?;
    browser.press("ロックを解除").await?;
    browser.sees("パスワードが違います").await?;
    browser.is_accessible().await?;
    // The service counts from when it was asked last, which is later than the page's last key.
    browser
        .until(
            "return fetch('/api/session').then(answer => answer.json())
               .then(session => session.is_locked)",
        )
        .await?;
    // The lock is the service's: opening the address again does not go round it.
    let status: u16 = browser
        .script(
            "return fetch('/api/eligibility/searches', { method: 'POST', body: '{}',
               headers: { 'content-type': 'application/json' } }).then(answer => answer.status)",
        )
        .await?;
    assert_eq!(status, 423);

    browser.enter("パスワード", "shikaku-demo").await?;
    browser.press("ロックを解除").await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    assert_eq!(browser.text_of("氏名").await?, "新橋 太郎");
    assert_eq!(browser.text_of("住所").await?, "東京都");
    browser.press("検索").await?;
    assert_eq!(browser.candidates().await?.1.len(), 2);

    browser.is_at("画面をロックしました").await?;
    browser.driver().refresh().await?;
    browser.is_at("画面をロックしました").await?;
    browser.press("ログアウト").await?;
    browser.sees("ログアウトしました").await?;
    browser.is_at("ログイン").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn an_idle_session_ends_and_the_page_says_why() -> anyhow::Result<()> {
    let stack = Stack::start_with(&["--lock-after", "2s", "--log-out-after", "5s"]).await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.is_at("画面をロックしました").await?;
    browser.is_at("ログイン").await?;
    browser
        .sees("操作がなかったため、ログアウトしました")
        .await?;
    browser.close_after_failed_requests().await
}
