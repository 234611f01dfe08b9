//! The thread that waits for readers and cards to come and go.
//!
//! It has a context of its own, which it builds anew after any error that may be the
//! context's, for ever: a service that is restarted is the rule, not the exception
//! (Windows stops it with the last reader).

use std::ffi::CString;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pcsc::{Context, Error, ReaderState, State};
use protocol::bridge::ServiceState;

use super::{establish, is_of_context, platform};
use crate::desk::{Presence, Sighting};
use crate::medium::Trouble;

/// The first wait before a context is built anew, doubled up to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LAST_PAUSE: Duration = Duration::from_secs(1);
/// How much later than promised a wait may end before the service counts as stuck.
const GRACE: Duration = Duration::from_secs(3);

/// Whom the monitor tells.
pub trait Watching: Send + Sync + 'static {
    /// All the readers there are.
    fn seen(&self, readers: &[Sighting]);
    /// There is no service to ask.
    fn lost(&self, state: ServiceState);
}

/// The monitor, as others see it.
#[derive(Clone, Default)]
pub struct Monitor {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    /// For waking the thread up: a context may be cancelled from elsewhere.
    context: Option<Context>,
    /// By when the thread has to be back from the service, if it is there.
    back_by: Option<Instant>,
    /// Whether the context is to be built anew.
    is_stale: bool,
}

impl Monitor {
    /// Starts the thread. It ends with the process.
    pub fn start(watching: Arc<dyn Watching>) -> std::io::Result<Self> {
        let monitor = Self::default();
        let own = monitor.clone();
        thread::Builder::new()
            .name("pcsc monitor".to_owned())
            .spawn(move || own.run(&*watching))?;
        Ok(monitor)
    }

    /// Whether the service has not answered for longer than it was asked to wait.
    pub fn is_stuck(&self) -> bool {
        let back_by = self.locked(|shared| shared.back_by);
        back_by.is_some_and(|by| Instant::now() > by)
    }

    /// Has the context built anew: after a sleep it may be dead without saying so.
    pub fn rebuild(&self) {
        let context = self.locked(|shared| {
            shared.is_stale = true;
            // The time that passed in sleep was not the service's.
            shared.back_by = shared.back_by.map(|_| Instant::now() + GRACE);
            shared.context.clone()
        });
        // From a thread of its own: a service that is stuck does not take this either.
        thread::spawn(move || context.map(|context| context.cancel()));
    }

    fn locked<T>(&self, work: impl FnOnce(&mut Shared) -> T) -> T {
        work(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn run(&self, watching: &dyn Watching) {
        let mut pause = FIRST_PAUSE;
        loop {
            let ended = self.asking(Duration::ZERO, establish).and_then(|context| {
                self.locked(|shared| {
                    shared.is_stale = false;
                    shared.context = Some(context.clone());
                });
                self.watch(&context, watching, &mut pause)
            });
            self.locked(|shared| shared.context = None);
            if let Err(trouble) = ended {
                tracing::debug!(%trouble, "the card service is asked anew");
                watching.lost(state_of(trouble));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Watches until the context is of no more use.
    fn watch(
        &self,
        context: &Context,
        watching: &dyn Watching,
        pause: &mut Duration,
    ) -> Result<(), Trouble> {
        let mut states = Vec::new();
        if platform::TELLS_OF_READERS {
            states.push(ReaderState::new(pcsc::PNP_NOTIFICATION(), State::UNAWARE));
        }
        loop {
            self.asking(Duration::ZERO, || refresh(context, &mut states))?;
            watching.seen(&sightings(&states));
            *pause = FIRST_PAUSE;
            for state in &mut states {
                state.sync_current_state();
            }
            let wait = if states.is_empty() {
                // Nothing to wait for where new readers are not told of.
                thread::sleep(platform::LONGEST_WAIT);
                Ok(())
            } else {
                let longest = platform::LONGEST_WAIT;
                self.asking(longest, || context.get_status_change(longest, &mut states))
            };
            if self.locked(|shared| shared.is_stale) {
                return Ok(());
            }
            match wait {
                Ok(()) | Err(Error::Timeout | Error::Cancelled) => {}
                Err(error) if is_of_context(error) => return Err(super::trouble(error)),
                // Of a reader that has just gone: the list below will not have it.
                Err(_) => thread::sleep(FIRST_PAUSE),
            }
        }
    }

    /// Calls the service, which has to be back in time.
    fn asking<T>(&self, longest: Duration, call: impl FnOnce() -> T) -> T {
        self.locked(|shared| shared.back_by = Some(Instant::now() + longest + GRACE));
        let result = call();
        self.locked(|shared| shared.back_by = None);
        result
    }
}

/// Brings the list of readers up to date, and then the state of each.
fn refresh(context: &Context, states: &mut Vec<ReaderState>) -> Result<(), Trouble> {
    let names = match context.list_readers_owned() {
        Ok(names) => names,
        Err(Error::NoReadersAvailable) => Vec::new(),
        Err(error) => return Err(super::trouble(error)),
    };
    states.retain(|state| is_pnp(state) || names.iter().any(|name| **name == *state.name()));
    for name in names {
        if !states.iter().any(|state| *state.name() == *name) {
            states.push(ReaderState::new(name, State::UNAWARE));
        }
    }
    let mut now: Vec<_> = states
        .iter()
        .filter(|state| !is_pnp(state))
        .map(|state| ReaderState::new(CString::from(state.name()), State::UNAWARE))
        .collect();
    match context.get_status_change(Duration::ZERO, &mut now) {
        // A reader that went between the two questions is found gone the next time.
        Ok(()) | Err(Error::Timeout | Error::UnknownReader | Error::ReaderUnavailable) => {}
        Err(error) => return Err(super::trouble(error)),
    }
    states.retain(is_pnp);
    states.extend(now);
    Ok(())
}

fn is_pnp(state: &ReaderState) -> bool {
    state.name() == pcsc::PNP_NOTIFICATION()
}

fn sightings(states: &[ReaderState]) -> Vec<Sighting> {
    states
        .iter()
        .filter(|state| !is_pnp(state) && !is_gone(state.event_state()))
        .map(|state| Sighting {
            name: state.name().to_string_lossy().into_owned(),
            presence: presence(state.event_state(), state.event_count()),
        })
        .collect()
}

const fn is_gone(state: State) -> bool {
    state.intersects(
        State::UNKNOWN
            .union(State::UNAVAILABLE)
            .union(State::IGNORE),
    )
}

const fn presence(state: State, count: u32) -> Presence {
    if !state.contains(State::PRESENT) {
        Presence::Absent
    } else if state.contains(State::MUTE) {
        Presence::Mute
    } else if state.contains(State::EXCLUSIVE) {
        Presence::Elsewhere { count }
    } else {
        Presence::Card { count }
    }
}

const fn state_of(trouble: Trouble) -> ServiceState {
    match trouble {
        Trouble::ServiceDenied => ServiceState::Denied,
        _ => ServiceState::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_says_of_a_reader() {
        let table = [
            (State::EMPTY, Presence::Absent),
            (State::PRESENT, Presence::Card { count: 3 }),
            (
                State::PRESENT.union(State::INUSE),
                Presence::Card { count: 3 },
            ),
            (State::PRESENT.union(State::MUTE), Presence::Mute),
            (
                State::PRESENT.union(State::EXCLUSIVE),
                Presence::Elsewhere { count: 3 },
            ),
        ];
        for (state, expected) in table {
            assert_eq!(presence(state, 3), expected, "{state:?}");
        }
    }
}
