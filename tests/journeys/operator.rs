//! The console of the 実施機関: one request from the call to its end, two operators at once, and
//! the register.

use std::fs;

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use tests::{Browser, Stack};

/// The demo's clinic.
const CLINIC: &str = "1311234569";

/// The stage that is told at the head of a request.
async fn stands_at(browser: &Browser, stage: &str) -> anyhow::Result<()> {
    let xpath = format!("//*[@id='opening-standing']//p[normalize-space(.)={stage:?}]");
    browser.find(&xpath).await.map(drop)
}

/// Whether a step's button can be pressed.
async fn can(browser: &Browser, step: &str) -> anyhow::Result<bool> {
    let xpath = format!("//li//button[normalize-space(.)={step:?}]");
    browser
        .find(&xpath)
        .await?
        .is_enabled()
        .await
        .map_err(Into::into)
}

/// Enters a request that came by telephone, from the list.
async fn enter_request(browser: &Browser, code: &str) -> anyhow::Result<()> {
    browser.press("電話で受けた申請を入力").await?;
    browser.enter("医療機関コード", code).await?;
    browser.enter("担当者名", "資格花子").await?;
    browser.press("申請を登録").await?;
    browser.is_at("利用申請").await
}

#[tokio::test]
async fn a_call_is_led_from_its_request_to_its_end() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "operator").await?;
    browser.is_accessible().await?;
    browser.press("申請の一覧").await?;
    browser.is_at("申請の一覧").await?;
    browser.sees("該当する申請はありません").await?;
    browser.looks_right().await?;

    browser.press("電話で受けた申請を入力").await?;
    browser.enter("医療機関コード", "1310000001").await?;
    let error = browser.error_of("telephone-code").await?;
    ensure!(error.contains("登録簿にない"), "{error}");
    browser.enter("医療機関コード", CLINIC).await?;
    ensure!(browser.echo_of("医療機関コード").await? == "新橋サンプルクリニック");
    browser.press("申請を登録").await?;
    ensure!(browser.error_of("telephone-contact").await? == "入力してください");
    browser.looks_right().await?;
    browser.enter("担当者名", "資格花子").await?;
    browser.press("申請を登録").await?;

    browser.is_at("利用申請").await?;
    stands_at(&browser, "電話確認待ち").await?;
    browser
        .sees("届出の番号にかける。申請に書かれた番号にはかけない")
        .await?;
    browser
        .find("//a[@href='tel:0300001000'][.='03-0000-1000']")
        .await?;
    browser.sees("先に「電話確認を記録」してください").await?;
    for (step, expected) in [
        ("電話確認を記録", true),
        ("利用報告書を送付", false),
        ("開放する", false),
        ("延長する", false),
        ("終了する", false),
        ("受領する", false),
        ("却下する", true),
        ("取り下げる", true),
    ] {
        ensure!(can(&browser, step).await? == expected, "{step}");
    }
    browser.looks_right().await?;

    browser.press("電話確認を記録").await?;
    browser
        .sees("「新橋サンプルクリニック」について「電話確認を記録」を行いますか")
        .await?;
    browser.confirm().await?;
    ensure!(browser.error_of("step-spoken-to").await? == "入力してください");
    browser.looks_right().await?;
    browser.enter("話した相手の名前", "受付太郎").await?;
    browser.confirm().await?;
    stands_at(&browser, "報告書の送付待ち").await?;
    browser.sees("受付太郎さんと話しました").await?;
    browser.take_step("利用報告書を送付", None).await?;
    stands_at(&browser, "開放待ち").await?;
    browser.press("開放する").await?;
    browser.enter("開放する時間（時間）", "0").await?;
    browser.confirm().await?;
    let error = browser.error_of("step-hours").await?;
    ensure!(error.contains("1から336まで"), "{error}");
    browser.enter("開放する時間（時間）", "２").await?;
    browser.confirm().await?;
    stands_at(&browser, "開放中").await?;
    browser
        .take_step("延長する", Some(("延長する時間（時間）", "3")))
        .await?;
    browser.sees("延長").await?;
    browser
        .take_step("終了する", Some(("理由", "復旧したため")))
        .await?;
    stands_at(&browser, "報告書の提出待ち").await?;
    ensure!(!can(&browser, "延長する").await? && !can(&browser, "受領する").await?);
    browser.looks_right().await?;

    browser.press("申請の一覧").await?;
    browser
        .find("//table[@id='openings']//a[.='新橋サンプルクリニック']")
        .await?;
    browser.looks_right().await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn of_two_operators_the_later_one_is_told() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    // Once somebody could log in, the demo is set up.
    let first = Browser::logged_in(&stack, "operator").await?;
    let password = stack.add_account("operator2", "operator", "1300000005")?;
    first.press("申請の一覧").await?;
    first.is_at("申請の一覧").await?;
    let second = Browser::start().await?;
    second.go(&stack.address()).await?;
    second.log_in("operator2", &password).await?;
    second.is_at("メニュー").await?;
    second.press("申請の一覧").await?;
    second.is_at("申請の一覧").await?;

    // What one enters, the other one sees by itself, with its number.
    enter_request(&first, CLINIC).await?;
    let waiting = "//button[starts-with(., '電話確認待ち')][contains(., '1')]";
    second.find(waiting).await?;
    second.press("新橋サンプルクリニック").await?;
    stands_at(&second, "電話確認待ち").await?;
    second.press("電話確認を記録").await?;
    second.enter("話した相手の名前", "受付太郎").await?;
    first
        .take_step("電話確認を記録", Some(("話した相手の名前", "受付次郎")))
        .await?;
    second.confirm().await?;
    second.sees("この手順はすでに済んでいます").await?;
    stands_at(&second, "報告書の送付待ち").await?;
    second.sees("受付次郎さんと話しました").await?;
    second.looks_right().await?;
    second.take_step("利用報告書を送付", None).await?;
    stands_at(&first, "開放待ち").await?;
    second.close_after_failed_requests().await?;
    first.close_after_failed_requests().await
}

