//! From the card that is placed to the eligibility on the terminal's screen: two browsers,
//! the service and the bridge as they are delivered, with a simulated card that answers at
//! once. The consents are a person's act: they are answered at once, and what passes between
//! the questions on the screen and 「決定」 is not counted.

use anyhow::Result;
use serde_json::Value;
use tests::{Bridge, Browser, Stack};

use super::marks::{Marks, Split};
use super::{Figure, median};

/// After the first, which loads what the terminal had no use for before.
/// Rounds unless another number is asked for.
pub(super) const ROUNDS: usize = 15;

const READERS: &str = "顔認証付きカードリーダー操作";
const PLACE: &str = "
    measure('consents', \"main[data-view='consents'] h1\");
    for (const button of document.querySelectorAll('button'))
      if (button.textContent === '有効なカードを置く') button.click();";
const ANSWER: &str = "
    const buttons = [...document.querySelectorAll('button')];
    const named = name => buttons.filter(button => button.textContent.trim() === name);
    named('同意する').forEach(button => button.click());
    measured.moments.decided = performance.timeOrigin + performance.now();
    named('決定').forEach(button => button.click());";
const LISTEN: &str = "measure('result', '.judgement__label')";

/// Measures so many patients, one after the other.
pub(super) async fn measure(rounds: usize) -> Result<Vec<Figure>> {
    let stack = Stack::start_with(&["--without-rate-limits"]).await?;
    let _bridge = Bridge::start(&stack).await?;
    let screen = Browser::reader_screen(&stack).await?;
    let desk = Browser::logged_in(&stack, "staff").await?;
    for browser in [&screen, &desk] {
        browser.run_before_pages(include_str!("marks.js")).await?;
    }
    screen.go(&format!("{}/reader", stack.address())).await?;
    screen.shows("normal").await?;
    desk.go(&stack.address()).await?;
    desk.is_at("メニュー").await?;
    desk.press(READERS).await?;

    let first = patient(&screen, &desk).await?;
    let mut splits = Vec::new();
    for _ in 0..rounds {
        splits.push(patient(&screen, &desk).await?);
    }
    let middle = |part: fn(&Split) -> f64| median(splits.iter().map(part).collect());
    Ok(vec![
        ("card_ms", middle(|split| split.card)),
        ("bridge_ms", middle(|split| split.bridge)),
        ("server_ms", middle(|split| split.server)),
        ("render_ms", middle(|split| split.render)),
        ("to_consents_ms", middle(|split| split.to_consents)),
        ("to_result_ms", middle(|split| split.to_result)),
        ("total_ms", middle(|split| split.total())),
        ("first_total_ms", first.total()),
    ])
}

/// One patient, from 「目視確認」 to the taken card.
async fn patient(screen: &Browser, desk: &Browser) -> Result<Split> {
    desk.is_at(READERS).await?;
    let address = desk.begin_at_terminal().await?;
    desk.tick(&address, true).await?;
    screen.shows("place").await?;
    desk.script::<Value>(LISTEN).await?;
    screen.script::<Value>(PLACE).await?;
    screen
        .until("return measured.moments.consents !== undefined")
        .await?;
    screen.script::<Value>(ANSWER).await?;
    desk.until("return measured.moments.result !== undefined")
        .await?;
    let noted = "return measured";
    let (shown, told) = (
        screen.script::<Marks>(noted).await?,
        desk.script::<Marks>(noted).await?,
    );
    screen.press("カードを取る").await?;
    screen.shows("normal").await?;
    desk.press("カードリーダー操作に戻る").await?;
    Split::of(&shown, &told)
}
