//! Reading a card through each reader that the page drives itself: a reader in the page that
//! takes as long as the model of `card::virtual_reader::cost` says, so that the card's own time is known. What the
//! browser itself takes between a page and a real device is not in it.

use anyhow::Result;
use serde::Deserialize;
use serde_json::Value;
use tests::fakes::{FakeReader, Speed};
use tests::{Browser, Stack};

use super::{Figure, median};

/// Rounds unless another number is asked for.
pub(super) const ROUNDS: usize = 9;

/// Readers, and what their figures are called: all of it, the card's part, and the wires'.
const READERS: [(FakeReader, [&str; 3]); 3] = [
    (
        FakeReader::RcS380,
        ["rc_s380_ms", "rc_s380_card_ms", "rc_s380_wire_ms"],
    ),
    (
        FakeReader::RcS300,
        ["rc_s300_ms", "rc_s300_card_ms", "rc_s300_wire_ms"],
    ),
    (
        FakeReader::Baltech,
        ["baltech_ms", "baltech_card_ms", "baltech_wire_ms"],
    ),
];

/// Notes when the page hands the certificate in, and what reading it has cost.
const LISTEN: &str = "
    const nativeFetch = window.fetch;
    window.fetch = (input, init) => {
      const path = new URL(input.url ?? input, location).pathname;
      if (path.endsWith('/card')) {
        const at = performance.now();
        window.handedIn ??= { ...fakes.reading(), at };
      }
      return nativeFetch(input, init);
    }";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HandedIn {
    began_at: f64,
    at: f64,
    card_ms: f64,
    wire_ms: f64,
}

/// Measures each reader.
pub(super) async fn measure(rounds: usize) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (reader, names) in READERS {
        let stack = Stack::start_with(&["--without-rate-limits"]).await?;
        let desk = Browser::logged_in(&stack, "staff").await?;
        let screen = Browser::reader_screen_with(&stack, reader).await?;
        screen.script::<Value>(LISTEN).await?;
        screen.reader_answers(Speed::Modelled).await?;
        let mut readings = Vec::new();
        for _ in 0..=rounds {
            readings.push(reading(&screen, &desk).await?);
        }
        // The first loads what the page had no use for before.
        readings.remove(0);
        let middle = |part: fn(&HandedIn) -> f64| median(readings.iter().map(part).collect());
        figures.extend(names.into_iter().zip([
            middle(|reading| reading.at - reading.began_at),
            middle(|reading| reading.card_ms),
            middle(|reading| reading.wire_ms),
        ]));
        screen.close_after_failed_requests().await?;
        desk.close_after_failed_requests().await?;
    }
    Ok(figures)
}

/// One card, from its placing to its being taken away.
async fn reading(screen: &Browser, desk: &Browser) -> Result<HandedIn> {
    let address = desk.begin_at_terminal().await?;
    desk.tick(&address, true).await?;
    screen.shows("place").await?;
    screen
        .script::<Value>("window.handedIn = undefined")
        .await?;
    screen.place_card("valid").await?;
    screen.shows("consents").await?;
    let handed_in = screen.script("return handedIn").await?;
    desk.call("DELETE", &address, Value::Null).await?;
    screen.take_card().await?;
    screen.shows("normal").await?;
    Ok(handed_in)
}
