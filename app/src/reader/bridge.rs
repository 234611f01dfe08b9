//! The way over the reader bridge: find it, greet it, keep the line.
//!
//! One task goes round for as long as the page is there: look on every port at once, let
//! each side prove that it is the one it was before ([`greeting`]), then follow the readers
//! ([`link`], a plain value) until the line ends; and again after a while. Everything that the page
//! asks for goes through the same [`link::Link`], so that what is shown and what is asked never differ.

mod greeting;
mod keeping;
mod key;
mod link;
mod permission;
mod probe;
mod socket;

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use protocol::bridge::{CardGeneration, FromBridge, FromPage, Request, SimulatedCard, Verb};

use super::status::{Done, ReadFailure, Status};
use crate::task::{Task, sleep, within};
use greeting::{Greeted, Refused};
use key::Identity;
use link::{Link, Told};
use socket::{Sender, Socket};

/// How often the bridge is asked how the readers are: it must hear from the page, and the page
/// from it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The line to the bridge.
#[derive(Clone, Copy)]
pub(super) struct Bridge {
    task: Task,
    label: Signal<String>,
    /// What there is to say while no line is open.
    trouble: RwSignal<Status>,
    link: RwSignal<Option<Link>>,
    sender: StoredValue<Option<Sender>, LocalStorage>,
    identity: StoredValue<Option<Identity>, LocalStorage>,
    done: StoredValue<Option<Done>, LocalStorage>,
}

/// What a person's act allows in the next round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Nobody did anything.
    None,
    /// Somebody wants the connection: the browser may ask, and a bridge that is another one
    /// than before is taken.
    Connect,
}

impl Bridge {
    pub(super) fn follow(label: Signal<String>) -> Self {
        let bridge = Self {
            task: Task::new(),
            label,
            trouble: RwSignal::new(Status::Connecting),
            link: RwSignal::new(None),
            sender: StoredValue::new_local(None),
            identity: StoredValue::new_local(None),
            done: StoredValue::new_local(None),
        };
        bridge.task.run(bridge.rounds(Act::None));
        let wake = window_event_listener(ev::focus, move |_| {
            if bridge.trouble.get_untracked() == Status::NotRunning {
                bridge.task.run(bridge.rounds(Act::None));
            }
        });
        // A page that is left may be kept by the browser as it is, with its line and so with the
        // reader, which is then nobody's to use.
        let leave = window_event_listener(ev::pagehide, move |_| {
            bridge.task.stop();
            bridge.end_line();
            bridge.trouble.set(Status::Connecting);
        });
        let back = window_event_listener(ev::pageshow, move |_| {
            if !bridge.task.is_running_untracked() {
                bridge.task.run(bridge.rounds(Act::None));
            }
        });
        on_cleanup(move || {
            for listener in [wake, leave, back] {
                listener.remove();
            }
        });
        bridge
    }

    /// What the driver calls the reader in use.
    pub(super) fn device_name(self) -> Option<String> {
        self.link.with(|link| link.as_ref()?.name())
    }

    /// Ends the line for good: another way was chosen.
    pub(super) fn leave(self) {
        self.task.stop();
        self.end_line();
    }

    pub(super) fn status(self) -> Status {
        self.link
            .with(|link| link.as_ref().map(Link::status))
            .unwrap_or_else(|| self.trouble.get())
    }

    pub(super) fn read(self, card: CardGeneration, done: Done) {
        let request = self.ask(|link| link.read(card));
        match request {
            Some(true) => self.done.set_value(Some(done)),
            Some(false) => {}
            None => done(Err(ReadFailure::Interrupted)),
        }
    }

    pub(super) fn stop_reading(self) {
        self.ask(Link::stop_reading);
    }

    pub(super) fn connect(self) {
        self.task.run(self.rounds(Act::Connect));
    }

    pub(super) fn take_over(self) {
        self.ask(Link::take_over);
    }

    pub(super) fn simulate(self, card: Option<SimulatedCard>) {
        self.ask(|link| Some(link.request(Verb::Simulate { card })));
    }

    /// Sends what the link wants to ask; `None` without a line, else whether it did.
    fn ask(self, what: impl FnOnce(&mut Link) -> Option<Request>) -> Option<bool> {
        let request = self
            .link
            .try_update_untracked(|link| link.as_mut().map(what))
            .flatten()?;
        let is_asked = request.is_some();
        if let Some(request) = request {
            self.send(request);
        }
        Some(is_asked)
    }

