//! From 「利用申請」 to the acknowledged report, as the institution sees it.

use anyhow::ensure;
use serde_json::json;
use tests::{Browser, Stack};

const FUNCTION: &str = "緊急時医療情報・資格確認機能";
const SEARCH: &str = "資格情報照会（システム障害時）";
const CLOSED: &str = "//span[@role='link'][@aria-disabled='true'][normalize-space(.)='資格情報照会（システム障害時）']";
const SIZES: [(u32, u32); 4] = [(1280, 800), (640, 400), (360, 740), (800, 1280)];

async fn go_to_function(browser: &Browser) -> anyhow::Result<()> {
    browser.press(FUNCTION).await?;
    browser.is_at(FUNCTION).await
}

async fn agree(browser: &Browser) -> anyhow::Result<()> {
    Ok(browser.find("//*[@id='dialog-yes']").await?.click().await?)
}

async fn write(browser: &Browser, id: &str, text: &str) -> anyhow::Result<()> {
    let field = browser.find(&format!("//*[@id='{id}']")).await?;
    Ok(field.send_keys(text).await?)
}

/// Both windows say it, and nobody has reloaded anything.
async fn see(browsers: [&Browser; 2], text: &str) -> anyhow::Result<()> {
    for browser in browsers {
        browser.sees(text).await?;
    }
    Ok(())
}

async fn looks_well(browser: &Browser) -> anyhow::Result<()> {
    browser.is_accessible().await?;
    for (width, height) in SIZES {
        browser.fits(width, height).await?;
    }
    browser.resize(1280, 800).await
}

async fn request(browser: &Browser) -> anyhow::Result<()> {
    browser.enter("担当者名", "資格　花子").await?;
    let cause = "//label[normalize-space(.)='ネットワーク回線の障害']";
    browser.find(cause).await?.click().await?;
    browser.press("利用申請").await?;
    agree(browser).await
}

async fn fill_report(browser: &Browser) -> anyhow::Result<()> {
    browser
        .enter("障害の発生日時", "2026/11/20 9:30ごろ")
        .await?;
    browser.enter("障害の復旧日時", "復旧していない").await?;
    write(browser, "description", "光回線の終端装置が故障した。").await
}

#[tokio::test]
async fn the_function_is_asked_for_opened_used_and_reported() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let admin = Browser::logged_in(&stack, "admin").await?;
    let staff = Browser::logged_in(&stack, "staff").await?;
    see([&admin, &staff], "開放されていません").await?;
    go_to_function(&admin).await?;
    go_to_function(&staff).await?;
    for browser in [&admin, &staff] {
        browser.find(CLOSED).await?;
        browser.sees("0800-080-4583").await?;
    }
    staff.sees("利用申請は、管理者が行います").await?;
    looks_well(&admin).await?;

    admin.press("利用申請").await?;
    assert_eq!(admin.error_of("contact").await?, "入力してください");
    assert_eq!(admin.error_of("cause").await?, "原因を選択してください");
    request(&admin).await?;
    see([&admin, &staff], "利用申請を受け付けました").await?;
    admin.sees("申請から0分").await?;
    stack.operate(&json!({ "call_back": { "spoken_to": "資格　花子" } }))?;
    see([&admin, &staff], "電話確認が済みました").await?;
    stack.operate(&json!("send_form"))?;
    see([&admin, &staff], "利用報告書が送付されました").await?;
    looks_well(&admin).await?;
    stack.operate(&json!({ "open": { "hours": 24 } }))?;
    see([&admin, &staff], "開放中です").await?;

    staff.press(SEARCH).await?;
    staff.is_at(SEARCH).await?;
    staff.search_taro("東京都").await?;
    assert_eq!(staff.candidates().await?.1.len(), 2);
    stack.operate(&json!({ "end": { "reason": "復旧のため" } }))?;
    staff.sees("開放は終了しました").await?;
    staff.sees("（理由：復旧のため）").await?;
    staff.sees("資格情報確認を新しく開けません").await?;
    assert_eq!(staff.text_of("氏名").await?, "新橋 太郎");
    looks_well(&staff).await?;
    staff
        .find("//table[@id='candidates']//a")
        .await?
        .click()
        .await?;
    staff
        .sees("緊急時医療情報・資格確認機能は開放されていません")
        .await?;

    admin.press("利用報告書を提出").await?;
    admin.is_at("利用報告書").await?;
    admin.sees("1回").await?;
    admin.press("利用報告書を提出").await?;
    let missing = admin.error_of("failure_from").await?;
    ensure!(missing.contains("障害が発生した日時"), "{missing}");
    fill_report(&admin).await?;
    admin.sees("保存しました").await?;
    looks_well(&admin).await?;
    admin.press("利用報告書を提出").await?;
    agree(&admin).await?;
    admin.sees("実施機関の受領を待っています").await?;
    let mail = admin.mail_file().await?;
    ensure!(mail.contains("Subject: "), "{mail}");
    stack.operate(&json!("acknowledge"))?;
    admin.sees("に受領しました").await?;
    looks_well(&admin).await?;
    admin.close_after_failed_requests().await?;
    staff.close_after_failed_requests().await
}

