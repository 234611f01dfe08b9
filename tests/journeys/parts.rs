//! Parts of the page that are loaded when they are wanted: that they come, and only then,
//! and what is said when they don't.

use tests::{Browser, Stack};

const FAILED: &str = "画面の一部を読み込めませんでした";
const AGAIN: &str = "もう一度読み込む";

/// What the console says of a part that could not be fetched, besides the failed request.
const FETCH_FAILED: &str = "Failed to fetch";
const FAILED_REQUEST: &str = "Failed to load resource";

/// The parts that the browser has fetched, without what they share, and without 控え: that one
/// comes by itself some time after each log-in.
async fn parts(browser: &Browser) -> anyhow::Result<Vec<String>> {
    let script = "return performance.getEntriesByType('resource')
         .map(entry => /\\/split_(\\w+)\\.wasm$/.exec(entry.name)).filter(found => found)
         .map(found => found[1]).filter(name => name !== 'notebook').sort()";
    browser.script(script).await
}

#[tokio::test]
async fn a_part_comes_when_it_is_wanted() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    // What tells the whole tab whether one may search.
    browser.sees("開放中").await?;
    assert_eq!(parts(&browser).await?, ["emergency"]);

    browser.go_to_search().await?;
    browser
        .until("return performance.getEntriesByType('resource').some(entry => entry.name.endsWith('/split_eligibility.wasm'))")
        .await?;
    let before = ["eligibility", "emergency"];
    assert_eq!(parts(&browser).await?, before, "before a search");
    browser
        .find("(//button[contains(., 'カレンダー')])[1]")
        .await?
        .click()
        .await?;
    browser.find("//*[@id='calendar-day']").await?;
    browser
        .until("return document.activeElement.id === 'calendar-day'")
        .await?;
    browser.press("閉じる").await?;
    assert_eq!(
        parts(&browser).await?,
        ["calendar", "eligibility", "emergency"]
    );

    browser.go(&format!("{}/accounts", stack.address())).await?;
    browser.is_at("アカウント情報管理").await?;
    browser.press("メニュー").await?;
    browser.sees("開放中").await?;
    let fetched = ["administration", "emergency"];
    assert_eq!(parts(&browser).await?, fetched);
    browser.press("監査証跡").await?;
    browser.is_at("監査証跡").await?;
    assert_eq!(parts(&browser).await?, fetched, "fetched once");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_part_that_can_not_be_loaded_is_tried_again() -> anyhow::Result<()> {
    let mut stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser.keeps_nothing().await?;
    stack.kill_server()?;
    browser.press("アカウント情報管理").await?;
    browser.sees(FAILED).await?;
    browser.is_at("アカウント情報管理").await?;
    browser.is_accessible().await?;
    for (width, height) in [(1280, 800), (640, 400), (360, 740)] {
        browser.fits(width, height).await?;
    }

    browser.press(AGAIN).await?;
    browser
        .until("return document.activeElement.id === 'load-again'")
        .await?;
    browser.sees(AGAIN).await?;
    browser.sees("page_part").await?;

    stack.start_server()?;
    browser.press(AGAIN).await?;
    browser.sees("アカウントの作成").await?;
    browser.is_gone("//*[@id='load-again']").await?;
    browser.close_after(&[FAILED_REQUEST, FETCH_FAILED]).await
}

#[tokio::test]
async fn the_calendar_that_can_not_be_loaded_leaves_the_field_as_it_is() -> anyhow::Result<()> {
    let mut stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.enter("生年月日", "2021/3/26").await?;
    browser.keeps_nothing().await?;
    stack.kill_server()?;
    let button = browser
        .find("(//button[contains(., 'カレンダー')])[1]")
        .await?;
    button.click().await?;
    browser.sees(FAILED).await?;
    browser.is_accessible().await?;
    stack.start_server()?;
    browser.press(AGAIN).await?;
    browser.find("//*[@id='calendar-day']").await?;
    browser.press("閉じる").await?;
    assert_eq!(browser.text_of("生年月日").await?, "2021/3/26");
    browser.close_after(&[FAILED_REQUEST, FETCH_FAILED]).await
}

#[tokio::test]
async fn a_part_that_is_no_more_leads_to_the_newer_page() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::logged_in(&stack, "admin").await?;
    browser
        .script::<()>("document.querySelector('meta[name=x-shikaku-version]').content = 'older'")
        .await?;
    // As if this page were of an older service: the file is not there.
    browser
        .script::<()>("const get = window.fetch;
             window.fetch = (what, how) => get(String(what).replace('split_administration', 'split_old'), how)")
        .await?;
    browser.press("監査証跡").await?;
    browser.sees(FAILED).await?;
    browser
        .sees("新しいバージョンがあります。再読み込みしてください")
        .await?;
    browser.is_accessible().await?;
    browser.press("再読み込み").await?;
    browser.is_at("監査証跡").await?;
    browser.find("//table[not(@id='errors')]").await?;
    browser
        .close_after(&[
            FAILED_REQUEST,
            "Incorrect response MIME type",
            "HTTP status code is not ok",
        ])
        .await
}
