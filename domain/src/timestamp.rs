//! A point in time, given by whoever holds the clock.

use serde::{Deserialize, Serialize};

use crate::date::Date;

const MILLISECONDS_PER_DAY: i64 = 86_400_000;
/// Japan standard time is UTC+9 without daylight saving (明治28年勅令第167号).
const TOKYO_OFFSET_MILLISECONDS: i64 = 9 * 3_600_000;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    pub const fn from_unix_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn unix_milliseconds(self) -> i64 {
        self.0
    }

    /// This time, some seconds later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// The calendar day in Asia/Tokyo, which is the day that every date on
    /// screen means. Times outside the range of [`Date`] give its nearest end.
    pub fn tokyo_date(self) -> Date {
        let days =
            (self.0.saturating_add(TOKYO_OFFSET_MILLISECONDS)).div_euclid(MILLISECONDS_PER_DAY);
        Date::from_days_since_unix_epoch(days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_tokyo() {
        let table = [
            (0, "1970-01-01"),
            (1_616_684_399_999, "2021-03-25"), // 2021-03-25T14:59:59.999Z
            (1_616_684_400_000, "2021-03-26"), // 2021-03-25T15:00:00Z
        ];
        for (milliseconds, day) in table {
            let date = Timestamp::from_unix_milliseconds(milliseconds).tokyo_date();
            assert_eq!(date.to_string(), day, "{milliseconds}");
        }
    }
}
