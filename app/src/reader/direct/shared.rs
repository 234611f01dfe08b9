//! What the task that drives the reader shares with the page, the browser's events and the other pages.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::prelude::*;
use protocol::bridge::CardGeneration;

use super::device::Device;
use super::held::{Lock, Watch};
use super::model::{Around, End, Known, Why};
use super::opened::Leaving;
use super::talk::{Talk, What};
use crate::clock;
use crate::reader::bell::Bell;
use crate::reader::status::{Done, ReadFailure, Status};

/// What a page is called that does not say what it is called.
const SOMEBODY: &str = "ほかの画面";

/// A reading that was asked for.
struct Asked {
    card: CardGeneration,
    done: Done,
}

/// Another page that has the reader.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Holder {
    by: String,
    seconds: u32,
}

pub(super) struct Shared {
    /// Rings when anything here has changed.
    pub(super) bell: Bell,
    pub(super) known: RefCell<Known>,
    pub(super) around: Cell<Around>,
    pub(super) leaving: Leaving,
    /// The device that is used or waited for.
    pub(super) device: RefCell<Option<Device>>,
    pub(super) holder: RefCell<Option<Holder>>,
    /// Somebody wants the reader from another page.
    pub(super) wants_over: Cell<bool>,
    held: RefCell<Option<(Watch, f64)>>,
    talk: RefCell<Weak<Talk>>,
    asked: RefCell<Option<Asked>>,
    is_stopped: Cell<bool>,
    status: RwSignal<Status>,
    label: Signal<String>,
}

impl Shared {
    pub(super) fn new(status: RwSignal<Status>, label: Signal<String>) -> Self {
        Self {
            bell: Bell::default(),
            known: RefCell::new(Known::new(first())),
            around: Cell::default(),
            leaving: Leaving::default(),
            device: RefCell::default(),
            holder: RefCell::default(),
            wants_over: Cell::default(),
            held: RefCell::default(),
            talk: RefCell::default(),
            asked: RefCell::default(),
            is_stopped: Cell::default(),
            status,
            label,
        }
    }

    /// Changes what is known, and shows it.
    pub(super) fn know<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        let mut known = self.known.borrow_mut();
        let result = change(&mut known);
        let status = known.status();
        drop(known);
        // Only what is new: whoever sees it makes everything anew.
        if self
            .status
            .try_get_untracked()
            .is_some_and(|old| old != status)
        {
            self.status.set(status);
        }
        result
    }

    pub(super) fn ask_for(&self, card: CardGeneration, done: Done) {
        // One reading at a time: that which is under way goes on.
        if self.asked.borrow().is_none() {
            self.is_stopped.set(false);
            self.asked.replace(Some(Asked { card, done }));
            self.bell.ring();
        }
    }

    pub(super) fn stop_reading(&self) {
        if self.asked.borrow().is_some() {
            self.is_stopped.set(true);
            self.bell.ring();
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.get()
    }

    pub(super) fn wants_reading(&self) -> bool {
        self.asked.borrow().is_some()
    }

    pub(super) fn reading_card(&self) -> Option<CardGeneration> {
        self.asked.borrow().as_ref().map(|asked| asked.card)
    }

    /// Tells who asked for a reading what became of it, if anybody did.
    pub(super) fn finish(&self, result: Result<String, ReadFailure>) {
        let asked = self.asked.take();
        if let Some(asked) = asked {
            (asked.done)(result);
        }
    }

    pub(super) fn take_over(&self) {
        self.wants_over.set(true);
        self.bell.ring();
    }

    pub(super) fn change_around(&self, change: impl FnOnce(&mut Around)) {
        let mut around = self.around.get();
        change(&mut around);
        self.around.set(around);
        self.bell.ring();
    }

    /// What is around, with what the lock says.
    pub(super) fn surrounded(&self) -> Around {
        let held = self.held.borrow();
        let mut around = self.around.get();
        if held.as_ref().is_some_and(|(lock, _)| lock.is_stolen()) {
            around.add(Why::Stolen);
        }
        around
    }

    pub(super) fn begin_round(&self) {
        let mut around = self.around.get();
        around.anew();
        self.around.set(around);
        self.wants_over.set(false);
        self.holder.replace(None);
    }

    /// What was used is not any more; how long until the next round.
    pub(super) fn end_round(&self, end: End) -> Duration {
        self.held.replace(None);
        self.device.replace(None);
        let pause = self.know(|known| known.ended(end));
        self.finish(Err(ReadFailure::Interrupted));
        pause
    }

    pub(super) fn set_talk(&self, talk: &Rc<Talk>) {
        self.talk.replace(Rc::downgrade(talk));
    }

    pub(super) fn say(&self, what: What) {
        if let Some(talk) = self.talk.borrow().upgrade() {
            talk.say(what);
        }
    }

    /// This page has it now.
    pub(super) fn holds(&self, lock: &Lock) {
        self.held.replace(Some((lock.watch(), clock::wall())));
        self.tell();
    }

    /// Says since when this page has it, if it has.
    fn tell(&self) {
        let since = self.held.borrow().as_ref().map(|(_, since)| *since);
        if let Some(since) = since {
            self.say(What::Holds {
                by: self.label.try_get_untracked().unwrap_or_default(),
                seconds: whole_seconds(clock::wall() - since),
            });
        }
    }

    /// Another page has said something.
    pub(super) fn hear(&self, what: What) {
        match what {
            What::Who => self.tell(),
            What::Holds { by, seconds } => {
                let mut holder = self.holder.borrow_mut();
                // What is shown is not made anew only because time goes by.
                if holder.as_ref().is_none_or(|known| known.by != by) {
                    *holder = Some(Holder { by, seconds });
                    drop(holder);
                    self.bell.ring();
                }
            }
            What::LetGo => {
                if self.held.borrow().is_some() {
                    self.change_around(|around| around.add(Why::Asked));
                }
            }
        }
    }

    /// Shows who has it.
    pub(super) fn show_holder(&self) {
        let holder = self.holder.borrow().clone();
        let (by, held_for_seconds) = match holder {
            Some(Holder { by, seconds }) if !by.is_empty() => (by, seconds),
            _ => (SOMEBODY.to_owned(), 0),
        };
        self.know(|known| {
            known.can_not(Status::InUse {
                by,
                held_for_seconds,
            });
        });
    }
}

/// Below the first placing's number: no number is used twice, and the bridge's begin elsewhere.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970 are far below 2^53, whole and positive"
)]
fn first() -> u64 {
    clock::wall() as u64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such a cast ends at the least and the greatest number"
)]
fn whole_seconds(milliseconds: f64) -> u32 {
    (milliseconds / 1000.0) as u32
}
