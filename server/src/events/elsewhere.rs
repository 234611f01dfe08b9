//! Reader screens that are connected to other servers on the same store, as those say.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use protocol::http::CardReaderState;
use serde::{Deserialize, Serialize};

use crate::store::ReaderScreenNumber;

/// A server that was not heard of for so long has no screens: it was killed, or can't be
/// reached. It says that it lives every [`crate::store::Heard::Beat`].
const SILENCE: Duration = Duration::from_secs(30);

/// A screen that is online.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) screen: ReaderScreenNumber,
    pub(super) institution_id: i64,
    pub(super) card_reader: CardReaderState,
}

/// The screens of other servers, by the numbers of their starts.
#[derive(Default)]
pub(super) struct Elsewhere(Mutex<HashMap<u64, Server>>);

struct Server {
    heard_at: Instant,
    screens: HashMap<ReaderScreenNumber, Seen>,
}

impl Elsewhere {
    /// The card reader of a screen that is online at another server.
    pub(super) fn card_reader(&self, screen: ReaderScreenNumber) -> Option<CardReaderState> {
        let servers = self.servers();
        let seen = servers.values().find_map(|one| one.screens.get(&screen))?;
        Some(seen.card_reader)
    }

    /// Notes what a screen says; whether that is news.
    pub(super) fn report(&self, screen: ReaderScreenNumber, state: CardReaderState) -> bool {
        let mut servers = self.servers();
        let mut is_news = false;
        for seen in servers
            .values_mut()
            .filter_map(|one| one.screens.get_mut(&screen))
        {
            is_news |= std::mem::replace(&mut seen.card_reader, state) != state;
        }
        is_news
    }

    /// Screens are online at a server; gives the institutions for which that is news.
    pub(super) fn come(&self, server: u64, seen: &[Seen], now: Instant) -> Vec<i64> {
        let mut servers = self.servers();
        let one = servers.entry(server).or_insert_with(|| Server {
            heard_at: now,
            screens: HashMap::new(),
        });
        one.heard_at = now;
        let news = seen
            .iter()
            .filter(|seen| one.screens.insert(seen.screen, **seen) != Some(**seen));
        news.map(|seen| seen.institution_id).collect()
    }

    /// A screen is not online at a server any more.
    pub(super) fn go(&self, server: u64, screen: ReaderScreenNumber) {
        if let Some(one) = self.servers().get_mut(&server) {
            one.screens.remove(&screen);
        }
    }

    /// A server lives.
    pub(super) fn lives(&self, server: u64, now: Instant) {
        if let Some(one) = self.servers().get_mut(&server) {
            one.heard_at = now;
        }
    }

    /// Forgets the servers that have fallen silent; gives the institutions of their screens.
    pub(super) fn forget_silent(&self, now: Instant) -> Vec<i64> {
        let mut servers = self.servers();
        let silent = servers.extract_if(|_, one| now.duration_since(one.heard_at) > SILENCE);
        let screens = silent.flat_map(|(_, one)| one.screens.into_values());
        screens.map(|seen| seen.institution_id).collect()
    }

    /// Forgets all of them: what they said may be over.
    pub(super) fn forget_all(&self) {
        self.servers().clear();
    }

    fn servers(&self) -> MutexGuard<'_, HashMap<u64, Server>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_online_where_a_server_that_lives_says_so() {
        let elsewhere = Elsewhere::default();
        let start = Instant::now();
        let screen: ReaderScreenNumber = serde_json::from_str("7").unwrap();
        let seen = Seen {
            screen,
            institution_id: 1,
            card_reader: CardReaderState::Ready,
        };
        assert_eq!(elsewhere.come(1, &[seen], start), [1]);
        assert!(elsewhere.come(1, &[seen], start).is_empty(), "no news");
        assert_eq!(elsewhere.card_reader(screen), Some(CardReaderState::Ready));
        assert!(elsewhere.report(screen, CardReaderState::CardPresent));
        assert!(!elsewhere.report(screen, CardReaderState::CardPresent));
        elsewhere.lives(1, start + SILENCE);
        assert!(elsewhere.forget_silent(start + SILENCE * 2).is_empty());
        let silent = start + SILENCE * 2 + Duration::from_millis(1);
        assert_eq!(elsewhere.forget_silent(silent), [1]);
        assert_eq!(elsewhere.card_reader(screen), None);
        elsewhere.come(2, &[seen], silent);
        elsewhere.go(1, screen);
        assert!(elsewhere.card_reader(screen).is_some(), "of another one");
        elsewhere.go(2, screen);
        assert_eq!(elsewhere.card_reader(screen), None);
    }
}
