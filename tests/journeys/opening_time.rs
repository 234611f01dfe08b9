//! 自動終了: the time of an opening is over in the middle of everybody's work.

use anyhow::ensure;
use tests::{Browser, Stack};

const FUNCTION: &str = "緊急時医療情報・資格確認機能";
const OVER: &str = "開放は終了しました";
const WHY: &str = "に満了したため、自動終了しました";
/// For how long [`Stack::start_opened`] opens the function.
const HOURS: i64 = 24;

#[tokio::test]
async fn an_opening_that_ends_by_time_says_so_on_every_page_and_loses_nothing() -> anyhow::Result<()>
{
    let stack = Stack::start_opened().await?;
    let searcher = Browser::logged_in(&stack, "staff").await?;
    searcher.go_to_search().await?;
    searcher.search_taro("東京都").await?;
    assert_eq!(searcher.candidates().await?.1.len(), 2);
    // A second search is being typed while the list of the first one stands.
    searcher.enter("住所", "東京都港区").await?;
    let admin = Browser::logged_in(&stack, "admin").await?;
    admin.press(FUNCTION).await?;
    admin.is_at(FUNCTION).await?;
    admin.sees("開放中です").await?;
    let password = stack.add_account("staff2", "staff", "1311234569")?;
    let noting = Browser::start().await?;
    noting.go(&stack.address()).await?;
    noting.log_in("staff2", &password).await?;
    noting.is_at("メニュー").await?;
    noting.go_to_notebook().await?;
    noting.note_many(40).await?;
    noting.enter_taro("書きかけ").await?;
    noting.press("まとめて照会（40件）").await?;
    noting
        .until("return document.querySelector('progress')?.value >= 2")
        .await?;

    stack.pass_hours(HOURS)?;
    for browser in [&searcher, &admin] {
        browser.sees(OVER).await?;
        browser.sees(WHY).await?;
    }
    noting.sees("照会を止めました").await?;
    noting
        .sees("緊急時医療情報・資格確認機能は開放されていません")
        .await?;
    noting.is_gone("//progress").await?;

    // The list can still be read, and nobody's words are lost.
    assert_eq!(searcher.candidates().await?.1.len(), 2);
    assert_eq!(searcher.text_of("氏名").await?, "新橋 太郎");
    assert_eq!(searcher.text_of("住所").await?, "東京都港区");
    searcher.press("検索").await?;
    searcher.sees("開放されていません").await?;
    assert_eq!(searcher.text_of("住所").await?, "東京都港区");
    assert_eq!(noting.text_of("住所").await?, "書きかけ");
    let counts = noting.note_counts().await?;
    ensure!(
        counts.contains("確認済") && counts.contains("未照会"),
        "what was asked has its outcome, the rest is there: {counts}"
    );
    ensure!(noting.kept_notes().await?.len() == 40);
    for browser in [&searcher, &admin, &noting] {
        browser.is_accessible().await?;
    }

    admin.find("//button[@id='request']").await?;
    admin.press("メニュー").await?;
    let ended = admin.trail_of("開放の終了").await?;
    let expected = [("－".to_owned(), "自動終了（期間の満了）".to_owned())];
    assert_eq!(ended, expected, "nobody ended it, and once");
    searcher.close_after_failed_requests().await?;
    noting.close_after_failed_requests().await?;
    admin.close_after_failed_requests().await
}
