//! Asks about notes: one, or one after the other (`asking`). Every outcome is stored before the
//! next note is asked about.

use std::time::Duration;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use protocol::http::{Candidate, CandidateId, SearchOutcome};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::LockOptions;

use super::asking::{Next, PACE_MS, Queue};
use super::entry::{Entry, Found, State, state_of};
use super::key::Key;
use super::storing::{self, StoringError};
use crate::api::{self, Error};
use crate::clock;
use crate::session::Session;
use crate::task::sleep;

/// Names the lock that one tab has at a time.
const LOCK: &str = "shikaku-notebook";

/// How a run goes on, for the page.
#[derive(Clone, Copy)]
pub(crate) struct Watch {
    /// How many are done, of how many.
    pub(crate) progress: RwSignal<(usize, usize)>,
    /// Which note is 照会中.
    pub(crate) asked: RwSignal<Option<String>>,
    /// For how many seconds it waits, as the service asks or because it is not reached.
    pub(crate) waits: RwSignal<Option<u32>>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing is left to ask.
    Done,
    /// Another tab is at it.
    Elsewhere,
    /// The service does not go on.
    Stopped(Error),
    /// The session ended, or was locked.
    LoggedOut,
    /// An outcome could not be stored.
    NotKept(StoringError),
}

/// What asking about one note came to.
pub(crate) enum Asked {
    /// It has an outcome.
    Ended(State, Option<Found>, Option<CandidateId>),
    /// Several fit: somebody has to choose.
    Choice(Vec<Candidate>),
}

/// Why there is no outcome.
enum Failure {
    LoggedOut,
    Api(Error, Option<u32>),
}

/// Asks about every note without an outcome; with `again` also about those that nobody was
/// found by.
pub(crate) async fn all(session: Session, key: Key, again: bool, watch: Watch) -> Ending {
    let Some(_alone) = Alone::try_to_be().await else {
        return Ending::Elsewhere;
    };
    let entries = match storing::entries().await {
        Ok(entries) => entries,
        Err(error) => return Ending::NotKept(error),
    };
    let own: Vec<_> = entries
        .into_iter()
        .filter(|entry| key.keeper.owns(entry))
        .collect();
    let mut queue = Queue::of(&own, again);
    loop {
        watch.progress.set(queue.progress());
        let Some(id) = queue.now().map(str::to_owned) else {
            return Ending::Done;
        };
        watch.asked.set(Some(id.clone()));
        let next = one(session, &key, &id).await;
        watch.asked.set(None);
        match next {
            Ok(()) => {
                queue.done();
                sleep(Duration::from_millis(PACE_MS)).await;
            }
            Err(Stop::NotKept(error)) => return Ending::NotKept(error),
            Err(Stop::Failed(Failure::LoggedOut)) => return Ending::LoggedOut,
            Err(Stop::Failed(Failure::Api(error, retry_after))) => {
                match queue.failed(&error, retry_after) {
                    Next::Insufficient => {
                        if let Err(error) = end(&key, &id, State::Insufficient, None).await {
                            return Ending::NotKept(error);
                        }
                        queue.done();
                    }
                    Next::Wait(seconds) => wait(watch, seconds).await,
                    Next::Stop => return Ending::Stopped(error),
                }
            }
        }
    }
}

async fn wait(watch: Watch, seconds: u32) {
    for rest in (1..=seconds).rev() {
        watch.waits.set(Some(rest));
        sleep(Duration::from_secs(1)).await;
    }
    watch.waits.set(None);
}

enum Stop {
    Failed(Failure),
    NotKept(StoringError),
}

/// Asks about a note as it is stored now, and stores its outcome.
async fn one(session: Session, key: &Key, id: &str) -> Result<(), Stop> {
    let Some(entry) = storing::entry(id).await.map_err(Stop::NotKept)? else {
        return Ok(());
    };
    let (state, found) = match ask(session, key, &entry).await.map_err(Stop::Failed)? {
        Asked::Ended(state, found, _) => (state, found),
        Asked::Choice(_) => (State::Several, None),
    };
    store(key, &entry, state, found)
        .await
        .map_err(Stop::NotKept)
}

