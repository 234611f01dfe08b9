//! People who search all the time, and what they were told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::desk::Session;
use super::example::patiently;
use crate::bench::Answer;

/// At once.
pub(super) const PEOPLE: usize = 4;
/// Between an answer and the next search.
const REST: Duration = Duration::from_millis(20);
/// After a refusal one waits: it says for how long, in seconds, but a test is no person.
const REST_REFUSED: Duration = Duration::from_millis(200);
/// So many answers more, and things are taken to go on.
const GOES_ON: usize = 10 * PEOPLE;

/// The crowd; it goes home with this value.
#[derive(Debug)]
pub(super) struct Crowd {
    seen: Arc<Seen>,
    people: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Seen {
    is_over: AtomicBool,
    tally: Mutex<Tally>,
}

/// What they were told.
#[derive(Debug, Default)]
struct Tally {
    /// By the ids of the requests.
    answered: Vec<String>,
    refused: usize,
    /// Neither an answer nor a refusal.
    wrong: Option<String>,
    last_answer: Option<Instant>,
    longest_silence: Duration,
}

/// What something cost them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) refused: usize,
    /// The longest time without an answer for anybody.
    pub(super) silence: Duration,
}

impl Crowd {
    /// Begins to search at an address.
    pub(super) fn gather(session: &Session, address: &str, day: &str) -> Result<Self> {
        let first = session.search(address, day)?;
        let expected = findings(&text(&first)).filter(|_| first.status == 200);
        let expected = expected.context("nobody is found before anything is killed")?;
        let seen = Arc::new(Seen::default());
        let people = (0..PEOPLE).map(|_| {
            let (seen, session, expected) = (Arc::clone(&seen), session.clone(), expected.clone());
            let (address, day) = (address.to_owned(), day.to_owned());
            thread::spawn(move || {
                while !seen.is_over.load(Ordering::Relaxed) {
                    let told = session.search(&address, &day);
                    thread::sleep(seen.note(&told, &expected));
                }
            })
        });
        Ok(Self {
            people: people.collect(),
            seen,
        })
    }

    /// Does something, waits until they are answered as before, and tells what it cost them.
    pub(super) fn during(&self, act: impl FnOnce() -> Result<()>) -> Result<Cost> {
        let refused = {
            let mut tally = self.seen.tally();
            tally.longest_silence = Duration::ZERO;
            tally.refused
        };
        act()?;
        let enough = self.seen.tally().answered.len() + GOES_ON;
        patiently("searches that are answered again", || {
            let tally = self.seen.tally();
            if let Some(wrong) = &tally.wrong {
                bail!("somebody was told {wrong}");
            }
            Ok((tally.answered.len() >= enough).then_some(()))
        })?;
        let tally = self.seen.tally();
        Ok(Cost {
            refused: tally.refused - refused,
            silence: tally.longest_silence,
        })
    }

    /// Sends them home; the ids of all searches that were answered.
    pub(super) fn disperse(mut self) -> Result<Vec<String>> {
        self.seen.is_over.store(true, Ordering::Relaxed);
        for person in self.people.drain(..) {
            ensure!(person.join().is_ok(), "somebody panicked");
        }
        let mut tally = self.seen.tally();
        if let Some(wrong) = &tally.wrong {
            bail!("somebody was told {wrong}");
        }
        Ok(std::mem::take(&mut tally.answered))
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.seen.is_over.store(true, Ordering::Relaxed);
    }
}

impl Seen {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what somebody was told, and says how long he rests.
    fn note(&self, told: &Result<Answer>, expected: &str) -> Duration {
        let mut tally = self.tally();
        let judged = told.as_ref().map(|answer| {
            let told = judged(answer.status, &text(answer), expected);
            (answer, told)
        });
        match judged {
            Ok((answer, Told::Answered)) => {
                let now = Instant::now();
                let silence = tally.last_answer.map_or(Duration::ZERO, |last| now - last);
                tally.longest_silence = tally.longest_silence.max(silence);
                tally.last_answer = Some(now);
                let id = answer.header("x-request-id").unwrap_or_default();
                tally.answered.push(id.to_owned());
                return REST;
            }
            Ok((_, Told::Refused)) => tally.refused += 1,
            Ok((answer, Told::Wrong)) => {
                tally.wrong = Some(format!("{} {}", answer.status, text(answer)));
            }
            Err(error) => tally.wrong = Some(format!("nothing: {error:#}")),
        }
        REST_REFUSED
    }
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// What is so.
    Answered,
    /// To come again.
    Refused,
    /// Anything else.
    Wrong,
}

fn judged(status: u16, body: &str, expected: &str) -> Told {
    match status {
        200 if findings(body).is_some_and(|findings| findings == expected) => Told::Answered,
        502..=504 if body.contains(r#""code":"unavailable""#) => Told::Refused,
        _ => Told::Wrong,
    }
}

/// Whom a search found, without the ids that are others each time; `None` unless it is both.
fn findings(body: &str) -> Option<String> {
    const ID: &str = r#""id":""#;
    let mut parts = body.split(ID);
    let mut findings = parts.next()?.to_owned();
    for part in parts {
        findings.push_str(ID);
        findings.push_str(part.split_once('"')?.1);
    }
    let are_both = findings.contains("港区") && findings.contains("足立区");
    are_both.then_some(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_truth_is_an_answer() {
        let whole = r#"[{"id":"A","address":"港区"},{"id":"B","address":"足立区"}]"#;
        let expected = findings(whole).unwrap();
        let other_ids = whole.replace("\"A\"", "\"C\"");
        let unavailable = r#"{"code":"unavailable"}"#;
        for (status, body, told) in [
            (200, whole, Told::Answered),
            (200, &other_ids, Told::Answered),
            (200, &whole[..40], Told::Wrong),
            (200, &whole.replace("足立区", "港区"), Told::Wrong),
            (200, &whole.replace("\"}]", "\",\"more\":1}]"), Told::Wrong),
            (200, unavailable, Told::Wrong),
            (503, unavailable, Told::Refused),
            (502, "<html>", Told::Wrong),
            (500, unavailable, Told::Wrong),
            (503, whole, Told::Wrong),
        ] {
            assert_eq!(judged(status, body, &expected), told, "{status} {body}");
        }
    }
}
