//! The source document's first section in three windows: the institution's administrator, the
//! 実施機関, and a second terminal; nobody reloads anything.

use tests::{Browser, Stack};

const FUNCTION: &str = "緊急時医療情報・資格確認機能";
const SEARCH: &str = "資格情報照会（システム障害時）";
const CLINIC: &str = "新橋サンプルクリニック";

/// Takes a step at the operator's, with what its dialog asks for.
async fn take(operator: &Browser, step: &str, asked: &[(&str, &str)]) -> anyhow::Result<()> {
    let button = format!("//li//button[normalize-space(.)={step:?}][not(@disabled)]");
    operator.find(&button).await?.click().await?;
    for (label, text) in asked {
        operator.enter(label, text).await?;
    }
    agree(operator).await?;
    operator.is_gone("//dialog").await
}

async fn agree(browser: &Browser) -> anyhow::Result<()> {
    Ok(browser.find("//*[@id='dialog-yes']").await?.click().await?)
}

async fn see(browsers: [&Browser; 2], text: &str) -> anyhow::Result<()> {
    for browser in browsers {
        browser.sees(text).await?;
    }
    Ok(())
}

#[tokio::test]
async fn from_the_request_to_the_acknowledged_report_in_three_windows() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let clinic = Browser::logged_in(&stack, "admin").await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    let operator = Browser::logged_in(&stack, "operator").await?;
    operator.press("申請の一覧").await?;
    operator.sees("該当する申請はありません").await?;
    for browser in [&clinic, &desk] {
        browser.press(FUNCTION).await?;
        browser.is_at(FUNCTION).await?;
    }

    clinic.enter("担当者名", "資格　花子").await?;
    clinic
        .find("//label[normalize-space(.)='災害・停電']")
        .await?
        .click()
        .await?;
    clinic.press("利用申請").await?;
    agree(&clinic).await?;
    see([&clinic, &desk], "利用申請を受け付けました").await?;

    operator
        .find(&format!("//table[@id='openings']//a[.={CLINIC:?}]"))
        .await?
        .click()
        .await?;
    operator.is_at("利用申請").await?;
    take(
        &operator,
        "電話確認を記録",
        &[("話した相手の名前", "資格　花子")],
    )
    .await?;
    see([&clinic, &desk], "電話確認が済みました").await?;
    take(&operator, "利用報告書を送付", &[]).await?;
    see([&clinic, &desk], "利用報告書が送付されました").await?;
    take(&operator, "開放する", &[("開放する時間（時間）", "2")]).await?;
    see([&clinic, &desk], "開放中です").await?;

    desk.press(SEARCH).await?;
    desk.is_at(SEARCH).await?;
    desk.search_taro("皇居裏").await?;
    desk.is_at("資格情報確認").await?;
    desk.sees("北海道新橋健康保険組合").await?;
    take(&operator, "終了する", &[("理由", "復旧したため")]).await?;
    clinic.sees("（理由：復旧したため）").await?;

    clinic.press("利用報告書を提出").await?;
    clinic.is_at("利用報告書").await?;
    clinic
        .enter("障害の発生日時", "2026/11/20 9:30ごろ")
        .await?;
    clinic.enter("障害の復旧日時", "2026/11/20 15時").await?;
    clinic
        .find("//*[@id='description']")
        .await?
        .send_keys("停電のため。")
        .await?;
    clinic.press("利用報告書を提出").await?;
    agree(&clinic).await?;
    clinic.sees("実施機関の受領を待っています").await?;

    operator.sees("停電のため。").await?;
    operator.is_accessible().await?;
    take(&operator, "受領する", &[]).await?;
    clinic.sees("に受領しました").await?;
    desk.close_after_failed_requests().await?;
    operator.close_after_failed_requests().await?;
    clinic.close_after_failed_requests().await
}