#[tokio::test]
async fn the_register_is_searched_changed_added_to_and_imported() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let folder = TempDir::new()?;
    let browser = Browser::logged_in(&stack, "operator").await?;
    browser.press("申請の一覧").await?;
    browser.press("医療機関の登録簿").await?;
    browser.is_at("医療機関の登録簿").await?;
    browser.sees("新橋サンプルクリニック").await?;
    browser.looks_right().await?;
    let search = "医療機関・薬局名または医療機関コード";
    browser.enter(search, "汐留サンプル歯科").await?;
    browser.press("絞り込む").await?;
    browser.sees("1件のうち1件を表示しています").await?;
    browser.press("変更").await?;
    browser.enter("電話番号", "1234").await?;
    browser.confirm().await?;
    ensure!(
        browser
            .error_of("institution-telephone")
            .await?
            .contains("市外局番")
    );
    browser.looks_right().await?;
    browser.enter("電話番号", "03-0000-9999").await?;
    browser.confirm().await?;
    browser.sees("03-0000-9999").await?;

    browser.press("医療機関・薬局を追加").await?;
    browser.enter("医療機関コード", CLINIC).await?;
    browser.enter("医療機関・薬局名", "架空内科").await?;
    browser.enter("電話番号", "03-0000-8888").await?;
    browser.enter("メールアドレス", "kakuu@example.jp").await?;
    browser.confirm().await?;
    let error = browser.error_of("institution-code").await?;
    ensure!(error.contains("すでに登録されています"), "{error}");
    browser.enter("医療機関コード", "1319999990").await?;
    browser.sees("検証番号が合いません").await?;
    browser.confirm().await?;
    browser.sees("架空内科").await?;
    browser.sees("1件のうち1件を表示しています").await?;

    let file = folder.path().join("register.csv");
    let header = "医療機関コード,医療機関名,電話番号,メールアドレス";
    fs::write(
        &file,
        format!("{header}\n1319999981,一つ目,03-0000-7777,a@example.jp\n12,二つ目,03,b\n"),
    )?;
    let path = file.to_str().context("the path is not UTF-8")?;
    let input = browser.find("//input[@type='file']").await?;
    input.send_keys(path).await?;
    browser.press("取り込む").await?;
    browser
        .sees("1行に誤りがあるため、何も取り込んでいません")
        .await?;
    browser.sees("3行目：").await?;
    browser.looks_right().await?;
    // In the encoding of spreadsheets here.
    let bytes = b"\x88\xe3\x97\xc3\x8b@\x8a\xd6\x83R\x81[\x83h,\x88\xe3\x97\xc3\x8b@\x8a\xd6\x96\
          \xbc,\x93d\x98b\x94\xd4\x8d\x86,\x83\x81\x81[\x83\x8b\x83A\x83h\x83\x8c\x83X\r\n\
          1319999981,\x88\xea\x82\xc2\x96\xda,03-0000-7777,a@example.jp\r\n";
    fs::write(&file, bytes)?;
    input.send_keys(path).await?;
    browser.press("取り込む").await?;
    browser.sees("追加1件、変更0件、変更なし0件。").await?;
    browser.enter(search, "一つ目").await?;
    browser.press("絞り込む").await?;
    browser.sees("03-0000-7777").await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn the_console_is_for_operators() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser
        .is_gone("//a[normalize-space(.)='申請の一覧']")
        .await?;
    for path in ["/operator", "/operator/institutions"] {
        browser.go(&format!("{}{path}", stack.address())).await?;
        browser.sees("この操作を行う権限がありません").await?;
    }
    browser.close_after_failed_requests().await
}
