//! One reader that the page drives itself, and several pages, or one that nobody looks at: one has
//! it at a time, and whoever leaves it leaves it closed, with its field off.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use tests::fakes::{FakeReader, Port};
use tests::{Browser, Stack};

/// How often a page has opened the reader.
async fn opened(browser: &Browser) -> anyhow::Result<usize> {
    let log: Vec<String> = browser.script("return fakes.log").await?;
    Ok(log.iter().filter(|what| *what == "open").count())
}

/// A frozen page can ask nothing of the service.
async fn freeze(browser: &Browser, state: &str) -> anyhow::Result<()> {
    browser
        .devtools("Page.setWebLifecycleState", json!({ "state": state }))
        .await
        .map(drop)
}

#[tokio::test]
async fn two_pages_do_not_fight_over_a_reader() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for reader in [FakeReader::RcS380, FakeReader::Baltech] {
        let browser = Browser::reader_screen_with(&stack, reader).await?;
        let first = browser.another_tab(&Port::used(reader)).await?;
        let second = browser.driver().window().await?;
        browser.go(&format!("{}/reader", stack.address())).await?;
        browser.shows("trouble").await?;
        browser.sees("が使っています").await?;
        browser.is_accessible().await?;
        ensure!(opened(&browser).await? == 0, "opened beside its holder");
        browser.press("この画面で使う").await?;
        browser.shows("normal").await?;
        browser.go_to_tab(&first).await?;
        browser.shows("trouble").await?;
        browser.sees("が使っています").await?;
        browser.reader_is_left().await?;
        // It waits, and does not take it back.
        tokio::time::sleep(Duration::from_secs(5)).await;
        ensure!(opened(&browser).await? == 1, "the first takes it back");
        browser.shows("trouble").await?;
        browser.go_to_tab(&second).await?;
        browser.shows("normal").await?;
        ensure!(opened(&browser).await? == 1, "the second has lost it");
        // The end of its page frees it.
        browser.driver().close_window().await?;
        browser.go_to_tab(&first).await?;
        browser.shows("normal").await?;
        browser.place_card("valid").await?;
        browser.notices_card(true).await?;
        browser.close_after_failed_requests().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_frozen_page_gives_its_reader_away() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for reader in [FakeReader::RcS300, FakeReader::Baltech] {
        let browser = Browser::reader_screen_with(&stack, reader).await?;
        freeze(&browser, "frozen").await?;
        freeze(&browser, "active").await?;
        // Left when it was frozen, and taken again by itself.
        browser
            .until("return fakes.log.filter(what => what === 'open').length === 2")
            .await?;
        let log: Vec<String> = browser.script("return fakes.log").await?;
        ensure!(log.contains(&"close".to_owned()), "{log:?}");
        browser.shows("normal").await?;
        browser.place_card("valid").await?;
        browser.notices_card(true).await?;
        browser
            .close_after(&["Failed to load resource", "Only fetch keepalive is allowed"])
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_hidden_page_lets_its_reader_rest() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let browser = Browser::reader_screen_with(&stack, FakeReader::RcS380).await?;
    browser.is_minimised(true).await?;
    browser
        .script::<Option<bool>>("window.hiddenSince = performance.now()")
        .await?;
    // Half a minute, and a second for its timers, which are slow now.
    tokio::time::sleep(Duration::from_secs(20)).await;
    browser.shows("normal").await?;
    browser.shows("trouble").await?;
    browser.sees("カードリーダーを休ませています").await?;
    let seconds: f64 = browser
        .script("return (performance.now() - hiddenSince) / 1000")
        .await?;
    ensure!(seconds > 28.0, "it rests after {seconds} s");
    browser.reader_is_left().await?;
    browser.is_minimised(false).await?;
    browser.shows("normal").await?;
    browser.place_card("valid").await?;
    browser.notices_card(true).await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn a_page_that_goes_leaves_the_field_off() -> anyhow::Result<()> {
    let stack = Stack::start().await?;
    for reader in [
        FakeReader::RcS380,
        FakeReader::RcS300,
        FakeReader::RcS300ByBlocks,
    ] {
        let browser = Browser::reader_screen_with(&stack, reader).await?;
        browser.place_card("valid").await?;
        browser.notices_card(true).await?;
        // Loaded again: the card lies there still.
        browser.driver().refresh().await?;
        browser.shows("normal").await?;
        browser.notices_card(true).await?;
        ensure!(opened(&browser).await? == 1);
        // Another page, and back.
        browser.go(&stack.address()).await?;
        browser.is_at("ログイン").await?;
        browser.field_was_left_off().await?;
        browser.driver().back().await?;
        browser.notices_card(true).await?;
        // A closed tab.
        let first = browser.another_tab(&Port::used(reader)).await?;
        let second = browser.driver().window().await?;
        browser.go(&stack.address()).await?;
        browser.go_to_tab(&first).await?;
        browser.driver().close_window().await?;
        browser.go_to_tab(&second).await?;
        browser.field_was_left_off().await?;
        browser.close_after_failed_requests().await?;
    }
    Ok(())
}
