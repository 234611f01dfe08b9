//! 「ログイン」, roles, and sessions that end.

use tests::{Browser, Stack};

#[tokio::test]
async fn the_demo_accounts_are_shown_and_fill_the_form() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::start().await?;
    browser.go(&stack.address()).await?;
    browser.is_at("ログイン").await?;
    for account in ["admin", "staff", "operator"] {
        browser.sees(account).await?;
    }
    browser
        .find("//button[contains(., 'staff')]")
        .await?
        .click()
        .await?;
    browser.press("ログイン").await?;
    browser.is_at("メニュー").await?;
    browser.sees("新橋サンプルクリニック").await?;
    browser.driver().refresh().await?;
    browser.is_at("メニュー").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_refused_log_in_says_so_and_an_empty_one_names_the_field() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::start().await?;
    browser.go(&stack.address()).await?;
    browser.is_at("ログイン").await?;
    browser.press("ログイン").await?;
    assert_eq!(
        browser.error_of("user-id").await?,
        "ユーザIDを入力してください"
    );
    browser.log_in("staff", "wrong password").await?;
    browser.sees("ユーザIDまたはパスワードが違います").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn an_operator_sees_no_patient_and_is_told_why() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "operator").await?;
    browser.sees("申請の一覧").await?;
    browser
        .is_gone("//a[normalize-space(.)='緊急時医療情報・資格確認機能']")
        .await?;
    browser
        .go(&format!("{}/emergency/search", stack.address()))
        .await?;
    browser.sees("このアカウントでは利用できません").await?;
    browser
        .is_gone("//button[normalize-space(.)='検索']")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_session_that_ends_keeps_what_was_typed() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter_taro("東京都").await?;
    // Ends every session of the account, and lets it in again. The page is told.
    stack.run(&["account", "disable", "staff"])?;
    let password = "another password";
    browser.is_at("ログイン").await?;
    browser.sees("入力した内容は残っています").await?;
    let reset = stack.run(&["account", "reset-password", "staff"])?;
    let shown = String::from_utf8_lossy(&reset.stdout).into_owned();
    let shown = shown
        .split("password: ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    browser.log_in("staff", shown.unwrap_or(password)).await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    assert_eq!(
        browser.field("氏名").await?.prop("value").await?.as_deref(),
        Some("新橋 太郎")
    );
    assert_eq!(
        browser.field("住所").await?.prop("value").await?.as_deref(),
        Some("東京都")
    );
    browser.press("検索").await?;
    assert_eq!(browser.candidates().await?.1.len(), 2);
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_second_log_in_takes_over_and_the_first_page_says_so() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let first = Browser::logged_in(&stack, "staff").await?;
    first.go_to_search().await?;
    first.enter("氏名", "新橋 太郎").await?;
    first.enter("住所", "東京都").await?;
    let second = Browser::start().await?;
    second.go(&stack.address()).await?;
    second.log_in("staff", "shikaku-demo").await?;
    second.sees("このアカウントは別の画面で利用中です").await?;
    second.is_accessible().await?;
    second
        .press("こちらで利用する（もう一方はログアウトされます）")
        .await?;
    second.is_at("メニュー").await?;
    // By itself: the page follows the service.
    first
        .sees("別の画面でログインしたため、ログアウトしました")
        .await?;
    first.sees("入力した内容は残っています").await?;
    first.log_in("staff", "shikaku-demo").await?;
    first
        .press("こちらで利用する（もう一方はログアウトされます）")
        .await?;
    first.is_at("資格情報照会（システム障害時）").await?;
    assert_eq!(first.text_of("住所").await?, "東京都");
    second.close_after_failed_requests().await?;
    first.close_after_failed_requests().await
}

#[tokio::test]
async fn too_many_attempts_have_to_wait_and_say_how_long() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::start().await?;
    browser.go(&stack.address()).await?;
    for _ in 0..5 {
        browser.log_in("nobody", "wrong password").await?;
        browser.sees("ユーザIDまたはパスワードが違います").await?;
        browser
            .until("return document.getElementById('password').value === ''")
            .await?;
    }
    browser.log_in("nobody", "wrong password").await?;
    browser.sees("パスワードの入力が続けて失敗しました").await?;
    browser.sees("秒待ってから").await?;
    browser.log_in("staff", "shikaku-demo").await?;
    browser.is_at("メニュー").await?;
    browser.close_after_failed_requests().await
}
