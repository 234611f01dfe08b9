//! Measures the search form as somebody meets it, for `cargo xtask bench`, which builds what
//! this needs and says where it is:
//!
//! - from the first request to a form that can be used, of the page and of the same form in
//!   JavaScript (`bench/form`), in turns, on a slow processor and a slow line. Each has the line
//!   to itself: the page goes on to fetch its other parts over all connections that a browser
//!   opens to a service, and whoever is loaded meanwhile waits for them, page or not;
//! - from 「検索」 to the painted list, and the server's part of it, on this machine as it is.
//!
//! Prints a line for each figure: its name and its value.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks through its terminal"
)]

use anyhow::{Result, ensure};
use clap::Parser;
use serde::Deserialize;
use serde_json::{Value, json};
use tests::{Browser, Stack};

/// How often each form is loaded.
const ROUNDS: usize = 5;
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

/// One form.
#[derive(Debug, Deserialize)]
struct Load {
    /// From the first request until it can be used, in milliseconds.
    usable: f64,
    /// What it asks for, by the inputs' names.
    fields: Vec<String>,
}

/// Measures the search form in a browser.
#[derive(Debug, Parser)]
struct Arguments {
    /// How often each form is loaded: an odd number, for the middle one
    #[arg(long, default_value_t = ROUNDS)]
    rounds: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { rounds } = Arguments::parse();
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
    for round in 0..rounds {
        // Each comes as often after itself as after the other one.
        let mut forms = [(PAGE, &mut page), (IN_JAVASCRIPT, &mut in_javascript)];
        if !round.is_multiple_of(2) {
            forms.reverse();
        }
        for (path, loads) in forms {
            loads.push(load(&browser, &stack, path).await?);
        }
    }
    ensure_alike(&page, &in_javascript)?;
    println!("first_form_ms {:.3}", median(&page));
    println!("first_form_javascript_ms {:.3}", median(&in_javascript));
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

/// Loads a form, and waits until its page fetches nothing more.
async fn load(browser: &Browser, stack: &Stack, path: &str) -> Result<Load> {
    browser.go("about:blank").await?;
    browser.go(&format!("{}{path}", stack.address())).await?;
    browser.until("return window.usable !== null").await?;
    let load: Load = browser
        .script("return { usable: window.usable, fields: formFields() }")
        .await?;
    ensure!(load.usable > 0.0, "the clock of {path} does not run");
    browser.until("return isQuiet()").await?;
    Ok(load)
}

/// Whether what is compared asks for the same.
fn ensure_alike(page: &[Load], in_javascript: &[Load]) -> Result<()> {
    let fields = |loads: &[Load]| loads.first().map(|load| load.fields.clone());
    let (one, other) = (fields(page), fields(in_javascript));
    ensure!(
        one == other,
        "{PAGE} asks for {one:?}, {IN_JAVASCRIPT} for {other:?}"
    );
    Ok(())
}

/// The middle one, in milliseconds; nothing's is nothing.
fn median(loads: &[Load]) -> f64 {
    let mut times: Vec<f64> = loads.iter().map(|load| load.usable).collect();
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
