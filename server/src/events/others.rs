//! Other servers on the same store: what is told here is told there, too.
//!
//! Revisions are counted on all servers together, as far as they have heard of each other: a
//! page that goes from one to another must not take the state there for an older one. What a
//! server tells has its revision, and who hears of it goes on from there; who is further
//! already says so.

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
                if let Ok(news) = serde_json::from_str(text) {
                    self.hear_news(&news);
                } else {
                    // Of another version, or of somebody else who uses the channel.
                    tracing::warn!("news that can't be read");
                }
            }
            Heard::Gap => {
                let all: Vec<_> = self.audiences().keys().copied().collect();
                let revision = self.advance(|own| own + 1);
                self.tell(&all, revision);
                self.send(&[], revision);
            }
        }
    }

    fn hear_news(&self, news: &News) {
        let revision = if news.audiences.is_empty() {
            self.advance(|own| own.max(news.revision))
        } else {
            self.advance(|own| (own + 1).max(news.revision))
        };
        self.tell(&news.audiences, revision);
        if revision > news.revision {
            self.send(&[], revision);
        }
    }

    /// Goes on to another revision, and gives it.
    fn advance(&self, next: impl Fn(u64) -> u64) -> u64 {
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
        let (sender, mut sent) = tokio::sync::mpsc::unbounded_channel();
        events.0.others.set(sender).unwrap();
        let mut clinic = events.follow(Audience::Institution(1));
        let mut other = events.follow(Audience::Institution(2));
        let first = events.revision();
        events.hear(Heard::News(&news(first + 5, &[Audience::Institution(1)])));
        assert!(clinic.has_changed().unwrap() && !other.has_changed().unwrap());
        assert_eq!(*clinic.borrow_and_update(), first + 5);
        events.hear(Heard::News(&news(3, &[Audience::Institution(1)])));
        assert_eq!(*clinic.borrow_and_update(), first + 6, "never backwards");
        assert_eq!(
            sent.try_recv().unwrap(),
            news(first + 6, &[]),
            "who is behind is told"
        );
        assert!(sent.try_recv().is_err(), "and nobody else");
        events.hear(Heard::News("{}"));
        assert!(!clinic.has_changed().unwrap());
        events.hear(Heard::News(&news(first + 9, &[])));
        assert!(!clinic.has_changed().unwrap());
        assert_eq!(events.revision(), first + 9);
        events.hear(Heard::Gap);
        assert!(clinic.has_changed().unwrap() && other.has_changed().unwrap());
        assert_eq!(*other.borrow_and_update(), first + 10);
    }
}
