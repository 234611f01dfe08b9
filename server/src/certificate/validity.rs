//! From when to when a certificate is valid.

use domain::date::Date;
use domain::timestamp::Timestamp;
use x509_parser::certificate;

/// Staff tell the patient when the last day is within so many months.
const SOON_MONTHS: u8 = 3;

/// The first and the last second, in seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    first: i64,
    last: i64,
}

/// Where a time lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Before the first second.
    Before,
    /// From the first second to the end of the last one.
    During,
    /// After the last second.
    After,
}

impl Validity {
    pub(super) fn of(validity: &certificate::Validity) -> Self {
        Self {
            first: validity.not_before.timestamp(),
            last: validity.not_after.timestamp(),
        }
    }

    pub(super) fn at(self, now: Timestamp) -> When {
        let second = now.unix_milliseconds().div_euclid(1000);
        if second < self.first {
            When::Before
        } else if second > self.last {
            When::After
        } else {
            When::During
        }
    }

    /// The last day in Tokyo, when it is near.
    pub(super) fn ends_soon(self, now: Timestamp) -> Option<Date> {
        let last = Timestamp::from_unix_milliseconds(self.last.saturating_mul(1000)).tokyo_date();
        (last <= months_later(now.tokyo_date(), SOON_MONTHS)).then_some(last)
    }
}

/// The day of the same number so many months later, or the last one of a shorter
/// month; `months` is at most 12.
fn months_later(day: Date, months: u8) -> Date {
    let month = day.month() + months;
    let (year, month) = if month > 12 {
        (day.year() + 1, month - 12)
    } else {
        (day.year(), month)
    };
    (1..=day.day())
        .rev()
        .find_map(|number| Date::new(year.into(), month, number).ok())
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: i64) -> Timestamp {
        Timestamp::from_unix_milliseconds(seconds * 1000)
    }

    #[test]
    fn the_last_second_belongs_to_it() {
        let validity = Validity {
            first: 100,
            last: 200,
        };
        let table = [
            (99_999, When::Before),
            (100_000, When::During),
            (200_999, When::During),
            (201_000, When::After),
            (-1, When::Before),
        ];
        for (milliseconds, when) in table {
            let now = Timestamp::from_unix_milliseconds(milliseconds);
            assert_eq!(validity.at(now), when, "{milliseconds}");
        }
    }

    /// 14:59:59Z is the end of the day in Tokyo.
    #[test]
    fn the_last_day_is_tokyo_s_and_is_told_three_months_before() {
        let table = [
            // 2027-02-22T14:59:59Z, seen from 2026-11-22 and the day before in Tokyo.
            ((2027, 2, 22), (2026, 11, 22), true),
            ((2027, 2, 22), (2026, 11, 21), false),
            ((2027, 2, 22), (2027, 2, 22), true),
            // No February 30th.
            ((2027, 2, 28), (2026, 11, 30), true),
            ((2027, 3, 1), (2026, 11, 30), false),
        ];
        for ((year, month, day), today, is_soon) in table {
            let last = Date::new(year, month, day).unwrap();
            let midnight = Timestamp::start_of_tokyo_day(last).plus_seconds(86_400);
            let validity = Validity {
                first: 0,
                last: midnight.unix_milliseconds() / 1000 - 1,
            };
            let today = Date::new(today.0, today.1, today.2).unwrap();
            let now = Timestamp::start_of_tokyo_day(today);
            assert_eq!(
                validity.ends_soon(now),
                is_soon.then_some(last),
                "{today:?}"
            );
        }
        let for_ever = Validity {
            first: 0,
            last: i64::MAX,
        };
        assert_eq!(for_ever.ends_soon(seconds(0)), None);
    }
}
