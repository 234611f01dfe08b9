//! Other servers on the same store: what is told here is told there, too.
//!
//! Revisions are counted on all servers together, as far as they have heard of each other: a
//! page that goes from one to another must not take the state there for an older one. What a
//! server tells has its revision, and who hears of it goes on from there; who is further
//! already says so.

use std::sync::atomic::Ordering;
use std::time::Instant;

use domain::timestamp::Timestamp;
use protocol::http::CardReaderState;
use serde::{Deserialize, Serialize};

use super::elsewhere::Seen;
use super::{Audience, Events};
use crate::store::{Heard, ReaderScreenNumber, Store};

/// What servers tell each other.
#[derive(Debug, Serialize, Deserialize)]
struct News {
    /// The number of the start of who tells.
    from: u64,
    /// 0 from the database itself, which tells with every commit what it changes: who makes
    /// changes tells of them once more, with the revision, unless something becomes of him.
    revision: u64,
    audiences: Vec<Audience>,
    said: Option<Said>,
}

/// What is said of reader screens. It comes before the news that something changed.
#[derive(Debug, Serialize, Deserialize)]
enum Said {
    /// These are online at who tells.
    Here(Vec<Seen>),
    /// One is not any more, since then.
    Gone(ReaderScreenNumber, Timestamp),
    /// One has said this to who tells, wherever it is online.
    Reported(ReaderScreenNumber, CardReaderState),
    /// Who tells still is there.
    Alive,
    /// Who tells knows of no screens yet.
    Asked,
}

/// Screens in one message at most: it may have 8,000 bytes.
const MOST_SCREENS: usize = 64;

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
        self.send(audiences, revision, None);
    }

    /// Notes what a screen says of its card reader; whether that is news.
    pub(crate) fn report(&self, screen: ReaderScreenNumber, state: CardReaderState) -> bool {
        let is_news = self.presence().report(screen, state);
        if is_news {
            self.say(Said::Reported(screen, state));
        }
        is_news
    }

    /// Says to other servers how a screen is connected here now that a stream of it began, or
    /// ended at a time.
    pub(super) fn say_presence(&self, screen: ReaderScreenNumber, ended: Option<Timestamp>) {
        match (self.presence().seen_here(screen), ended) {
            (Some(seen), None) => self.say(Said::Here(vec![seen])),
            (None, Some(at)) => self.say(Said::Gone(screen, at)),
            // Another stream of it goes on, or ended meanwhile and says so itself.
            _ => {}
        }
    }

    fn say_all_here(&self) {
        for seen in self.presence().all_here().chunks(MOST_SCREENS) {
            self.say(Said::Here(seen.to_owned()));
        }
    }

    fn say(&self, said: Said) {
        self.send(&[], self.revision(), Some(said));
    }

    fn send(&self, audiences: &[Audience], revision: u64, said: Option<Said>) {
        let Some(others) = self.0.others.get() else {
            return;
        };
        let news = News {
            from: self.0.epoch,
            revision,
            audiences: audiences.to_vec(),
            said,
        };
        // Numbers and words only: it can't fail. Without a receiver the store is closed.
        if let Ok(news) = serde_json::to_string(&news) {
            let _ = others.send(news);
        }
    }

    fn hear(&self, heard: Heard<'_>) {
        match heard {
            Heard::News(text) => {
                if let Ok(news) = serde_json::from_str(text) {
                    self.hear_news(news);
                } else {
                    // Of another version, or of somebody else who uses the channel.
                    tracing::warn!("news that can't be read");
                }
            }
            Heard::Gap => {
                self.presence().elsewhere.forget_all();
                self.say(Said::Asked);
                self.say_all_here();
                let all: Vec<_> = self.audiences().keys().copied().collect();
                let revision = self.advance(|own| own + 1);
                self.tell(&all, revision);
                self.send(&[], revision, None);
            }
            Heard::Beat => {
                self.say(Said::Alive);
                let silent = self.presence().elsewhere.forget_silent(Instant::now());
                self.tell_here(silent);
            }
        }
    }

    fn hear_news(&self, news: News) {
        if news.revision == 0 {
            if news.from != self.0.epoch {
                let revision = self.advance(|own| own + 1);
                self.tell(&news.audiences, revision);
            }
            return;
        }
        if let Some(said) = news.said {
            self.hear_of_screens(news.from, said);
        }
        let revision = if news.audiences.is_empty() {
            self.advance(|own| own.max(news.revision))
        } else {
            self.advance(|own| (own + 1).max(news.revision))
        };
        self.tell(&news.audiences, revision);
        if revision > news.revision {
            self.send(&[], revision, None);
        }
    }

    fn hear_of_screens(&self, from: u64, said: Said) {
        let (presence, now) = (self.presence(), Instant::now());
        match said {
            Said::Here(seen) => self.tell_here(presence.elsewhere.come(from, &seen, now)),
            Said::Gone(screen, at) => {
                presence.elsewhere.go(from, screen);
                presence.left_elsewhere(screen, at);
            }
            Said::Reported(screen, state) => {
                presence.report(screen, state);
            }
            Said::Alive => presence.elsewhere.lives(from, now),
            Said::Asked => self.say_all_here(),
        }
    }

    /// Tells those who follow these institutions here.
    fn tell_here(&self, institutions: Vec<i64>) {
        if institutions.is_empty() {
            return;
        }
        let revision = self.advance(|own| own + 1);
        let audiences = institutions.into_iter().map(Audience::Institution);
        self.tell(&audiences.collect::<Vec<_>>(), revision);
        self.send(&[], revision, None);
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
        let news = News {
            from: 1,
            revision,
            audiences: audiences.to_vec(),
            said: None,
        };
        serde_json::to_string(&news).unwrap()
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
        let own = News {
            from: 1,
            revision: 0,
            audiences: vec![Audience::Institution(1)],
            said: None,
        };
        events.hear(Heard::News(&serde_json::to_string(&own).unwrap()));
        assert!(!clinic.has_changed().unwrap(), "told already");
        let of_another = r#"{"from":2,"revision":0,"audiences":[{"Institution":1}],"said":null}"#;
        events.hear(Heard::News(of_another));
        assert_eq!(*clinic.borrow_and_update(), first + 10);
        assert!(sent.try_recv().is_err(), "everybody hears it");
        events.hear(Heard::Gap);
        assert!(clinic.has_changed().unwrap() && other.has_changed().unwrap());
        assert_eq!(*other.borrow_and_update(), first + 11);
    }
}
