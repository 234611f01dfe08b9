//! Which reader screens are connected, and what they said of their card readers: kept
//! in memory, because it is true of connections, which a restart ends. Only when one was
//! last connected is in the store, too. What other servers say of theirs is beside it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::timestamp::Timestamp;
use protocol::http::CardReaderState;
use tokio::runtime::Handle;

use super::elsewhere::{Elsewhere, Seen};
use crate::state::AppState;
use crate::store::ReaderScreenNumber;

/// The screens that are connected, or were since the service began.
#[derive(Default)]
pub(crate) struct Presence {
    here: Mutex<HashMap<ReaderScreenNumber, Connected>>,
    pub(super) elsewhere: Elsewhere,
}

#[derive(Default)]
struct Connected {
    institution_id: i64,
    streams: usize,
    card_reader: CardReaderState,
    /// When its last stream ended.
    left_at: Option<Timestamp>,
}

impl Presence {
    /// The card reader of a screen that is online.
    pub(crate) fn card_reader(&self, screen: ReaderScreenNumber) -> Option<CardReaderState> {
        let here = self.screens().get(&screen).and_then(Connected::card_reader);
        here.or_else(|| self.elsewhere.card_reader(screen))
    }

    /// Whether a stream of a screen is open.
    pub(crate) fn is_online(&self, screen: ReaderScreenNumber) -> bool {
        self.card_reader(screen).is_some()
    }

    /// When the last stream of a screen ended, if one did since the service began.
    pub(crate) fn left_at(&self, screen: ReaderScreenNumber) -> Option<Timestamp> {
        self.screens().get(&screen)?.left_at
    }

    /// Notes what a screen says; whether that is news. A screen that is not online is not
    /// believed: nobody would take it back.
    pub(crate) fn report(&self, screen: ReaderScreenNumber, state: CardReaderState) -> bool {
        let mut screens = self.screens();
        match screens.get_mut(&screen) {
            Some(connected) if connected.is_online() => {
                std::mem::replace(&mut connected.card_reader, state) != state
            }
            _ => self.elsewhere.report(screen, state),
        }
    }

    /// The screens that are online here.
    pub(super) fn all_here(&self) -> Vec<Seen> {
        let screens = self.screens();
        screens
            .iter()
            .filter_map(|(screen, connected)| connected.seen(*screen))
            .collect()
    }

    /// A screen as it is online here.
    pub(super) fn seen_here(&self, screen: ReaderScreenNumber) -> Option<Seen> {
        self.screens().get(&screen)?.seen(screen)
    }

    /// When a screen that is not online here left another server.
    pub(super) fn left_elsewhere(&self, screen: ReaderScreenNumber, at: Timestamp) {
        let mut screens = self.screens();
        let connected = screens.entry(screen).or_default();
        connected.left_at = connected.left_at.max(Some(at));
    }

    fn come(&self, institution_id: i64, screen: ReaderScreenNumber) {
        let mut screens = self.screens();
        let connected = screens.entry(screen).or_default();
        connected.streams += 1;
        connected.institution_id = institution_id;
    }

    fn go(&self, screen: ReaderScreenNumber, now: Timestamp) {
        let mut screens = self.screens();
        let connected = screens.entry(screen).or_default();
        connected.streams = connected.streams.saturating_sub(1);
        if !connected.is_online() {
            *connected = Connected {
                left_at: Some(now),
                ..Connected::default()
            };
        }
    }

    fn screens(&self) -> MutexGuard<'_, HashMap<ReaderScreenNumber, Connected>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected {
    const fn is_online(&self) -> bool {
        self.streams > 0
    }

    fn card_reader(&self) -> Option<CardReaderState> {
        self.is_online().then_some(self.card_reader)
    }

    fn seen(&self, screen: ReaderScreenNumber) -> Option<Seen> {
        Some(Seen {
            screen,
            institution_id: self.institution_id,
            card_reader: self.card_reader()?,
        })
    }
}

/// As long as this is kept a screen is online.
pub(crate) struct Online {
    state: AppState,
    institution_id: i64,
    screen: ReaderScreenNumber,
}

impl Online {
    /// A stream of a screen begins.
    pub(crate) fn begin(state: &AppState, institution_id: i64, screen: ReaderScreenNumber) -> Self {
        let online = Self {
            state: state.clone(),
            institution_id,
            screen,
        };
        state.events.presence().come(institution_id, screen);
        state.events.say_presence(screen, None);
        // Should the service be killed, this is the latest that is known.
        online.note(state.now());
        state.events.changed(institution_id);
        online
    }

    /// Nobody waits for it: while the service runs, memory knows better.
    fn note(&self, at: Timestamp) {
        let (store, screen) = (self.state.store.clone(), self.screen);
        let note = async move {
            if let Err(error) = store.touch_reader_screen(screen, at).await {
                tracing::error!(%error, "when a screen was connected could not be noted");
            }
        };
        // There is none where streams are dropped with their runtime.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(note);
        }
    }
}

impl Drop for Online {
    fn drop(&mut self) {
        let now = self.state.now();
        self.state.events.presence().go(self.screen, now);
        self.state.events.say_presence(self.screen, Some(now));
        self.note(now);
        self.state.events.changed(self.institution_id);
    }
}
