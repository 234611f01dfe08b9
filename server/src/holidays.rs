//! 国民の祝日, on which the call centre does not answer.
//!
//! The rules of 国民の祝日に関する法律 (昭和23年法律第178号) are a library's. It calculates
//! 春分の日 and 秋分の日, which are announced in February of the year before (官報, 暦要項); so far, the
//! calculation and the announcements agree. A law that makes one day a holiday comes with
//! a newer version of it.

use domain::date::Date;
use jpholiday::chrono::NaiveDate;
use jpholiday::jpholiday::JPHoliday;

/// Whether the day is 国民の祝日, 振替休日 (3条2項) or 国民の休日 (3条3項); for days of which
/// that can still matter, not for those before the law.
pub fn is_holiday(day: Date) -> bool {
    let [month, day_of_month] = [day.month(), day.day()].map(u32::from);
    NaiveDate::from_ymd_opt(day.year().into(), month, day_of_month)
        .is_some_and(|day| JPHoliday::new().is_holiday(&day))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Month and day. 2025 to 2027: as announced by the Cabinet Office
    /// (<https://www8.cao.go.jp/chosei/shukujitsu/gaiyou.html>); from 2028 on by the law's rules, with the
    /// equinoxes that the National Astronomical Observatory expects.
    const HOLIDAYS: [(i32, &[&str]); 6] = [
        (
            2025,
            &[
                "01-01", "01-13", "02-11", "02-23", "02-24", "03-20", "04-29", "05-03", "05-04",
                "05-05", "05-06", "07-21", "08-11", "09-15", "09-23", "10-13", "11-03", "11-23",
                "11-24",
            ],
        ),
        // 09-22: a day between two holidays; 05-06: the Wednesday after a Sunday that is one.
        (
            2026,
            &[
                "01-01", "01-12", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05",
                "05-06", "07-20", "08-11", "09-21", "09-22", "09-23", "10-12", "11-03", "11-23",
            ],
        ),
        (
            2027,
            &[
                "01-01", "01-11", "02-11", "02-23", "03-21", "03-22", "04-29", "05-03", "05-04",
                "05-05", "07-19", "08-11", "09-20", "09-23", "10-11", "11-03", "11-23",
            ],
        ),
        (
            2028,
            &[
                "01-01", "01-10", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05",
                "07-17", "08-11", "09-18", "09-22", "10-09", "11-03", "11-23",
            ],
        ),
        (
            2029,
            &[
                "01-01", "01-08", "02-11", "02-12", "02-23", "03-20", "04-29", "04-30", "05-03",
                "05-04", "05-05", "07-16", "08-11", "09-17", "09-23", "09-24", "10-08", "11-03",
                "11-23",
            ],
        ),
        (
            2030,
            &[
                "01-01", "01-14", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05",
                "05-06", "07-15", "08-11", "08-12", "09-16", "09-23", "10-14", "11-03", "11-04",
                "11-23",
            ],
        ),
    ];

    #[test]
    fn every_day_of_six_years_is_as_the_law_says() {
        for (year, expected) in HOLIDAYS {
            let first = Date::new(year, 1, 1).unwrap().days_since_unix_epoch();
            let found: Vec<String> = (first..first + 366)
                .map(Date::from_days_since_unix_epoch)
                .filter(|day| i32::from(day.year()) == year && is_holiday(*day))
                .map(|day| day.to_string()[5..].to_owned())
                .collect();
            assert_eq!(found, expected, "{year}");
        }
    }

    #[test]
    fn days_at_the_ends_of_the_calendar_are_answered() {
        assert!(is_holiday(Date::MIN));
        assert!(!is_holiday(Date::MAX));
    }
}