/// Asks about a note, for a person who waits.
pub(crate) async fn ask_one(
    session: Session,
    key: &Key,
    entry: &Entry,
) -> Option<Result<Asked, Error>> {
    match ask(session, key, entry).await {
        Ok(asked) => Some(Ok(asked)),
        Err(Failure::Api(error, _)) => Some(Err(error)),
        Err(Failure::LoggedOut) => None,
    }
}

/// Attaches who was chosen among several.
pub(crate) async fn choose(
    session: Session,
    key: &Key,
    entry: &Entry,
    candidate: &CandidateId,
) -> Option<Result<Result<(), StoringError>, Error>> {
    Some(match session.call(api::eligibility(candidate)).await? {
        Ok(eligibility) => {
            let found = Found::of(&eligibility, clock::milliseconds());
            Ok(store(key, entry, State::Confirmed, found).await)
        }
        Err(error) => Err(error),
    })
}

/// Stores an outcome. What was changed or destroyed meanwhile stays as it is.
pub(crate) async fn store(
    key: &Key,
    entry: &Entry,
    state: State,
    found: Option<Found>,
) -> Result<(), StoringError> {
    let found = match found {
        Some(found) => Some(key.keeper.found(&entry.id, &found).await?),
        None => None,
    };
    storing::replace(&entry.ended(state, found)).await.map(drop)
}

async fn end(key: &Key, id: &str, state: State, found: Option<Found>) -> Result<(), StoringError> {
    match storing::entry(id).await? {
        Some(entry) => store(key, &entry, state, found).await,
        None => Ok(()),
    }
}

async fn ask(session: Session, key: &Key, entry: &Entry) -> Result<Asked, Failure> {
    let insufficient = Asked::Ended(State::Insufficient, None, None);
    // What can't be opened or searched by needs no question.
    let Some(note) = key.note(entry).await else {
        return Ok(insufficient);
    };
    if note.form.parse(session.today()).is_err() {
        return Ok(insufficient);
    }
    let (answer, retry_after) = api::search_next(&note.form).await;
    let failed = |error| Failure::Api(error, retry_after);
    let answer = match session.call(async { answer }).await {
        Some(answer) => answer.map_err(failed)?,
        None => return Err(Failure::LoggedOut),
    };
    let state = state_of(&answer.outcome);
    match answer.outcome {
        SearchOutcome::One(id) => {
            let eligibility = session.call(api::eligibility(&id)).await;
            let eligibility = eligibility.ok_or(Failure::LoggedOut)?.map_err(failed)?;
            let found = Found::of(&eligibility, clock::milliseconds());
            Ok(Asked::Ended(state, found, Some(id)))
        }
        SearchOutcome::Several(candidates) => Ok(Asked::Choice(candidates)),
        SearchOutcome::NotFound | SearchOutcome::TooMany { .. } => {
            Ok(Asked::Ended(state, None, None))
        }
    }
}

/// The lock that one tab of the browser has; given back when dropped, or with the tab.
struct Alone(Function);

impl Alone {
    async fn try_to_be() -> Option<Self> {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let alone = Self(release?);
        let mut answer = None;
        let granted = Promise::new(&mut |resolve, _| answer = Some(resolve));
        let answer = answer?;
        let callback = Closure::once(move |lock: JsValue| -> JsValue {
            let is_granted = !lock.is_null();
            let _ = answer.call1(&JsValue::UNDEFINED, &is_granted.into());
            if is_granted {
                held.into()
            } else {
                JsValue::UNDEFINED
            }
        });
        let options = LockOptions::new();
        options.set_if_available(true);
        let locks = window().navigator().locks();
        let request = locks.request_with_options(LOCK, &options, callback.as_ref().unchecked_ref());
        let is_granted = JsFuture::from(granted).await.ok()?.is_truthy();
        drop(request);
        is_granted.then_some(alone)
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}
