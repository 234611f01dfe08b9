//! Passkeys: enrolled, used, required, lost; and everything that browsers say no with.

use tests::{Browser, Stack};

const PASSWORD: &str = "shikaku-demo";

/// Logged in where passkeys work.
async fn logged_in(stack: &Stack, user_id: &str) -> anyhow::Result<Browser> {
    let browser = Browser::start().await?;
    browser.go(&stack.named_address()).await?;
    browser.log_in(user_id, PASSWORD).await?;
    Ok(browser)
}

/// Adds a passkey on 「パスキーの設定」.
async fn add(browser: &Browser) -> anyhow::Result<()> {
    browser.enter("現在のパスワード", PASSWORD).await?;
    browser.press("パスキーを追加").await
}

async fn press_labelled(browser: &Browser, label: &str) -> anyhow::Result<()> {
    let button = format!("//button[@aria-label={label:?}]");
    Ok(browser.find(&button).await?.click().await?)
}

async fn say_yes(browser: &Browser) -> anyhow::Result<()> {
    let yes = browser.find("//dialog//button[@id='dialog-yes']").await?;
    Ok(yes.click().await?)
}

#[tokio::test]
async fn a_passkey_is_added_named_used_and_removed() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = logged_in(&stack, "staff").await?;
    let device = browser.device().await?;
    browser.press("パスキーの設定").await?;
    browser.is_at("パスキーの設定").await?;
    browser.sees("登録したパスキーはまだありません").await?;
    browser.is_accessible().await?;
    browser.press("パスキーを追加").await?;
    assert_eq!(
        browser.error_of("passkey-password").await?,
        "現在のパスワードを入力してください"
    );
    browser.enter("現在のパスワード", "wrong password").await?;
    browser.press("パスキーを追加").await?;
    browser.sees("パスワードが違います").await?;
    browser.is_accessible().await?;
    browser.enter("名前", "受付のパソコン").await?;
    add(&browser).await?;
    browser.sees("パスキーを追加しました").await?;
    browser
        .find("//td[normalize-space(.)='受付のパソコン']")
        .await?;
    browser.is_accessible().await?;
    for (width, height) in [(1280, 800), (640, 400), (360, 740)] {
        browser.fits(width, height).await?;
    }
    browser.resize(1280, 800).await?;
    add(&browser).await?;
    browser.sees("この端末のパスキーは登録済みです").await?;
    browser.is_accessible().await?;
    press_labelled(&browser, "受付のパソコン：名前を変更").await?;
    browser.enter("新しい名前", "窓口1").await?;
    browser.press("変更").await?;
    browser.find("//td[normalize-space(.)='窓口1']").await?;

    browser.press("ログアウト").await?;
    browser.log_in("staff", PASSWORD).await?;
    browser.is_at("メニュー").await?;
    browser.press("ログアウト").await?;
    // Nobody touches it; the way back, another finger, and then the right one.
    device.answers(false).await?;
    browser.log_in("staff", PASSWORD).await?;
    browser.sees("パスキーで確認してください").await?;
    browser
        .until("return document.activeElement.id === 'passkey-asked'")
        .await?;
    browser.is_accessible().await?;
    browser.press("ログインをやり直す").await?;
    browser
        .until("return document.activeElement.id === 'user-id'")
        .await?;
    device.answers(true).await?;
    device.recognises(false).await?;
    browser.log_in("staff", PASSWORD).await?;
    browser.sees("パスキーの確認が中止されました").await?;
    browser.is_accessible().await?;
    for (width, height) in [(1280, 800), (360, 740)] {
        browser.fits(width, height).await?;
    }
    device.recognises(true).await?;
    browser.press("もう一度パスキーで確認する").await?;
    browser.is_at("メニュー").await?;

    browser.press("パスキーの設定").await?;
    press_labelled(&browser, "窓口1：削除").await?;
    browser.sees("「窓口1」を削除しますか").await?;
    browser.is_accessible().await?;
    say_yes(&browser).await?;
    browser.sees("パスキーを削除しました").await?;
    browser.press("ログアウト").await?;
    device.recognises(false).await?;
    browser.log_in("staff", PASSWORD).await?;
    browser.is_at("メニュー").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn an_institution_requires_passkeys_and_an_administrator_resets_a_lost_one()
-> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let admin = logged_in(&stack, "admin").await?;
    let _phone = admin.device().await?;
    admin.press("アカウント情報管理").await?;
    admin.press("パスキーを必須にする").await?;
    admin.sees("パスキーを必須にしますか").await?;
    admin.is_accessible().await?;
    say_yes(&admin).await?;
    admin.sees("先に、自分のパスキーを登録してください").await?;
    admin.is_accessible().await?;
    admin.press("メニュー").await?;
    admin.press("パスキーの設定").await?;
    add(&admin).await?;
    admin.sees("パスキーを追加しました").await?;

    let staff = logged_in(&stack, "staff").await?;
    let device = staff.device().await?;
    staff.go_to_search().await?;
    staff.enter("氏名", "新橋 太郎").await?;
    admin.press("メニュー").await?;
    admin.press("アカウント情報管理").await?;
    admin.press("パスキーを必須にする").await?;
    say_yes(&admin).await?;
    admin.sees("ログインにパスキーが必要です").await?;
    admin
        .until("return document.activeElement.id === 'passkey-rule'")
        .await?;
    for (width, height) in [(1280, 800), (640, 400), (360, 740)] {
        admin.fits(width, height).await?;
    }
    admin.resize(1280, 800).await?;

    // At work: the page for it comes first, and what was typed is kept.
    staff.search_taro("東京都").await?;
    staff.is_at("パスキーの設定").await?;
    staff.sees("パスキーを登録してください").await?;
    staff.is_accessible().await?;
    device.recognises(false).await?;
    add(&staff).await?;
    staff.sees("パスキーの確認が中止されました").await?;
    device.recognises(true).await?;
    add(&staff).await?;
    staff.is_at("資格情報照会（システム障害時）").await?;
    assert_eq!(staff.text_of("住所").await?, "東京都");
    staff.press("メニュー").await?;
    staff.press("パスキーの設定").await?;
    press_labelled(&staff, "パスキー1：削除").await?;
    say_yes(&staff).await?;
    staff.sees("最後のパスキーは削除できません").await?;
    staff.press("メニュー").await?;
    staff.go_to_search().await?;

    admin.driver().refresh().await?;
    press_labelled(&admin, "staff：パスキーをリセット").await?;
    admin.sees("「staff」のパスキーをリセットしますか").await?;
    say_yes(&admin).await?;
    admin
        .find("//tr[contains(., 'staff')]/td[normalize-space(.)='なし']")
        .await?;
    // The page is told.
    staff
        .sees("アカウントが変更されたため、ログアウトしました")
        .await?;
    staff.log_in("staff", PASSWORD).await?;
    staff.is_at("パスキーの設定").await?;
    add(&staff).await?;
    staff.is_at("資格情報照会（システム障害時）").await?;
    staff.close_after_failed_requests().await?;
    admin.close_after_failed_requests().await
}

#[tokio::test]
async fn where_passkeys_do_not_work_the_page_says_where_they_do() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = logged_in(&stack, "staff").await?;
    let _device = browser.device().await?;
    browser.press("パスキーの設定").await?;
    add(&browser).await?;
    browser.sees("パスキーを追加しました").await?;
    browser.press("ログアウト").await?;

    browser.go(&stack.address()).await?;
    browser.log_in("staff", PASSWORD).await?;
    browser
        .sees("このアドレスでは、パスキーを利用できません")
        .await?;
    browser.is_accessible().await?;
    browser.press("ログインをやり直す").await?;
    browser.log_in("admin", PASSWORD).await?;
    browser.press("パスキーの設定").await?;
    browser
        .sees("このアドレスでは、パスキーを利用できません")
        .await?;
    browser.is_accessible().await?;
    browser
        .press(&format!("{}/", stack.named_address()))
        .await?;
    browser.log_in("staff", PASSWORD).await?;
    browser.is_at("メニュー").await?;

    // A browser of the last decade.
    browser
        .run_before_pages("delete window.PublicKeyCredential")
        .await?;
    browser.driver().refresh().await?;
    browser.press("パスキーの設定").await?;
    add(&browser).await?;
    browser
        .sees("このブラウザではパスキーを利用できません")
        .await?;
    browser.is_accessible().await?;
    browser.close_after_failed_requests().await
}
