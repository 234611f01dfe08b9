//! A disaster in a region: a thousand institutions ask at once.

use std::fs;

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use tests::{Browser, Stack};

const COUNT: u32 = 1_000;
/// How many requests are entered by one script: it may not run for as long as all of them take.
const AT_ONCE: u32 = 250;
/// Two are called by hand, and as many by the page's own requests that they are as many as a
/// page shows.
const CALLED: u32 = 100;

/// The register of so many institutions, as a spreadsheet leaves it.
fn register(count: u32) -> String {
    let rows = (0..count).map(|number| {
        let code = 1_310_000_000 + number * 10;
        format!("{code},第{number}医院,03-0000-{number:04},a{number}@example.jp\r\n")
    });
    let head = "医療機関コード,医療機関名,電話番号,メールアドレス\r\n".to_owned();
    std::iter::once(head).chain(rows).collect()
}

/// Enters a request for each of them, at no more than the service lets a session ask.
async fn request_all(browser: &Browser, count: u32) -> anyhow::Result<()> {
    for from in (0..count).step_by(AT_ONCE as usize) {
        let to = (from + AT_ONCE).min(count);
        let script = format!(
            "for (let number = {from}; number < {to}; number++) {{
               const body = JSON.stringify({{
                 medical_institution_code: String(1310000000 + number * 10),
                 contact: '資格', cause: 'disaster', remark: '' }});
               const answer = await fetch('/api/operator/openings',
                 {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, body }});
               if (!answer.ok) throw new Error(await answer.text());
               await new Promise(resolve => setTimeout(resolve, 60));
             }}"
        );
        browser.script::<()>(&script).await?;
    }
    Ok(())
}

/// Records the calls to those of the first page that nobody has called yet.
async fn call_the_first_page(browser: &Browser) -> anyhow::Result<()> {
    browser
        .script(
            "const page = await (await fetch('/api/operator/openings')).json();
             for (const { id, stage } of page.openings) {
               if (stage !== 'requested') continue;
               const answer = await fetch(`/api/operator/openings/${id}/acts`,
                 { method: 'POST', headers: { 'content-type': 'application/json' },
                   body: JSON.stringify({ call_back: { spoken_to: '受付' } }) });
               if (!answer.ok) throw new Error(await answer.text());
               await new Promise(resolve => setTimeout(resolve, 60));
             }",
        )
        .await
}

/// How many rows are on the page.
async fn rows(browser: &Browser) -> anyhow::Result<u32> {
    browser
        .script("return document.querySelectorAll('#openings tbody tr').length")
        .await
}

/// The button of a stage, with its count.
async fn counts(browser: &Browser, stage: &str, count: u32) -> anyhow::Result<()> {
    let button = format!(
        "//button[starts-with(., {stage:?})]/span[@class='stages__count'][normalize-space(.)='{count}']"
    );
    browser.find(&button).await.map(drop)
}

async fn choose_stage(browser: &Browser, stage: &str) -> anyhow::Result<()> {
    let button = format!("//button[starts-with(., {stage:?})]");
    Ok(browser.find(&button).await?.click().await?)
}

async fn narrow_by(browser: &Browser, text: &str) -> anyhow::Result<()> {
    let field = "医療機関・薬局名または医療機関コード";
    browser.enter(field, text).await?;
    browser.press("絞り込む").await
}

/// Takes a step for all that are chosen, with the one reason.
async fn take_together(browser: &Browser, step: &str) -> anyhow::Result<()> {
    browser.press(&format!("すべて（{COUNT}件）を選択")).await?;
    browser.sees(&format!("{COUNT}件を選択しています")).await?;
    browser.press(step).await?;
    browser
        .sees(&format!("{COUNT}件に「{step}」を行いますか"))
        .await?;
    browser.confirm().await?;
    ensure!(browser.error_of("bulk-reason").await? == "入力してください");
    browser.is_accessible().await?;
    browser.enter("理由", "地域の停電").await?;
    browser.confirm().await?;
    let left = COUNT - CALLED;
    browser
        .sees(&format!(
            "「{step}」を{CALLED}件に行いました。{left}件には行えませんでした"
        ))
        .await?;
    browser.sees("先に「電話確認を記録」してください").await?;
    browser.sees("結果をコピー").await
}

#[tokio::test]
async fn a_thousand_are_shown_by_pages_and_taken_a_step_together() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let folder = TempDir::new()?;
    let browser = Browser::logged_in(&stack, "operator").await?;
    let file = folder.path().join("register.csv");
    fs::write(&file, register(COUNT))?;
    browser.go_by(&["申請の一覧", "医療機関の登録簿"]).await?;
    browser
        .choose_file(file.to_str().context("the path is not UTF-8")?)
        .await?;
    browser.press("取り込む").await?;
    browser
        .sees(&format!("追加{COUNT}件、変更0件、変更なし0件。"))
        .await?;
    browser.go_by(&["申請の一覧"]).await?;
    request_all(&browser, COUNT).await?;
    // They come by themselves, and only a page of them is on the page.
    browser.sees(&format!("{COUNT}件のうち100件を")).await?;
    ensure!(rows(&browser).await? == 100);
    counts(&browser, "電話確認待ち", COUNT).await?;
    browser.looks_right().await?;
    browser.press("さらに表示").await?;
    browser.sees(&format!("{COUNT}件のうち200件を")).await?;

    // A name, a code, and what there is none of.
    for (text, found) in [
        ("第777医院", 1),
        ("1310007770", 1),
        ("第99", 11),
        ("架空", 0),
    ] {
        narrow_by(&browser, text).await?;
        if found == 0 {
            browser.sees("該当する申請はありません").await?;
        } else {
            browser.sees(&format!("{found}件のうち{found}件を")).await?;
        }
    }
    narrow_by(&browser, "").await?;
    browser.sees(&format!("{COUNT}件のうち100件を")).await?;

    // Some are led on; the others are not ready, and hold up none of them.
    for name in ["第3医院", "第7医院"] {
        browser.press(name).await?;
        browser
            .take_step("電話確認を記録", Some(("話した相手の名前", "受付")))
            .await?;
        browser.go_by(&["申請の一覧"]).await?;
        browser.sees(&format!("{COUNT}件のうち")).await?;
    }
    call_the_first_page(&browser).await?;
    counts(&browser, "報告書の送付待ち", CALLED).await?;
    for (step, stage) in [("利用報告書を送付", "開放待ち"), ("開放する", "開放中")]
    {
        take_together(&browser, step).await?;
        counts(&browser, stage, CALLED).await?;
        counts(&browser, "電話確認待ち", COUNT - CALLED).await?;
        browser.looks_right().await?;
    }
    choose_stage(&browser, "開放中").await?;
    browser
        .sees(&format!("{CALLED}件のうち{CALLED}件を"))
        .await?;
    choose_stage(&browser, "対応が必要なすべて").await?;
    narrow_by(&browser, "第7医院").await?;
    browser
        .find("//table[@id='openings']//tr[contains(., '第7医院')][contains(., '開放中')]")
        .await?;
    browser.close_after_failed_requests().await
}
