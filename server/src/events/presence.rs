//! Which reader screens are connected, and what they said of their card readers: kept
//! in memory, because it is true of connections, which a restart ends.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::http::CardReaderState;

use super::Events;
use crate::store::ReaderScreenNumber;

/// The screens that are connected.
#[derive(Default)]
pub(crate) struct Presence(Mutex<HashMap<ReaderScreenNumber, Connected>>);

#[derive(Default)]
struct Connected {
    streams: usize,
    card_reader: CardReaderState,
}

impl Presence {
    /// The card reader of a screen that is online.
    pub(crate) fn card_reader(&self, screen: ReaderScreenNumber) -> Option<CardReaderState> {
        let screens = self.screens();
        screens.get(&screen).map(|connected| connected.card_reader)
    }

    /// Whether a stream of a screen is open.
    pub(crate) fn is_online(&self, screen: ReaderScreenNumber) -> bool {
        self.screens().contains_key(&screen)
    }

    /// Notes what a screen says; whether that is news. A screen that is not online is not
    /// believed: nobody would take it back.
    pub(crate) fn report(&self, screen: ReaderScreenNumber, state: CardReaderState) -> bool {
        let mut screens = self.screens();
        let Some(connected) = screens.get_mut(&screen) else {
            return false;
        };
        std::mem::replace(&mut connected.card_reader, state) != state
    }

    fn come(&self, screen: ReaderScreenNumber) {
        self.screens().entry(screen).or_default().streams += 1;
    }

    fn go(&self, screen: ReaderScreenNumber) {
        let mut screens = self.screens();
        if let Some(connected) = screens.get_mut(&screen) {
            connected.streams = connected.streams.saturating_sub(1);
            if connected.streams == 0 {
                screens.remove(&screen);
            }
        }
    }

    fn screens(&self) -> MutexGuard<'_, HashMap<ReaderScreenNumber, Connected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as this is kept a screen is online.
pub(crate) struct Online {
    events: Events,
    institution_id: i64,
    screen: ReaderScreenNumber,
}

impl Online {
    /// A stream of a screen begins.
    pub(crate) fn begin(events: &Events, institution_id: i64, screen: ReaderScreenNumber) -> Self {
        events.presence().come(screen);
        events.changed(institution_id);
        Self {
            events: events.clone(),
            institution_id,
            screen,
        }
    }
}

impl Drop for Online {
    fn drop(&mut self) {
        self.events.presence().go(self.screen);
        self.events.changed(self.institution_id);
    }
}
