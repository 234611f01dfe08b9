//! A point in time, given by whoever holds the clock.

use serde::{Deserialize, Serialize};

use crate::date::Date;

const MILLISECONDS_PER_DAY: i64 = 86_400_000;
/// Japan standard time is UTC+9 without daylight saving (明治28年勅令第167号).
const TOKYO_OFFSET_MILLISECONDS: i64 = 9 * 3_600_000;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

    /// The first moment of a day in Asia/Tokyo.
    pub fn start_of_tokyo_day(date: Date) -> Self {
        Self(date.days_since_unix_epoch() * MILLISECONDS_PER_DAY - TOKYO_OFFSET_MILLISECONDS)
    }

    /// The day and the time of day in Asia/Tokyo, for a screen: `2026/11/22 12:34:56`.
    pub fn tokyo_text(self) -> String {
        let (hours, minutes, seconds, _) = self.tokyo_clock();
        format!(
            "{} {hours:02}:{minutes:02}:{seconds:02}",
            self.tokyo_date().slashed()
        )
    }

    /// ISO 8601 in Asia/Tokyo, for programs: `2026-11-22T12:34:56.789+09:00`.
    pub fn tokyo_iso(self) -> String {
        let (hours, minutes, seconds, milliseconds) = self.tokyo_clock();
        format!(
            "{}T{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}+09:00",
            self.tokyo_date()
        )
    }

    fn tokyo_clock(self) -> (i64, i64, i64, i64) {
        let of_day =
            (self.0.saturating_add(TOKYO_OFFSET_MILLISECONDS)).rem_euclid(MILLISECONDS_PER_DAY);
        (
            of_day / 3_600_000,
            of_day / 60_000 % 60,
            of_day / 1000 % 60,
            of_day % 1000,
        )
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

    #[test]
    fn times_of_day_are_tokyo_s() {
        let table = [
            (0, "1970/01/01 09:00:00", "1970-01-01T09:00:00.000+09:00"),
            (
                1_616_684_399_999,
                "2021/03/25 23:59:59",
                "2021-03-25T23:59:59.999+09:00",
            ),
        ];
        for (milliseconds, text, iso) in table {
            let time = Timestamp::from_unix_milliseconds(milliseconds);
            assert_eq!(time.tokyo_text(), text);
            assert_eq!(time.tokyo_iso(), iso);
        }
        let day = "2021-03-26".parse().unwrap();
        let start = Timestamp::start_of_tokyo_day(day);
        assert_eq!(start.unix_milliseconds(), 1_616_684_400_000);
    }
}
