//! Measures the search form as somebody meets it, for `cargo xtask bench`, which builds what
//! this needs and says where it is:
//!
//! - from the first request to a form that can be used, of the page and of the same form in
//!   JavaScript (`bench/form`), in turns, on a slow processor and a slow line;
//! - from 「検索」 to the painted list, and the server's part of it, on this machine as it is.
//!
//! Prints a line for each figure: its name and its value.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks through its terminal"
)]

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use tests::{Browser, Stack};

/// How often each form is loaded.
const LOADS: usize = 5;
/// How often is searched.
const SEARCHES: usize = 31;

/// What the page is like at an institution with an old machine and a poor line: as `Lighthouse`
/// does it.
const SLOWER: u32 = 4;
const BYTES_PER_SECOND: u32 = 1_600_000 / 8;
const LATENCY_MILLISECONDS: u32 = 150;

const PAGE: &str = "/emergency/search";
const IN_JAVASCRIPT: &str = "/bench/form/index.html";

/// One search, in milliseconds.
#[derive(Debug, Deserialize)]
struct Searched {
    /// From 「検索」 to the painted list.
    total: f64,
    /// The server's part, with the way to it.
    server: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let stack = Stack::start_with(&["--without-rate-limits"])
        .await?
        .opened()?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.run_before_pages(include_str!("marks.js")).await?;
    let mut searches = search(&browser, &stack).await?;
    searches.sort_by(|one, other| page_part(one).total_cmp(&page_part(other)));
    if let Some(middle) = searches.get(searches.len() / 2) {
        println!("search_total_ms {:.3}", middle.total);
        println!("search_server_ms {:.3}", middle.server);
    }
    slow_down(&browser).await?;
    let (mut page, mut in_javascript) = (Vec::new(), Vec::new());
    for _ in 0..LOADS {
        page.push(load(&browser, &stack, PAGE).await?);
        in_javascript.push(load(&browser, &stack, IN_JAVASCRIPT).await?);
    }
    println!("first_form_ms {:.3}", median(page));
    println!("first_form_javascript_ms {:.3}", median(in_javascript));
    Ok(())
}

fn page_part(searched: &Searched) -> f64 {
    searched.total - searched.server
}

/// Searches for who is listed with another one, again and again.
async fn search(browser: &Browser, stack: &Stack) -> Result<Vec<Searched>> {
    browser.go(&format!("{}{PAGE}", stack.address())).await?;
    browser.search_taro("東京都").await?;
    browser.candidates().await?;
    let mut searches = Vec::new();
    for _ in 0..SEARCHES {
        browser.script::<Value>("measureSearch()").await?;
        browser.until("return window.searched !== null").await?;
        searches.push(browser.script("return window.searched").await?);
    }
    Ok(searches)
}

async fn slow_down(browser: &Browser) -> Result<()> {
    browser.keeps_nothing().await?;
    for (command, arguments) in [
        (
            "Network.emulateNetworkConditions",
            json!({
                "offline": false,
                "latency": LATENCY_MILLISECONDS,
                "downloadThroughput": BYTES_PER_SECOND,
                "uploadThroughput": BYTES_PER_SECOND,
            }),
        ),
        ("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })),
    ] {
        browser.devtools(command, arguments).await?;
    }
    Ok(())
}

/// From the first request to a form that can be used, in milliseconds.
async fn load(browser: &Browser, stack: &Stack, path: &str) -> Result<f64> {
    browser.go("about:blank").await?;
    browser.go(&format!("{}{path}", stack.address())).await?;
    browser.until("return window.usable !== null").await?;
    let usable: f64 = browser.script("return window.usable").await?;
    ensure!(usable > 0.0, "the clock of {path} does not run");
    Ok(usable)
}

/// The middle one; nothing's is nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
