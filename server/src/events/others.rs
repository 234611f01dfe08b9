//! Other servers on the same store: what is told here is told there, too.
//!
//! Revisions are counted on all servers together, as far as they have heard of each other: a
//! page that goes from one to another must not take the state there for an older one. What a
//! server tells has its revision, and who hears of it goes on from there.

use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::{Audience, Events};
use crate::store::{Heard, Store};

/// What servers tell each other.
#[derive(Debug, Serialize, Deserialize)]
struct News {
    revision: u64,
    audiences: Vec<Audience>,
}

impl Events {
    /// From now on tells other servers on the store, and hears of them.
    pub(crate) fn share(&self, store: &Store) {
        let events = self.clone();
        if let Some(sender) = store.exchange(move |heard| events.hear(heard)) {
            // Once only: a hub has one store.
            let _ = self.0.others.set(sender);
            // They go on from this server's revision.
            self.send(&[], self.revision());
        }
    }

    /// Tells those who follow here, and on other servers.
    pub(super) fn tell_everywhere(&self, audiences: &[Audience]) {
        let revision = self.0.revision.fetch_add(1, Ordering::Relaxed) + 1;
        self.tell(audiences, revision);
        self.send(audiences, revision);
    }

    fn send(&self, audiences: &[Audience], revision: u64) {
        let Some(others) = self.0.others.get() else {
            return;
        };
        let audiences = audiences.to_vec();
        let news = News {
            revision,
            audiences,
        };
        // Numbers only: it can't fail. Without a receiver the store is closed.
        if let Ok(news) = serde_json::to_string(&news) {
            let _ = others.send(news);
        }
    }

    fn hear(&self, heard: Heard<'_>) {
        match heard {
            Heard::News(text) => {
                if let Ok(news) = serde_json::from_str::<News>(text) {
                    self.tell(&news.audiences, self.advance(news.revision));
                } else {
                    // Of another version, or of somebody else who uses the channel.
                    tracing::warn!("news that can't be read");
                }
            }
            Heard::Gap => {
                let all: Vec<_> = self.audiences().keys().copied().collect();
                self.tell(&all, self.advance(0));
            }
        }
    }

    /// The next revision, which is not below the one that was heard of.
    fn advance(&self, heard: u64) -> u64 {
        let next = |own: u64| (own + 1).max(heard);
        let revision = &self.0.revision;
        let before =
            revision.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |own| Some(next(own)));
        next(before.unwrap_or_else(|own| own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(revision: u64, audiences: &[Audience]) -> String {
        let audiences = audiences.to_vec();
        serde_json::to_string(&News {
            revision,
            audiences,
        })
        .unwrap()
    }

    #[test]
    fn what_is_heard_wakes_its_audience_and_no_other() {
        let events = Events::new(1);
        let mut clinic = events.follow(Audience::Institution(1));
        let mut other = events.follow(Audience::Institution(2));
        let first = events.revision();
        events.hear(Heard::News(&news(first + 5, &[Audience::Institution(1)])));
        assert!(clinic.has_changed().unwrap() && !other.has_changed().unwrap());
        assert_eq!(*clinic.borrow_and_update(), first + 5);
        events.hear(Heard::News(&news(3, &[Audience::Institution(1)])));
        assert_eq!(*clinic.borrow_and_update(), first + 6, "never backwards");
        events.hear(Heard::News("{}"));
        assert!(!clinic.has_changed().unwrap());
        events.hear(Heard::Gap);
        assert!(clinic.has_changed().unwrap() && other.has_changed().unwrap());
        assert_eq!(*other.borrow_and_update(), first + 7);
    }
}