    fn send(self, request: Request) {
        self.sender.with_value(|sender| {
            if let Some(sender) = sender {
                sender.send(&FromPage::Request(request));
            }
        });
    }

    async fn rounds(self, mut act: Act) {
        let mut failures = 0;
        loop {
            let trouble = match self.round(act).await {
                // The line was good, and ended.
                Ok(()) => {
                    failures = 0;
                    Status::Connecting
                }
                Err(trouble) => trouble,
            };
            act = Act::None;
            self.end_line();
            let waits_for_a_person = matches!(
                trouble,
                Status::PermissionWanted | Status::Changed | Status::NotPaired
            );
            self.trouble.set(trouble);
            if waits_for_a_person {
                return;
            }
            sleep(pause(failures, js_sys::Math::random())).await;
            failures += 1;
        }
    }

    /// From looking for a bridge to the end of the line.
    async fn round(self, act: Act) -> Result<(), Status> {
        permission::ask(act == Act::Connect).await?;
        let identity = self.identity().await.ok_or(Status::NotRunning)?;
        let label = self.label.get_untracked();
        let greeted = greeting::find(&identity, &label, act == Act::Connect).await;
        let Greeted { mut socket, proof } = match greeted {
            Ok(greeted) => greeted,
            Err(Refused::Nobody) if probe::somebody_listens().await => {
                return Err(Status::Refused);
            }
            Err(refused) => return Err(refused.status()),
        };
        let pairing = |code, command| self.trouble.set(Status::Pairing { code, command });
        let welcome = greeting::prove(&mut socket, &identity, &proof, pairing)
            .await
            .map_err(Refused::status)?;
        if identity.bridge_key.as_deref() != Some(&proof.bridge_key) {
            let identity = Identity {
                bridge_key: Some(proof.bridge_key),
                ..identity
            };
            keeping::keep(&identity).await;
            self.identity.set_value(Some(identity));
        }
        let (link, request) = Link::new(welcome);
        self.sender.set_value(Some(socket.sender()));
        self.link.set(Some(link));
        if let Some(request) = request {
            self.send(request);
        }
        self.serve(socket).await;
        Ok(())
    }

    /// Follows the bridge until it has nothing more to say.
    async fn serve(self, mut socket: Socket) {
        let mut is_asked = false;
        loop {
            match within(KEEP_ALIVE, socket.next()).await {
                Some(Some(message)) => {
                    is_asked = false;
                    self.take(message);
                }
                // It has ended, or does not answer any more.
                Some(None) => return,
                None if is_asked => return,
                None => {
                    is_asked = true;
                    self.ask(|link| Some(link.request(Verb::Readers)));
                }
            }
        }
    }

    fn take(self, message: FromBridge) {
        let told = self
            .link
            .try_update(|link| link.as_mut().map(|link| link.take(message)))
            .flatten();
        let Some(Told { request, read }) = told else {
            return;
        };
        if let Some(request) = request {
            self.send(request);
        }
        if let Some(result) = read {
            self.finish(result);
        }
    }

    fn finish(self, result: Result<String, ReadFailure>) {
        if let Some(done) = self.done.try_update_value(Option::take).flatten() {
            done(result);
        }
    }

    fn end_line(self) {
        self.sender.set_value(None);
        if self.link.with_untracked(Option::is_some) {
            self.link.set(None);
        }
        self.finish(Err(ReadFailure::Interrupted));
    }

    async fn identity(self) -> Option<Identity> {
        if self.identity.with_value(Option::is_none) {
            let identity = if let Some(identity) = keeping::kept().await {
                identity
            } else {
                let identity = Identity::make().await.ok()?;
                keeping::keep(&identity).await;
                identity
            };
            self.identity.set_value(Some(identity));
        }
        self.identity.get_value()
    }
}

/// The time between two rounds: it doubles up to five seconds, and is spread so that many pages do not
/// come at once.
fn pause(failures: u32, chance: f64) -> Duration {
    let longest = 0.3 * f64::from(1_u32 << failures.min(5));
    Duration::from_secs_f64(longest.min(5.0) * (0.5 + chance / 2.0))
}
