//! When a session is locked, and when it has ended.

use serde::{Deserialize, Serialize};

use crate::timestamp::Timestamp;

/// A session ends after so many seconds in any case: a working day.
const LIFE_SECONDS: i64 = 12 * 3600;

/// After how much idleness a session is locked and ended, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionRules {
    /// From then on only the password opens it again.
    pub lock_after_seconds: u32,
    /// From then on it is over.
    pub log_out_after_seconds: u32,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            lock_after_seconds: 10 * 60,
            log_out_after_seconds: 30 * 60,
        }
    }
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In use.
    Open,
    /// Only the password opens it again.
    Locked,
    /// Over.
    Ended(SessionEnd),
}

/// Why a session is over, where the person should be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// Nothing was done for too long.
    Idle,
    /// It had lasted for a working day.
    Expired,
    /// The same account logged in elsewhere.
    TakenOver,
    /// 「すべての端末からログアウト」.
    Everywhere,
    /// The account was disabled or given another password.
    AccountChanged,
}

impl SessionEnd {
    /// All reasons.
    pub const ALL: [Self; 5] = [
        Self::Idle,
        Self::Expired,
        Self::TakenOver,
        Self::Everywhere,
        Self::AccountChanged,
    ];

    /// Its name in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Expired => "expired",
            Self::TakenOver => "taken_over",
            Self::Everywhere => "everywhere",
            Self::AccountChanged => "account_changed",
        }
    }
}

impl SessionRules {
    /// Where a session stands that was begun and last used at these times.
    pub fn standing(self, created_at: Timestamp, used_at: Timestamp, now: Timestamp) -> Standing {
        let is_over = |since: Timestamp, seconds: i64| since.plus_seconds(seconds) <= now;
        if is_over(created_at, LIFE_SECONDS) {
            Standing::Ended(SessionEnd::Expired)
        } else if is_over(used_at, self.log_out_after_seconds.into()) {
            Standing::Ended(SessionEnd::Idle)
        } else if is_over(used_at, self.lock_after_seconds.into()) {
            Standing::Locked
        } else {
            Standing::Open
        }
    }

    /// How many seconds old the time of the last use may be before it is noted
    /// again. By so much a session may be locked early, never late.
    pub fn note_after_seconds(self) -> u32 {
        (self.lock_after_seconds / 20).min(30)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_milliseconds(seconds * 1000)
    }

    #[test]
    fn idleness_locks_then_ends_and_so_does_age() {
        let hours = 3600;
        let table = [
            (0, 0, 0, Standing::Open),
            (0, 0, 599, Standing::Open),
            (0, 0, 600, Standing::Locked),
            (0, 0, 1799, Standing::Locked),
            (0, 0, 1800, Standing::Ended(SessionEnd::Idle)),
            (0, 11 * hours, 11 * hours + 1, Standing::Open),
            (
                0,
                12 * hours - 1,
                12 * hours,
                Standing::Ended(SessionEnd::Expired),
            ),
            // A clock that was set back ends nothing.
            (100, 100, 0, Standing::Open),
        ];
        for (created, used, now, expected) in table {
            let standing = SessionRules::default().standing(at(created), at(used), at(now));
            assert_eq!(standing, expected, "{created} {used} {now}");
        }
    }

    #[test]
    fn use_is_noted_often_enough_for_the_lock() {
        for (lock, note) in [(600, 30), (60, 3), (5, 0), (86_400, 30)] {
            let rules = SessionRules {
                lock_after_seconds: lock,
                log_out_after_seconds: lock * 3,
            };
            assert_eq!(rules.note_after_seconds(), note, "{lock}");
        }
    }
}
