//! A reader that the page drives itself, over WebUSB or WebHID, with nothing installed.
//!
//! One task goes round for as long as the page goes this way: find a device that the browser lets it use,
//! get it for this page alone ([`held`]), open it ([`opened`]), use it ([`session`]) until it
//! fails or something comes between ([`around`]); and again after a while. What is
//! known and what follows from it is in [`model`], a plain value. What is open is left by being dropped.

mod around;
pub(super) mod device;
mod held;
mod model;
mod opened;
mod session;
mod shared;
mod talk;

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};
use leptos::prelude::*;
use protocol::bridge::CardGeneration;

use super::status::{Done, ReadFailure, Status};
use super::way::{Numbers, Way};
use crate::clock;
use crate::task::Task;
use crate::task::within;
use around::Surroundings;
use device::Device;
use held::{How, Lock};
use model::{End, Why};
use opened::Opened;
use shared::Shared;
use talk::{Talk, What};

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How long the page that has the reader may take to say so.
const TELL_TIME: Duration = Duration::from_secs(1);
/// How long it may take to let it go.
const LET_GO_TIME: Duration = Duration::from_secs(3);

/// The way to the reader.
#[derive(Clone, Copy)]
pub(super) struct Direct {
    way: Way,
    task: Task,
    status: RwSignal<Status>,
    name: RwSignal<Option<String>>,
    shared: StoredValue<Rc<Shared>, LocalStorage>,
}

impl Direct {
    /// Uses the device that was picked, or one that the browser lets this page use.
    pub(super) fn follow(way: Way, picked: Option<Numbers>, label: Signal<String>) -> Self {
        let status = RwSignal::new(Status::Connecting);
        let shared = Rc::new(Shared::new(status, label));
        let direct = Self {
            way,
            task: Task::new(),
            status,
            name: RwSignal::new(None),
            shared: StoredValue::new_local(Rc::clone(&shared)),
        };
        direct.task.run(direct.rounds(shared, picked));
        direct
    }

    pub(super) fn status(self) -> Status {
        self.status.get()
    }

    pub(super) fn device_name(self) -> Option<String> {
        self.name.get()
    }

    pub(super) fn read(self, card: CardGeneration, done: Done) {
        if matches!(self.status.get_untracked(), Status::Ready { .. }) {
            self.shared.with_value(|shared| shared.ask_for(card, done));
        } else {
            done(Err(ReadFailure::Interrupted));
        }
    }

    pub(super) fn stop_reading(self) {
        self.shared.with_value(|shared| shared.stop_reading());
    }

    /// Tries now what would be tried after a while.
    pub(super) fn connect(self) {
        self.shared.with_value(|shared| shared.bell.ring());
    }

    pub(super) fn take_over(self) {
        self.shared.with_value(|shared| shared.take_over());
    }

    /// Lets the device go: another way was chosen.
    pub(super) fn leave(self) {
        self.task.stop();
        let shared = self.shared.get_value();
        shared.finish(Err(ReadFailure::Interrupted));
    }

    async fn rounds(self, shared: Rc<Shared>, picked: Option<Numbers>) {
        let Some(source) = device::source(self.way) else {
            return shared.know(|known| known.can_not(Status::Unsupported));
        };
        let _surroundings = Surroundings::new(source, &shared);
        let hearer = Rc::clone(&shared);
        let talk = Rc::new(Talk::open(self.way, move |what| hearer.hear(what)));
        shared.set_talk(&talk);
        loop {
            shared.leaving.settled().await;
            if shared.around.get().is_away(clock::wall()) {
                shared.bell.rung().await;
                continue;
            }
            shared.begin_round();
            let end = {
                let round = std::pin::pin!(self.round(&shared, picked));
                let interrupted = std::pin::pin!(interrupted(&shared));
                match select(round, interrupted).await {
                    Either::Left((end, _)) => end,
                    Either::Right((why, _)) => {
                        // The round is dropped, and with it what is open.
                        shared.leaving.set_manner(why.manner());
                        End::Interrupted(why)
                    }
                }
            };
            let pause = shared.end_round(end);
            if pause > Duration::ZERO {
                within(pause, shared.bell.rung()).await;
            }
        }
    }

    /// From looking for a device to its failure.
    async fn round(self, shared: &Shared, picked: Option<Numbers>) -> End {
        shared.know(|known| known.tries());
        let devices = device::list(self.way).await;
        let numbers: Vec<_> = devices.iter().map(Device::numbers).collect();
        let place = model::choose(&numbers, picked, self.way == Way::Usb);
        let device = place.and_then(|place| devices.into_iter().nth(place));
        let Some((device, model)) = device.and_then(|device| {
            let model = device.model()?;
            Some((device, model))
        }) else {
            self.name.set(None);
            return End::NoDevice {
                was_picked: picked.is_some(),
            };
        };
        self.name.set(Some(device.name()));
        shared.device.replace(Some(device.clone()));
        let lock = self.lock(shared).await;
        shared.holds(&lock);
        let mut opened = Opened::new(device, model, lock, &shared.leaving);
        // It stays this page's in between: the page that had it may be about to close it.
        while opened.open().await.is_err() {
            let pause = shared.know(model::Known::not_opened);
            within(pause, shared.bell.rung()).await;
        }
        End::Failed(session::serve(shared, &mut opened).await)
    }

    /// Waits until no other page of this browser has the device.
    async fn lock(self, shared: &Shared) -> Lock {
        let bell = &shared.bell;
        let lock = Lock::ask(self.way, How::IfFree, bell);
        if lock.is_granted().await {
            return lock;
        }
        let waiting = Lock::ask(self.way, How::Wait, bell);
        shared.say(What::Who);
        let told = bell.until(|| {
            let is_known = shared.holder.borrow().is_some();
            (is_known || waiting.answer().is_some()).then_some(())
        });
        within(TELL_TIME, told).await;
        loop {
            shared.show_holder();
            let wants_it = bell.until(|| match waiting.answer() {
                Some(true) => Some(false),
                _ if shared.wants_over.take() => Some(true),
                _ => {
                    shared.show_holder();
                    None
                }
            });
            if !wants_it.await {
                break;
            }
            shared.say(What::LetGo);
            let granted = bell.until(|| (waiting.answer() == Some(true)).then_some(()));
            if within(LET_GO_TIME, granted).await.is_some() {
                break;
            }
            let stolen = Lock::ask(self.way, How::Steal, bell);
            if stolen.is_granted().await {
                shared.know(|known| known.tries());
                return stolen;
            }
        }
        shared.know(|known| known.can_not(Status::Connecting));
        waiting
    }
}

/// Waits for something that ends a round.
async fn interrupted(shared: &Shared) -> Why {
    loop {
        if let Some(why) = shared.surrounded().why(clock::wall()) {
            return why;
        }
        let before = clock::wall();
        within(TICK, shared.bell.rung()).await;
        if model::has_slept(before, clock::wall(), TICK) {
            return Why::Slept;
        }
    }
}
