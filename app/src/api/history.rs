//! The last errors on this browser, for support: when, what, and which request.
//!
//! Kept in the browser's storage, so that they are there after a reload too.
//! Nothing personal: codes, request ids and addresses without their ids.

use protocol::http::{ProblemCode, path};
use serde::{Deserialize, Serialize};

use super::Error;
use crate::clock;
use crate::kept;

/// The most entries that are kept.
pub(crate) const MOST_ENTRIES: usize = 50;

/// The entry of the browser's storage.
const KEY: &str = "shikaku.errors";

/// One error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// When, by this terminal's clock, in milliseconds since 1970.
    pub(crate) at: i64,
    /// The service's code, or the page's own.
    pub(crate) code: String,
    /// The request's name in the service's log; empty when it never got there.
    pub(crate) request_id: String,
    /// What was asked, like `GET /api/eligibility/…`.
    pub(crate) route: String,
}

/// Keeps an error, unless it only says what to type or that a log-in is needed.
pub(super) fn record(method: &str, path: &str, error: &Error) {
    if is_ordinary(error) {
        return;
    }
    let request_id = match error {
        Error::Problem(problem) => problem.request_id.clone(),
        Error::Network | Error::Decode | Error::Part => String::new(),
    };
    add(Entry {
        at: clock::milliseconds(),
        code: error.reference_code(),
        request_id,
        route: route(method, path),
    });
}

/// Keeps that a part of the page could not be had.
pub(crate) fn record_part(error: &Error) {
    record("", "", error);
}

/// Keeps that the app itself stopped.
pub(crate) fn record_crash() {
    add(Entry {
        at: clock::milliseconds(),
        code: "crash".to_owned(),
        request_id: String::new(),
        route: String::new(),
    });
}

/// The entries, the latest first. None where the browser keeps nothing.
pub(crate) fn entries() -> Vec<Entry> {
    kept::read(KEY).unwrap_or_default()
}

/// Forgets them.
pub(crate) fn clear() {
    kept::remove(KEY);
}

fn add(entry: Entry) {
    kept::write(KEY, &with_latest(entries(), entry));
}

fn with_latest(mut entries: Vec<Entry>, entry: Entry) -> Vec<Entry> {
    entries.insert(0, entry);
    entries.truncate(MOST_ENTRIES);
    entries
}

fn is_ordinary(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        code.means_logged_out()
            || matches!(
                code,
                ProblemCode::InvalidInput
                    | ProblemCode::LogInRefused
                    | ProblemCode::PasswordRefused
                    | ProblemCode::TooManyAttempts
                    | ProblemCode::InUseElsewhere
                    | ProblemCode::Locked
                    | ProblemCode::PasswordChangeRequired
            )
    })
}

/// The address without what follows its first two parts, which may be an id.
fn route(method: &str, path: &str) -> String {
    let kept = if path == path::SEARCHES {
        path.to_owned()
    } else {
        match path.match_indices('/').nth(2) {
            Some((end, _)) => [path.get(..end).unwrap_or_default(), "/…"].concat(),
            None => path.to_owned(),
        }
    };
    [method, " ", &kept].concat().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn addresses_lose_their_ids() {
        let table = [
            ("GET", path::SESSION, "GET /api/session"),
            ("POST", path::SEARCHES, "POST /api/eligibility/searches"),
            (
                "GET",
                "/api/eligibility/AAAAAAAAAAAAAAAAAAAAAA",
                "GET /api/eligibility/…",
            ),
            ("", "", ""),
        ];
        for (method, path, expected) in table {
            assert_eq!(route(method, path), expected);
        }
    }

    #[wasm_bindgen_test]
    fn the_latest_fifty_are_kept() {
        let entry = |at| Entry {
            at,
            code: "network".to_owned(),
            request_id: String::new(),
            route: String::new(),
        };
        let kept = (0..60).fold(Vec::new(), |kept, at| with_latest(kept, entry(at)));
        assert_eq!(kept.len(), MOST_ENTRIES);
        assert_eq!((kept[0].at, kept[49].at), (59, 10));
    }

    #[wasm_bindgen_test]
    fn what_belongs_to_the_form_is_no_error() {
        let problem = |code: ProblemCode| Error::Problem(code.problem("r-1", Vec::new()));
        let table = [
            (Error::Network, false),
            (Error::Decode, false),
            (Error::Part, false),
            (problem(ProblemCode::Internal), false),
            (problem(ProblemCode::NotLoggedIn), true),
            (problem(ProblemCode::InvalidInput), true),
            (problem(ProblemCode::TakenOver), true),
            (problem(ProblemCode::Locked), true),
        ];
        for (error, expected) in table {
            assert_eq!(is_ordinary(&error), expected, "{error:?}");
        }
    }
}
