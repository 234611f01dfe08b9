//! 「監査証跡」: an administrator sees what was done, and staff don't.

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use tests::downloads::downloaded;
use tests::{Browser, Stack};

impl Rows for Browser {
    async fn rows(&self) -> anyhow::Result<Vec<Vec<String>>> {
        self.find("//table[@id='audit']//tbody/tr").await?;
        let script = "return [...document.querySelectorAll('#audit tbody tr')]
           .map(row => [...row.cells].map(cell => cell.textContent))";
        self.script(script).await
    }
}

trait Rows {
    async fn rows(&self) -> anyhow::Result<Vec<Vec<String>>>;
}

#[tokio::test]
async fn an_administrator_sees_who_looked_at_whom() -> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let staff = Browser::logged_in(&stack, "staff").await?;
    staff.has_its_notebook_key().await?;
    staff.go_to_search().await?;
    staff.search_taro("皇居裏１").await?;
    staff.is_at("資格情報確認").await?;
    staff.press("メニュー").await?;
    staff.is_at("メニュー").await?;
    staff.is_gone("//a[normalize-space(.)='監査証跡']").await?;
    staff.go(&format!("{}/audit", stack.address())).await?;
    staff.sees("この操作を行う権限がありません").await?;
    staff.close_after_failed_requests().await?;

    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.press("監査証跡").await?;
    browser.is_at("監査証跡").await?;
    let rows = browser.rows().await?;
    let acts: Vec<_> = rows
        .iter()
        .map(|row| [&*row[1], &row[2], &row[3], &row[6]])
        .collect();
    let expected = [
        ["admin", "管理者", "ログイン", "－"],
        ["staff", "職員", "資格情報の閲覧", "有効"],
        ["staff", "職員", "資格情報の検索", "1人"],
        ["staff", "職員", "控えの鍵の作成", "－"],
        ["staff", "職員", "ログイン", "－"],
        // Before: the function was asked for.
        ["admin", "管理者", "ログアウト", "－"],
        ["admin", "管理者", "利用申請", "ネットワーク回線の障害"],
        ["admin", "管理者", "ログイン", "－"],
    ];
    assert_eq!(acts, expected);
    ensure!(
        rows[1][4] == rows[2][4] && rows[0][4] == "－",
        "whose information"
    );
    ensure!(rows[0][5] != rows[1][5], "two browsers are two devices");
    looks_right(&browser).await?;

    browser.enter("ユーザID", "staff").await?;
    browser
        .find("//select[@id='action']/option[.='資格情報の閲覧']")
        .await?
        .click()
        .await?;
    browser.press("絞り込む").await?;
    browser.sees("全部で1件です。").await?;
    browser.enter("期間の始め", "令和8年2月30日").await?;
    browser.press("絞り込む").await?;
    let error = browser.error_of("from").await?;
    ensure!(error.contains("2月は28日まで"), "{error}");
    looks_right(&browser).await?;
    browser.enter("期間の始め", "2199/1/1").await?;
    browser.press("絞り込む").await?;
    browser.sees("条件に合う記録はありません").await?;
    looks_right(&browser).await?;

    // Reading is in the trail, with what was asked for.
    browser.press("メニュー").await?;
    browser.press("監査証跡").await?;
    let rows = browser.rows().await?;
    let expected = [
        ["監査証跡の閲覧", "2199/01/01から、staff、資格情報の閲覧"],
        ["監査証跡の閲覧", "staff、資格情報の閲覧"],
        ["監査証跡の閲覧", "すべて"],
    ];
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!([&*row[3], &row[6]], expected);
    }
    stack.kill_server()?;
    browser.press("絞り込む").await?;
    browser.sees("サーバーに接続できませんでした").await?;
    looks_right(&browser).await?;
    stack.start_server()?;
    browser.press("もう一度読み込む").await?;
    browser.rows().await?;
    browser.close_after_failed_requests().await
}

/// From a phone to a wide screen, and for assistive technology.
async fn looks_right(browser: &Browser) -> anyhow::Result<()> {
    for (width, height) in [(360, 740), (640, 400), (1920, 1080), (1280, 800)] {
        browser.fits(width, height).await?;
        browser.is_accessible().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_long_trail_is_turned_page_by_page_and_written_to_a_file() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let folder = TempDir::new()?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.download_into(folder.path()).await?;
    browser.has_its_notebook_key().await?;
    // At no more than the service lets a session ask.
    browser
        .script::<()>(
            "for (let line = 0; line < 105; line++) {
               const answer = await fetch('/api/audit/export?action=logged_out');
               await answer.text();
               if (line > 40) await new Promise(resolve => setTimeout(resolve, 55));
             }",
        )
        .await?;
    browser.press("監査証跡").await?;
    browser.sees("新しい順に100件を表示しています。").await?;
    assert_eq!(browser.rows().await?.len(), 100);
    looks_right(&browser).await?;
    browser.press("さらに表示").await?;
    browser.sees("全部で107件です。").await?;
    let rows = browser.rows().await?;
    assert_eq!(rows.len(), 107);
    assert_eq!([&*rows[106][1], &rows[106][3]], ["admin", "ログイン"]);
    assert_eq!(rows[105][3], "控えの鍵の作成");
    browser.is_gone("//button[.='さらに表示']").await?;
    looks_right(&browser).await?;

    browser
        .find("//select[@id='action']/option[.='ログイン']")
        .await?
        .click()
        .await?;
    browser.press("絞り込む").await?;
    browser.sees("全部で1件です。").await?;
    browser.press("CSVで書き出す").await?;
    let file = downloaded(&folder.path().join("audit.csv")).await?;
    let lines: Vec<&str> = file.lines().collect();
    ensure!(lines[0].starts_with("\u{feff}番号,日時,ユーザID"), "{file}");
    ensure!(
        lines.len() == 2 && lines[1].contains(",admin,管理者,") && lines[1].contains(",ログイン,"),
        "what the conditions in force let through: {file}"
    );
    ensure!(lines[1].contains(&rows[106][5]), "the device: {file}");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn what_was_changed_in_the_store_shows() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let verified = String::from_utf8(stack.run(&["audit", "verify"])?.stdout)?;
    let head = verified
        .lines()
        .find_map(|line| line.strip_prefix("head: "))
        .context("no head")?;
    stack.run(&["audit", "verify", "--head", head])?;
    let other = "0".repeat(64).replacen('0', "1", 1);
    let refused = stack.run(&["audit", "verify", "--head", &other]);
    ensure!(refused.is_err_and(|error| error.to_string().contains("chain is broken")));
    Ok(())
}
