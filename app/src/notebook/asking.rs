//! 「まとめて照会」: what is asked next, how long to wait, and when to stop.
//!
//! Nothing of it has to be kept: what has no outcome yet is what is still to be asked. So a run
//! that was stopped, by a person or by a crash, is resumed by beginning it again.

use std::collections::VecDeque;

use protocol::http::ProblemCode;

use super::entry::{Entry, State};
use crate::api::Error;

/// The least time between two searches, in milliseconds: the service lets two a second through.
pub(crate) const PACE_MS: u64 = 600;

/// How often in a row the service may fail before a run stops.
const MOST_FAILURES: u32 = 5;

/// The longest wait that is taken from an answer, in seconds: who is told to wait longer stops.
const LONGEST_WAIT: u32 = 300;

/// What a failure asks of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The conditions are refused: that is the note's outcome.
    Insufficient,
    /// To ask the same again after so many seconds.
    Wait(u32),
    /// To stop, and say why.
    Stop,
}

/// A run: the notes still to be asked about, in the order they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Queue {
    waiting: VecDeque<String>,
    total: usize,
    failures: u32,
}

impl Queue {
    /// All that can be asked about: also what ended without a person, if `again`.
    pub(crate) fn of(entries: &[Entry], again: bool) -> Self {
        let mut wanted: Vec<_> = entries
            .iter()
            .filter(|entry| match entry.state {
                State::Unasked => true,
                State::NotFound | State::Insufficient => again,
                State::Confirmed | State::Several => false,
            })
            .collect();
        wanted.sort_by(|a, b| (a.written_at, &a.id).cmp(&(b.written_at, &b.id)));
        let waiting: VecDeque<_> = wanted.into_iter().map(|entry| entry.id.clone()).collect();
        Self {
            total: waiting.len(),
            waiting,
            failures: 0,
        }
    }

    /// Which note is asked about now.
    pub(crate) fn now(&self) -> Option<&str> {
        self.waiting.front().map(String::as_str)
    }

    /// The note has an outcome, or is not there any more.
    pub(crate) fn done(&mut self) {
        self.waiting.pop_front();
        self.failures = 0;
    }

    /// How many are done, of how many.
    pub(crate) fn progress(&self) -> (usize, usize) {
        (self.total - self.waiting.len(), self.total)
    }

    /// Asking failed; the answer may have said after how many seconds to come again.
    pub(crate) fn failed(&mut self, error: &Error, retry_after: Option<u32>) -> Next {
        if error.code() == Some(ProblemCode::InvalidInput) {
            return Next::Insufficient;
        }
        let may_pass = error.is_passing() || error.code() == Some(ProblemCode::TooManyRequests);
        self.failures += 1;
        if !may_pass || self.failures > MOST_FAILURES {
            return Next::Stop;
        }
        let seconds = retry_after.unwrap_or_else(|| usual_wait(self.failures));
        if seconds > LONGEST_WAIT {
            return Next::Stop;
        }
        Next::Wait(seconds.max(1))
    }
}

/// 5, 10, 20, 40, then every minute.
fn usual_wait(failures: u32) -> u32 {
    5_u32
        .saturating_mul(1 << (failures.max(1) - 1).min(4))
        .min(60)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::entry::tests::entry;
    use super::*;

    fn problem(code: ProblemCode) -> Error {
        Error::Problem(code.problem("r", Vec::new()))
    }

    #[wasm_bindgen_test]
    fn a_run_takes_what_has_no_outcome_in_the_order_of_writing() {
        let written = |id: &str, state, written_at| Entry {
            written_at,
            ..entry(id, state)
        };
        let entries = [
            written("late", State::Unasked, 9),
            written("confirmed", State::Confirmed, 1),
            written("several", State::Several, 2),
            written("nobody", State::NotFound, 3),
            written("missing", State::Insufficient, 4),
            written("early", State::Unasked, 5),
        ];
        for (again, expected) in [
            (false, &["early", "late"][..]),
            (true, &["nobody", "missing", "early", "late"]),
        ] {
            let mut queue = Queue::of(&entries, again);
            let mut asked = Vec::new();
            while let Some(id) = queue.now() {
                asked.push(id.to_owned());
                queue.done();
            }
            assert_eq!(asked, expected);
            assert_eq!(queue.progress(), (expected.len(), expected.len()));
        }
    }

    #[wasm_bindgen_test]
    fn a_stopped_run_is_resumed_where_it_was() {
        let mut entries = vec![
            entry("a", State::Unasked),
            entry("b", State::Unasked),
            entry("c", State::Unasked),
        ];
        let mut queue = Queue::of(&entries, false);
        entries[0] = entries[0].ended(State::Confirmed, None);
        queue.done();
        assert_eq!(queue.progress(), (1, 3));
        // The page is gone, and with it the queue.
        let resumed = Queue::of(&entries, false);
        assert_eq!(resumed.now(), Some("b"));
        assert_eq!(resumed.progress(), (0, 2));
    }

    #[wasm_bindgen_test]
    fn failures_wait_as_they_are_told_or_stop() {
        let table = [
            (problem(ProblemCode::InvalidInput), None, Next::Insufficient),
            (
                problem(ProblemCode::TooManyRequests),
                Some(7),
                Next::Wait(7),
            ),
            (
                problem(ProblemCode::TooManyRequests),
                Some(0),
                Next::Wait(1),
            ),
            (problem(ProblemCode::TooManyRequests), Some(301), Next::Stop),
            (problem(ProblemCode::Unavailable), Some(30), Next::Wait(30)),
            (problem(ProblemCode::Unavailable), None, Next::Wait(5)),
            (Error::Network, None, Next::Wait(5)),
            (problem(ProblemCode::NotAllowed), None, Next::Stop),
            (problem(ProblemCode::Internal), None, Next::Stop),
            (Error::Decode, None, Next::Stop),
        ];
        for (error, retry_after, expected) in table {
            let mut queue = Queue::of(&[entry("a", State::Unasked)], false);
            assert_eq!(queue.failed(&error, retry_after), expected, "{error:?}");
            assert_eq!(queue.now(), Some("a"), "nothing is left out");
        }
    }

    #[wasm_bindgen_test]
    fn a_service_that_stays_away_ends_the_run() {
        let mut queue = Queue::of(&[entry("a", State::Unasked)], false);
        let steps: Vec<_> = (0..6)
            .map(|_| queue.failed(&Error::Network, None))
            .collect();
        let waits = [5, 10, 20, 40, 60].map(Next::Wait);
        assert_eq!(steps[..5], waits);
        assert_eq!(steps[5], Next::Stop);
        queue.done();
        assert_eq!(queue.failed(&Error::Network, None), Next::Wait(5), "anew");
    }
}
