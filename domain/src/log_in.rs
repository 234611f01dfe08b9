//! How long to wait after log-ins that failed, so that passwords can't be tried
//! in numbers (安全管理ガイドライン 第6.0版 14: a growing wait after repeated failures).

use crate::timestamp::Timestamp;

/// The longest wait, in seconds. An account must not be shut for long by
/// somebody who only knows its ユーザID.
pub const LONGEST_WAIT_SECONDS: i64 = 15 * 60;
/// The wait after the first failure too many, in seconds; it doubles from there.
const FIRST_WAIT_SECONDS: i64 = 30;
/// Failures are forgotten after so many seconds without another one.
pub const FORGOTTEN_AFTER_SECONDS: i64 = 24 * 3600;

/// What failures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// A ユーザID, whether or not there is such an account.
    Account,
    /// A network address. A whole clinic may share one.
    Address,
}

impl Counted {
    /// Failures in a row that cost nothing: people mistype.
    const fn free(self) -> u32 {
        match self {
            Self::Account => 4,
            Self::Address => 30,
        }
    }
}

/// Failures in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one was.
    pub last_at: Timestamp,
}

impl Failures {
    /// How many still count at a time.
    pub fn counting(self, now: Timestamp) -> u32 {
        if self.last_at.plus_seconds(FORGOTTEN_AFTER_SECONDS) <= now {
            0
        } else {
            self.count
        }
    }

    /// The seconds to wait before the next attempt; zero when it may be made now.
    pub fn wait_seconds(self, counted: Counted, now: Timestamp) -> i64 {
        let beyond = self.counting(now).saturating_sub(counted.free());
        if beyond == 0 {
            return 0;
        }
        let wait = FIRST_WAIT_SECONDS << (beyond - 1).min(5);
        let until = self.last_at.plus_seconds(wait.min(LONGEST_WAIT_SECONDS));
        let left = until.unix_milliseconds() - now.unix_milliseconds();
        // Rounded up: who waits as long as he is told is let in. A clock that was
        // set back must not make the wait longer.
        (left.max(0).saturating_add(999) / 1000).min(LONGEST_WAIT_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_milliseconds(seconds * 1000)
    }

    #[test]
    fn waits_grow_with_failures_and_shrink_with_time() {
        let day = FORGOTTEN_AFTER_SECONDS;
        let table = [
            (Counted::Account, 0, 0, 0),
            (Counted::Account, 4, 0, 0),
            (Counted::Account, 5, 0, 30),
            (Counted::Account, 5, 29, 1),
            (Counted::Account, 5, 30, 0),
            (Counted::Account, 6, 0, 60),
            (Counted::Account, 7, 0, 120),
            (Counted::Account, 8, 0, 240),
            (Counted::Account, 9, 0, 480),
            (Counted::Account, 10, 0, 900),
            (Counted::Account, 1000, 0, 900),
            (Counted::Account, u32::MAX, 899, 1),
            (Counted::Account, u32::MAX, 900, 0),
            (Counted::Address, 30, 0, 0),
            (Counted::Address, 31, 0, 30),
            (Counted::Address, 32, 0, 60),
            (Counted::Address, 1000, 0, 900),
            // A clock that was set back.
            (Counted::Account, 5, -3600, 900),
            (Counted::Account, 1000, day, 0),
        ];
        for (counted, count, later, expected) in table {
            let failures = Failures {
                count,
                last_at: at(0),
            };
            let wait = failures.wait_seconds(counted, at(later));
            assert_eq!(wait, expected, "{counted:?} {count} {later}");
        }
    }

    #[test]
    fn failures_are_forgotten_after_a_day() {
        let failures = Failures {
            count: 7,
            last_at: at(0),
        };
        assert_eq!(failures.counting(at(FORGOTTEN_AFTER_SECONDS - 1)), 7);
        assert_eq!(failures.counting(at(FORGOTTEN_AFTER_SECONDS)), 0);
    }
}
