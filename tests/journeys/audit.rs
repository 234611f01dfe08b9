//! 「監査証跡」: an administrator sees what was done, and staff don't.

use anyhow::{Context as _, ensure};
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
    let stack = Stack::start().await?;
    let staff = Browser::logged_in(&stack, "staff").await?;
    staff.go_to_search().await?;
    staff.search_taro("皇居裏１").await?;
    staff.is_at("資格情報確認").await?;
    staff.press("メニュー").await?;
    staff.is_at("メニュー").await?;
    staff.is_gone("//a[normalize-space(.)='監査証跡']").await?;
    staff.go(&format!("{}/audit", stack.address())).await?;
    staff.sees("監査証跡は、管理者だけが閲覧できます").await?;
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
        ["staff", "職員", "ログイン", "－"],
    ];
    assert_eq!(acts, expected);
    ensure!(
        rows[1][4] == rows[2][4] && rows[0][4] == "－",
        "whose information"
    );
    ensure!(rows[0][5] != rows[1][5], "two browsers are two devices");
    for (width, height) in [(1280, 800), (360, 740), (640, 400)] {
        browser.fits(width, height).await?;
    }
    browser.resize(1280, 800).await?;

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
    browser.enter("期間の始め", "2199/1/1").await?;
    browser.press("絞り込む").await?;
    browser.sees("条件に合う記録はありません").await?;
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
