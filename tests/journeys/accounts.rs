//! 「アカウント情報管理」, and what follows from it.

use tests::{Browser, Stack};

/// The one-time password that is being shown.
async fn told(browser: &Browser) -> anyhow::Result<String> {
    let told = browser.find("//*[@id='one-time-password']//code").await?;
    Ok(told.text().await?)
}

async fn press(browser: &Browser, label: &str) -> anyhow::Result<()> {
    let button = format!("//button[@aria-label={label:?}]");
    browser.find(&button).await?.click().await?;
    Ok(())
}

#[tokio::test]
async fn an_account_from_its_creation_to_its_end() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let admin = Browser::logged_in(&stack, "admin").await?;
    admin.press("アカウント情報管理").await?;
    admin.is_at("アカウント情報管理").await?;
    admin.enter("ユーザID", "新橋").await?;
    admin.press("作成").await?;
    assert!(admin.error_of("new-user-id").await?.contains("半角"));
    admin.enter("ユーザID", "staff").await?;
    admin.press("作成").await?;
    assert!(
        admin
            .error_of("new-user-id")
            .await?
            .contains("すでに使われています")
    );
    admin.enter("ユーザID", "hanako").await?;
    admin.press("作成").await?;
    let password = told(&admin).await?;
    admin.sees("初回ログイン待ち").await?;
    admin.is_accessible().await?;
    for (width, height) in [(1280, 800), (640, 400), (360, 740)] {
        admin.fits(width, height).await?;
    }

    let hanako = Browser::start().await?;
    hanako.go(&stack.address()).await?;
    hanako.log_in("hanako", &password).await?;
    hanako.is_at("パスワードの変更").await?;
    hanako.is_accessible().await?;
    hanako
        .go(&format!("{}/emergency/search", stack.address()))
        .await?;
    hanako.is_at("パスワードの変更").await?;
    hanako.enter("現在のパスワード", &password).await?;
    hanako.enter("新しいパスワード", "1234567890").await?;
    hanako.press("パスワードを変更").await?;
    assert!(hanako.error_of("new-password").await?.contains("推測"));
    hanako.enter("新しいパスワード", "correct horse").await?;
    hanako
        .enter("新しいパスワード（確認）", "correct horse")
        .await?;
    hanako.press("パスワードを変更").await?;
    hanako.is_at("資格情報照会（システム障害時）").await?;

    press(&admin, "hanako：無効にする").await?;
    admin.sees("「hanako」を無効にしますか").await?;
    admin.is_accessible().await?;
    admin.press("キャンセル").await?;
    admin.is_gone("//dialog").await?;
    press(&admin, "hanako：無効にする").await?;
    admin
        .find("//dialog//button[@id='dialog-yes']")
        .await?
        .click()
        .await?;
    admin
        .find("//tr[contains(., 'hanako')][contains(., '無効')]")
        .await?;
    // Without doing anything.
    hanako
        .sees("アカウントが変更されたため、ログアウトしました")
        .await?;

    press(&admin, "hanako：仮パスワードを発行").await?;
    admin
        .find("//dialog//button[@id='dialog-yes']")
        .await?
        .click()
        .await?;
    let password = told(&admin).await?;
    hanako.log_in("hanako", &password).await?;
    hanako.is_at("パスワードの変更").await?;
    hanako.close_after_failed_requests().await?;
    admin.close_after_failed_requests().await
}

#[tokio::test]
async fn staff_manage_no_accounts_but_change_their_password_and_log_out_everywhere()
-> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser
        .is_gone("//a[normalize-space(.)='アカウント情報管理']")
        .await?;
    browser.go(&format!("{}/accounts", stack.address())).await?;
    browser.sees("この操作を行う権限がありません").await?;
    browser.press("メニュー").await?;
    browser.press("パスワードの変更").await?;
    browser.enter("現在のパスワード", "shikaku-demo").await?;
    browser.enter("新しいパスワード", "correct horse").await?;
    browser
        .enter("新しいパスワード（確認）", "correct horsf")
        .await?;
    browser.press("パスワードを変更").await?;
    assert!(
        browser
            .error_of("new-password-again")
            .await?
            .contains("一致しません")
    );
    browser
        .enter("新しいパスワード（確認）", "correct horse")
        .await?;
    browser.press("パスワードを変更").await?;
    browser.sees("パスワードを変更しました").await?;
    browser.press("すべての端末からログアウト").await?;
    browser.sees("すべての端末からログアウトしました").await?;
    browser.log_in("staff", "correct horse").await?;
    browser.is_at("パスワードの変更").await?;
    browser.close_after_failed_requests().await
}
