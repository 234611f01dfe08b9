//! The outcome of 「まとめて照会」 as a file for spreadsheets.

use std::fs;

use anyhow::ensure;
use tempfile::TempDir;
use tests::downloads::downloaded;
use tests::{Browser, Stack};

/// Notes somebody with a remark.
async fn note(browser: &Browser, name: &str, address: &str, remark: &str) -> anyhow::Result<()> {
    browser.enter_taro(address).await?;
    browser.enter("氏名", name).await?;
    browser.enter("備考", remark).await?;
    browser.press("控える").await?;
    browser
        .until("return document.getElementById('remark').value === ''")
        .await
}

#[tokio::test]
async fn outcomes_are_written_to_a_file_that_no_spreadsheet_takes_for_formulas()
-> anyhow::Result<()> {
    const COMMAND: &str = "=HYPERLINK(\"http://example.jp\",\"見る\")";
    let stack = Stack::start_opened().await?;
    let folder = TempDir::new()?;
    let browser = Browser::at_the_notebook(&stack, "staff").await?;
    browser.download_into(folder.path()).await?;
    note(&browser, "新橋 太郎", "皇居裏", COMMAND).await?;
    note(&browser, "新橋 太郎", "火星", "+81-3, 電話").await?;
    note(&browser, "@SUM(A1)", "火星", "普通の備考").await?;
    browser.press("まとめて照会（3件）").await?;
    browser.sees("照会が終わりました").await?;
    browser
        .note_counts_become("確認済 1件 該当なし 2件")
        .await?;
    browser.press("結果を書き出す（CSV）").await?;

    let file = folder.path().join("hikae.csv");
    let text = downloaded(&file).await?;
    ensure!(
        fs::read(&file)?.starts_with(b"\xef\xbb\xbf\"\xe6\x8e\xa7"),
        "UTF-8 with a byte order mark, as spreadsheets here take it: {text}"
    );
    let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
    ensure!(
        lines.len() == 4 && !text.replace("\r\n", "").contains('\n'),
        "{text}"
    );
    let of = |part: &str| {
        let lines: Vec<_> = lines.iter().filter(|line| line.contains(part)).collect();
        ensure!(lines.len() == 1, "{part}: {text}");
        Ok(*lines[0])
    };
    let found = of("\"確認済\"")?;
    for part in [
        "\"新橋 太郎\"",
        "\"2021/03/26\"",
        "\"男\"",
        "\"皇居裏\"",
        "\"北海道新橋健康保険組合\"",
        "\"有効\"",
        "\"'=HYPERLINK(\"\"http://example.jp\"\",\"\"見る\"\")\"",
    ] {
        ensure!(found.contains(part), "{part} is not in {found}");
    }
    ensure!(of("\"'+81-3, 電話\"")?.contains("\"該当なし\""), "{text}");
    ensure!(of("\"普通の備考\"")?.contains("\"'@SUM(A1)\""), "{text}");
    for start in ["=", "+", "-", "@"] {
        ensure!(
            !text.contains(&format!("\"{start}")),
            "{start} begins a cell: {text}"
        );
    }
    browser.close_after_failed_requests().await
}