#[tokio::test]
async fn what_was_asked_for_can_be_taken_back() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    go_to_function(&browser).await?;
    request(&browser).await?;
    browser
        .find("//summary[contains(., '取り下げる')]")
        .await?
        .click()
        .await?;
    browser.press("取り下げる").await?;
    assert_eq!(browser.error_of("reason").await?, "理由を入力してください");
    browser.enter("理由", "回線が復旧した").await?;
    browser.press("取り下げる").await?;
    browser.sees("利用申請は取り下げられました").await?;
    browser.sees("回線が復旧した").await?;
    browser.find("//button[@id='request']").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_search_that_runs_when_the_function_ends_stops_and_says_why() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser
        .script::<()>(
            "const get = window.fetch;
             window.fetch = (what, how) =>
               String(what).endsWith('/searches') ? new Promise(() => {}) : get(what, how)",
        )
        .await?;
    browser.search_taro("東京都").await?;
    browser.sees("検索しています…").await?;
    stack.operate(&json!({ "end": { "reason": "復旧のため" } }))?;
    browser
        .sees("開放が終了したため、検索を中止しました")
        .await?;
    browser.sees("（理由：復旧のため）").await?;
    browser
        .is_gone("//*[contains(., '検索しています…')][not(*)]")
        .await?;
    assert_eq!(browser.text_of("氏名").await?, "新橋 太郎");
    assert_eq!(browser.text_of("生年月日").await?, "2021/03/26");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_report_that_two_windows_write_loses_nothing_unasked() -> anyhow::Result<()> {
    const ELSEWHERE: &str = "利用報告書は、別の画面で保存されています";
    let stack = Stack::start_opened().await?;
    stack.operate(&json!({ "end": { "reason": "復旧のため" } }))?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    go_to_function(&browser).await?;
    browser.press("利用報告書を提出").await?;
    browser.sees("下書き（未提出）").await?;
    let address = browser.driver().current_url().await?;
    let one = browser.driver().window().await?;
    let other = browser.driver().new_tab().await?;
    browser.driver().switch_to_window(other.clone()).await?;
    browser.go(address.as_str()).await?;
    browser.sees("下書き（未提出）").await?;
    write(&browser, "remark", "一人目").await?;
    browser.press("下書きを保存").await?;
    browser.sees("保存しました").await?;

    browser.driver().switch_to_window(one).await?;
    write(&browser, "remark", "二人目").await?;
    browser.press("下書きを保存").await?;
    browser.sees(ELSEWHERE).await?;
    looks_well(&browser).await?;
    browser.press("この画面の内容を保存する").await?;
    browser.sees("保存しました").await?;

    browser.driver().switch_to_window(other).await?;
    write(&browser, "remark", "さらに").await?;
    browser.sees(ELSEWHERE).await?;
    browser.press("保存されている内容を読み込む").await?;
    browser
        .until("return document.getElementById('remark').value === '二人目'")
        .await?;

    // What was typed and not kept yet is kept as the page is left.
    write(&browser, "description", "途中").await?;
    browser.press(FUNCTION).await?;
    browser.is_at(FUNCTION).await?;
    browser.press("利用報告書を提出").await?;
    browser.is_at("利用報告書").await?;
    browser
        .until("return document.getElementById('description')?.value === '途中'")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn who_finds_nobody_is_told_how_else_to_go_on() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.search_taro("沖縄県").await?;
    browser
        .find("//summary[contains(., 'それでも見つからないとき')]")
        .await?
        .click()
        .await?;
    browser.sees("77777777").await?;
    browser.sees("77777779").await?;
    looks_well(&browser).await?;
    browser.close_after_failed_requests().await
}
