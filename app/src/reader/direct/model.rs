//! What is known of a reader that the page drives itself, and what follows from it: plain values.

#[cfg(test)]
mod tests;

use std::time::Duration;

use card::reader::{Found, ReaderError};
use protocol::bridge::CardGeneration;

use crate::reader::status::{Card, Status};
use crate::reader::way::Numbers;

/// How often something unclear has to be seen before it is called that.
const UNCLEAR: u8 = 3;
/// How often in a row the reader may fail before it is closed.
const FAILURES: u8 = 3;
/// The time before a reader that can't be used is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// A page that nobody has seen for so long lets the reader go, in milliseconds.
const HIDDEN: f64 = 30_000.0;
/// What a clock may go beyond the time that was slept, in milliseconds, before it was the machine
/// that slept.
const GAP: f64 = 5_000.0;

/// A reader and its card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Why it can't be used; `None` if it can.
    trouble: Option<Status>,
    card: Card,
    /// The number of the last placing.
    last: u64,
    unclear: u8,
    failures: u8,
}

/// Why a round is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// This page may use no device that is there; whether one was picked before.
    NoDevice { was_picked: bool },
    /// It was used until this happened.
    Failed(ReaderError),
    /// Something came between.
    Interrupted(Why),
}

/// What comes between a page and its reader, the weightiest last: it decides how the device is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// Nobody has seen the page for long.
    Hidden,
    /// The machine slept.
    Slept,
    /// Another page wants the device, and somebody there said so.
    Asked,
    /// The device was pulled out.
    Unplugged,
    /// Another page took it.
    Stolen,
    /// The page is left, or frozen: nothing can be waited for.
    Left,
}

/// How a device is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Manner {
    /// The field is switched off, the device closed and given back, one after the other.
    #[default]
    Release,
    /// The same, without waiting for any of it.
    Hurry,
    /// It is closed, and told nothing: it is gone, or somebody else's.
    Close,
}

impl Why {
    pub(super) const fn manner(self) -> Manner {
        match self {
            Self::Left => Manner::Hurry,
            Self::Unplugged | Self::Stolen => Manner::Close,
            Self::Hidden | Self::Slept | Self::Asked => Manner::Release,
        }
    }
}

/// What a failure of the reader leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It is released and started anew, after a pause.
    Anew(Duration),
    /// It is closed.
    Close,
}

impl Known {
    /// Nothing yet. Placings have numbers above `last`: a page never uses one twice, by
    /// whichever way the card was seen.
    pub(super) const fn new(last: u64) -> Self {
        Self {
            trouble: Some(Status::Connecting),
            card: Card::Absent,
            last,
            unclear: 0,
            failures: 0,
        }
    }

    pub(super) fn status(&self) -> Status {
        self.trouble.clone().unwrap_or(Status::Ready {
            card: self.card,
            is_simulated: false,
        })
    }

    /// It can't be used for now, and why.
    pub(super) fn can_not(&mut self, trouble: Status) {
        self.trouble = Some(trouble);
        self.card = Card::Absent;
        self.unclear = 0;
    }

    /// It is looked for or opened, unless there is something worse to say until it has been.
    pub(super) fn tries(&mut self) {
        if !matches!(
            self.trouble,
            Some(Status::NotResponding | Status::Occupied | Status::Absent | Status::DeviceWanted)
        ) {
            self.can_not(Status::Connecting);
        }
    }

    /// The reader has looked.
    pub(super) fn found(&mut self, found: Found) {
        self.is_well();
        match found {
            Found::Nothing => self.card = Card::Absent,
            // A card that lay there before the reader was started anew is the same.
            Found::Card if matches!(self.card, Card::Present(_)) => {}
            Found::Card => {
                self.last += 1;
                self.card = Card::Present(CardGeneration(self.last));
            }
            Found::Unclear | Found::OtherCard => {
                self.unclear = self.unclear.saturating_add(1);
                if self.unclear >= UNCLEAR {
                    self.card = Card::Mute;
                }
                return;
            }
        }
        self.unclear = 0;
    }

