//! One reading of one card: `card`'s session, driven over a [`Channel`].

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use card::jpki::{Limits, PresentedCard, ReadError, Reading, Step};

use crate::medium::{Channel, Trouble};

/// More commands than any card needs, at one byte an answer even; it ends a reading that
/// a broken card would keep up for ever.
const MOST_COMMANDS: u32 = 10_000;

/// What is shared with whoever waits for a reading.
#[derive(Debug, Default)]
pub struct Watch {
    /// Set to end it before the next command.
    pub is_cancelled: AtomicBool,
    /// Commands sent to the card so far.
    pub sent: AtomicU32,
}

/// Why a card was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It could not be talked to.
    Trouble(Trouble),
    /// It is not what was wanted.
    Card(ReadError),
    /// Nobody wants it any more.
    Cancelled,
    /// The machine was asleep, or the card answered without an end.
    Endless,
}

/// A card that was read.
#[derive(Debug)]
pub struct Read {
    /// What it said.
    pub card: PresentedCard,
    /// How long its answers took.
    pub card_time: Duration,
}

/// Reads the card. Every command is sent once, whatever happens.
pub fn read(channel: &mut dyn Channel, with_ca: bool, watch: &Watch) -> Result<Read, Failed> {
    let mut card_time = Duration::ZERO;
    // 0 stands for 256 bytes in an answer, which PC/SC bears.
    let (mut reading, mut command) = Reading::start(Limits { chunk: 0, with_ca });
    for _ in 0..MOST_COMMANDS {
        if watch.is_cancelled.load(Ordering::Relaxed) {
            return Err(Failed::Cancelled);
        }
        watch.sent.fetch_add(1, Ordering::Relaxed);
        let sent = Instant::now();
        let answer = channel.transmit(command.as_bytes());
        card_time += sent.elapsed();
        match reading.answer(&answer.map_err(Failed::Trouble)?) {
            Ok(Step::Transmit(next, then)) => (reading, command) = (next, then),
            Ok(Step::Done(card)) => return Ok(Read { card, card_time }),
            Err(error) => return Err(Failed::Card(error)),
        }
    }
    Err(Failed::Endless)
}
