//! One stream of server-sent events: a whole state at its beginning and after each
//! change, and a sign of life in between.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use domain::timestamp::Timestamp;
use futures_util::stream::{Stream, unfold};
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{Audience, Slot};
use crate::state::AppState;

/// So often a stream says that it is alive; a page that hears nothing for more than two
/// of these is cut off.
const ALIVE_EVERY: Duration = Duration::from_secs(10);

/// Whoever follows comes again after so many milliseconds, …
const RETURN_AFTER: u64 = 500;
/// … and so many more, which differ for each.
const RETURN_WITHIN: u64 = 4_000;
/// Streams that were begun one after the other are told times that are far apart.
const PRIME: u64 = 1_619;

/// What is followed, by whom.
pub(crate) trait Source: Send + 'static {
    /// What it is at a moment, without anything that changes with time alone.
    type View: PartialEq + Send;
    /// The same, as it is told.
    type State: Serialize;

    /// How long nothing is told after a state, so that many changes are one; `None` where each
    /// counts.
    const REST: Option<Duration> = None;

    /// What it is now; `None` when it may be followed no more.
    fn read(&self, state: &AppState) -> impl Future<Output = Option<Self::View>> + Send;

    /// Whether it may still be followed.
    fn may_go_on(&self, state: &AppState) -> impl Future<Output = bool> + Send;

    /// What is told.
    fn state(&self, view: &Self::View, revision: u64, now: Timestamp) -> Self::State;
}

/// Follows a source until it may not be followed any more, the service stops, or the
/// browser has begun too many streams.
pub(crate) fn follow<S: Source>(
    state: AppState,
    source: S,
    audience: Audience,
    owner: [u8; 32],
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut alive = interval(ALIVE_EVERY);
    alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    alive.reset();
    let stream = Following {
        changes: state.events.follow(audience),
        ending: state.events.ending(),
        slot: Slot::take(&state.events, owner),
        is_over: false,
        told: None,
        alive,
        rest: S::REST.map(pauses),
        source,
        state,
    };
    Sse::new(unfold(stream, |mut stream| async {
        let event = stream.next().await?;
        Some((Ok(event), stream))
    }))
}

struct Following<S: Source> {
    state: AppState,
    source: S,
    changes: watch::Receiver<u64>,
    ending: watch::Receiver<bool>,
    slot: Slot,
    alive: Interval,
    told: Option<S::View>,
    rest: Option<Interval>,
    is_over: bool,
}

fn pauses(period: Duration) -> Interval {
    let mut rest = interval(period);
    rest.set_missed_tick_behavior(MissedTickBehavior::Delay);
    rest
}

/// What a stream waits for.
enum Woken {
    Changed,
    Alive,
    /// The service stops.
    Leaving,
    End,
}

impl<S: Source> Following<S> {
    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        if self.is_over {
            return None;
        }
        if self.told.is_none() {
            // The first one always is news.
            return self.tell().await.flatten();
        }
        loop {
            match self.wake().await {
                Woken::Changed => {
                    if let Some(event) = self.tell().await? {
                        return Some(event);
                    }
                }
                Woken::Alive if self.source.may_go_on(&self.state).await => {
                    let revision = self.state.events.revision();
                    return Some(Event::default().event("alive").data(revision.to_string()));
                }
                Woken::Leaving => return Some(self.farewell()),
                Woken::Alive | Woken::End => return None,
            }
        }
    }

    /// The last event: when to begin another stream, with whoever is in front by then. Not
    /// all at the same moment.
    fn farewell(&mut self) -> Event {
        self.is_over = true;
        let spread = self.slot.number().wrapping_mul(PRIME) % RETURN_WITHIN;
        let retry = Duration::from_millis(RETURN_AFTER + spread);
        Event::default().event("leaving").retry(retry).data("")
    }

    async fn wake(&mut self) -> Woken {
        tokio::select! {
            biased;
            _ = self.ending.wait_for(|is_ending| *is_ending) => Woken::Leaving,
            () = self.slot.lost() => Woken::End,
            changed = changed(&mut self.changes, self.rest.as_mut()) => changed,
            _ = self.alive.tick() => Woken::Alive,
        }
    }

    /// The state, unless it is the one that was told last; `None` at the end.
    async fn tell(&mut self) -> Option<Option<Event>> {
        // Whatever changes from here on wakes the stream again.
        self.changes.mark_unchanged();
        let revision = self.state.events.revision();
        let view = self.source.read(&self.state).await?;
        if self.told.as_ref() == Some(&view) {
            return Some(None);
        }
        let told = self.source.state(&view, revision, self.state.now());
        self.told = Some(view);
        self.alive.reset();
        if let Some(rest) = &mut self.rest {
            rest.reset();
        }
        let data = serde_json::to_string(&told).ok()?;
        Some(Some(Event::default().event("state").data(data)))
    }
}

/// Until something has changed and may be told. What is changed meanwhile is told with it.
async fn changed(changes: &mut watch::Receiver<u64>, rest: Option<&mut Interval>) -> Woken {
    // The rest comes first: a change that was taken note of must not be lost to a sign of life.
    if let Some(rest) = rest {
        rest.tick().await;
    }
    match changes.changed().await {
        Ok(()) => Woken::Changed,
        Err(_) => Woken::End,
    }
}