    /// The card that was found is still there, or is not.
    pub(super) fn is_present(&mut self, is_present: bool) {
        self.is_well();
        if !is_present {
            self.card = Card::Absent;
        }
    }

    fn is_well(&mut self) {
        self.trouble = None;
        self.failures = 0;
    }

    /// The reader has failed.
    pub(super) fn failed(&mut self, error: ReaderError) -> Next {
        match error {
            ReaderError::Unplugged | ReaderError::InUse => return Next::Close,
            ReaderError::CardGone => {
                self.card = Card::Absent;
                return Next::Anew(Duration::ZERO);
            }
            _ => {}
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            Next::Close
        } else {
            Next::Anew(Duration::from_millis(200) * 3_u32.pow(u32::from(self.failures) - 1))
        }
    }

    /// It would not open: how long until it is tried again.
    pub(super) fn not_opened(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        if self.failures < FAILURES {
            return Duration::from_millis(500);
        }
        self.can_not(Status::Occupied);
        RETRY
    }

    /// A round is over: how long until the next.
    pub(super) fn ended(&mut self, end: End) -> Duration {
        let trouble = match end {
            End::NoDevice { was_picked } => {
                self.failures = 0;
                if was_picked {
                    Status::Absent
                } else {
                    Status::DeviceWanted
                }
            }
            End::Failed(ReaderError::InUse) => Status::Occupied,
            End::Failed(ReaderError::Unplugged) => {
                self.failures = self.failures.saturating_add(1);
                if self.failures < FAILURES {
                    self.can_not(Status::Connecting);
                    return Duration::from_millis(300);
                }
                Status::NotResponding
            }
            End::Failed(_) => Status::NotResponding,
            End::Interrupted(why) => {
                self.failures = 0;
                self.can_not(match why {
                    Why::Hidden => Status::Away,
                    _ => Status::Connecting,
                });
                return Duration::ZERO;
            }
        };
        self.can_not(trouble);
        RETRY
    }
}

/// What happens around a page that holds a reader.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Around {
    /// Since when nobody sees it, in milliseconds.
    pub(super) hidden_since: Option<f64>,
    /// The weightiest of what has happened since the round began.
    happened: Option<Why>,
}

impl Around {
    /// Something has happened.
    pub(super) fn add(&mut self, why: Why) {
        self.happened = self.happened.max(Some(why));
    }

    /// Why the reader has to be let go now.
    pub(super) fn why(self, now: f64) -> Option<Why> {
        let is_hidden = self.hidden_since.is_some_and(|since| now - since >= HIDDEN);
        self.happened.or_else(|| is_hidden.then_some(Why::Hidden))
    }

    /// Whether the page has to wait until it is seen again.
    pub(super) fn is_away(self, now: f64) -> bool {
        matches!(self.why(now), Some(Why::Left | Why::Hidden))
    }

    /// The page that was left is there again.
    pub(super) fn come_back(&mut self) {
        self.happened = None;
    }

    /// A new round begins: what ended the last one is over, unless it lasts.
    pub(super) fn anew(&mut self) {
        self.happened = self.happened.filter(|why| *why == Why::Left);
    }
}

/// Whether the machine slept between two times, in milliseconds, of which one meant to sleep
/// `wanted`.
pub(super) fn has_slept(before: f64, after: f64, wanted: Duration) -> bool {
    after - before > wanted.as_secs_f64() * 1000.0 + GAP
}

/// Which of several devices is used, by its place: the one that was picked. What else there is
/// is used only where it can be nothing but a reader.
pub(super) fn choose(
    devices: &[Numbers],
    picked: Option<Numbers>,
    are_readers: bool,
) -> Option<usize> {
    let place = picked.and_then(|picked| devices.iter().position(|device| *device == picked));
    let may_be_another = are_readers || picked.is_none();
    place.or_else(|| (may_be_another && !devices.is_empty()).then_some(0))
}
