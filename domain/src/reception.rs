//! When the call centre answers (source document, 【注記】: 月曜日～金曜日 9:00～17:00, いずれも祝日を除く).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::timestamp::Timestamp;

const SECONDS_PER_MINUTE: i64 = 60;
const MINUTES_PER_DAY: u16 = 24 * 60;
/// How far is looked for a day on which somebody answers: longer than any run of holidays.
const DAYS_AHEAD: i64 = 31;

/// 受付時間: on which weekdays, and from when to when, in Asia/Tokyo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Hours", into = "Hours")]
pub struct ReceptionHours(Hours);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Hours {
    /// Monday first.
    weekdays: [bool; 7],
    /// In minutes after midnight.
    from: u16,
    /// In minutes after midnight; not yet this minute.
    to: u16,
}

/// Nobody would ever answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hours begin after midnight and end later on the same day, on one weekday at least")]
pub struct NoHours;

/// Not `mon-fri 9:00-17:00` or the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("hours are days and times like \"mon-fri 9:00-17:00\" or \"mon,wed,sat-sun 8:30-24:00\"")]
pub struct InvalidHours;

/// Whether somebody answers now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reception {
    /// Yes, until then.
    Open {
        /// The first moment at which nobody answers.
        until: Timestamp,
    },
    /// No; again from then on, if that is within a month.
    Closed {
        /// The first moment at which somebody answers.
        opens_at: Option<Timestamp>,
    },
}

impl TryFrom<Hours> for ReceptionHours {
    type Error = NoHours;

    fn try_from(hours: Hours) -> Result<Self, NoHours> {
        Self::new(hours.weekdays, hours.from, hours.to)
    }
}

impl From<ReceptionHours> for Hours {
    fn from(hours: ReceptionHours) -> Self {
        hours.0
    }
}

impl Default for ReceptionHours {
    /// Monday to Friday, 9:00 to 17:00.
    fn default() -> Self {
        Self(Hours {
            weekdays: [true, true, true, true, true, false, false],
            from: 9 * 60,
            to: 17 * 60,
        })
    }
}

impl ReceptionHours {
    /// On these weekdays, Monday first, from a minute after midnight to another.
    pub fn new(weekdays: [bool; 7], from: u16, to: u16) -> Result<Self, NoHours> {
        if !weekdays.contains(&true) || from >= to || to > MINUTES_PER_DAY {
            return Err(NoHours);
        }
        Ok(Self(Hours { weekdays, from, to }))
    }

    /// Whether somebody answers now; on a holiday nobody does.
    pub fn at(self, now: Timestamp, is_holiday: impl Fn(Date) -> bool) -> Reception {
        let today = now.tokyo_date().days_since_unix_epoch();
        let days = (today..today + DAYS_AHEAD).map(Date::from_days_since_unix_epoch);
        for day in days.filter(|day| self.is_weekday(*day) && !is_holiday(*day)) {
            let [from, to] = [self.0.from, self.0.to].map(|minutes| moment(day, minutes));
            if now < from {
                return Reception::Closed {
                    opens_at: Some(from),
                };
            }
            if now < to {
                return Reception::Open { until: to };
            }
        }
        Reception::Closed { opens_at: None }
    }

    /// `月曜日～金曜日 9:00～17:00`, as the source document writes it.
    pub fn text(self) -> String {
        let names = ["月", "火", "水", "木", "金", "土", "日"];
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (day, _) in self.0.weekdays.iter().enumerate().filter(|(_, is)| **is) {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == day => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let name = |day: usize| names.get(day).copied().unwrap_or_default();
        let run = |(first, last): (usize, usize)| match last - first {
            0 => format!("{}曜日", name(first)),
            1 => format!("{}曜日・{}曜日", name(first), name(last)),
            _ => format!("{}曜日～{}曜日", name(first), name(last)),
        };
        let days: Vec<String> = runs.into_iter().map(run).collect();
        format!(
            "{} {}～{}",
            days.join("・"),
            clock(self.0.from),
            clock(self.0.to)
        )
    }

    fn is_weekday(self, day: Date) -> bool {
        // 1970-01-01 was a Thursday.
        let place = (day.days_since_unix_epoch() + 3).rem_euclid(7);
        let place = usize::try_from(place).unwrap_or_default();
        self.0.weekdays.get(place).copied().unwrap_or_default()
    }
}

/// The days' names in [`ReceptionHours`] as text.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl FromStr for ReceptionHours {
    type Err = InvalidHours;

    /// Days (`mon` to `sun`, runs with `-`, several with `,`), a space, and from when to when
    /// (`9:00-17:00`, up to `24:00`).
    fn from_str(text: &str) -> Result<Self, InvalidHours> {
        let (days, times) = text.trim().split_once(' ').ok_or(InvalidHours)?;
        let mut weekdays = [false; 7];
        for run in days.split(',') {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let place = |name: &str| DAYS.iter().position(|day| *day == name);
            let (first, last) = place(first).zip(place(last)).ok_or(InvalidHours)?;
            let run = weekdays.get_mut(first..=last).ok_or(InvalidHours)?;
            run.fill(true);
        }
        let (from, to) = times.trim().split_once('-').ok_or(InvalidHours)?;
        let (from, to) = minutes(from).zip(minutes(to)).ok_or(InvalidHours)?;
        Self::new(weekdays, from, to).map_err(|NoHours| InvalidHours)
    }
}

fn minutes(clock: &str) -> Option<u16> {
    let (hours, minutes) = clock.split_once(':')?;
    let number = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|it| *it < 60)?);
    Some(hours * 60 + minutes)
}

fn moment(day: Date, minutes: u16) -> Timestamp {
    Timestamp::start_of_tokyo_day(day).plus_seconds(i64::from(minutes) * SECONDS_PER_MINUTE)
}

fn clock(minutes: u16) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, minutes: u16) -> Timestamp {
        moment(day.parse().unwrap(), minutes)
    }

    #[test]
    fn somebody_answers_on_weekdays_that_are_no_holidays() {
        let hours = ReceptionHours::default();
        // 2026-11-23 (Monday) is 勤労感謝の日.
        let is_holiday = |day: Date| day.to_string() == "2026-11-23";
        let closed = |day, minutes| Reception::Closed {
            opens_at: Some(at(day, minutes)),
        };
        let table = [
            (at("2026-11-20", 9 * 60 - 1), closed("2026-11-20", 540)),
            (
                at("2026-11-20", 540),
                Reception::Open {
                    until: at("2026-11-20", 1020),
                },
            ),
            (
                at("2026-11-20", 1019),
                Reception::Open {
                    until: at("2026-11-20", 1020),
                },
            ),
            (at("2026-11-20", 1020), closed("2026-11-24", 540)),
            (at("2026-11-22", 720), closed("2026-11-24", 540)),
            (at("2026-11-23", 720), closed("2026-11-24", 540)),
            (
                at("2026-11-24", 720),
                Reception::Open {
                    until: at("2026-11-24", 1020),
                },
            ),
        ];
        for (now, expected) in table {
            assert_eq!(hours.at(now, is_holiday), expected, "{}", now.tokyo_text());
        }
        let never = hours.at(at("2026-11-20", 720), |_| true);
        assert_eq!(never, Reception::Closed { opens_at: None });
    }

    #[test]
    fn hours_are_read_from_a_short_text() {
        let table = [
            ("mon-fri 9:00-17:00", Some("月曜日～金曜日 9:00～17:00")),
            (
                "mon,wed,sat-sun 8:30-24:00",
                Some("月曜日・水曜日・土曜日・日曜日 8:30～24:00"),
            ),
            (" sun  00:00-00:01 ", Some("日曜日 0:00～0:01")),
            ("fri-mon 9:00-17:00", None),
            ("mon-fri 9-17", None),
            ("mon-fri 17:00-9:00", None),
            ("mon-fri 9:00-24:01", None),
            ("mon-fri 9:60-17:00", None),
            ("mon-fri +9:00-17:00", None),
            ("Montag 9:00-17:00", None),
            ("mon- 9:00-17:00", None),
            ("", None),
        ];
        for (text, expected) in table {
            let hours = text.parse::<ReceptionHours>().ok();
            assert_eq!(
                hours.map(ReceptionHours::text).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn hours_are_written_as_people_do() {
        let days = |text: &str| {
            let is = |place| text.as_bytes()[place] == b'x';
            [0, 1, 2, 3, 4, 5, 6].map(is)
        };
        let table = [
            ("xxxxx..", 540, 1020, "月曜日～金曜日 9:00～17:00"),
            ("xxxxxx.", 480, 1080, "月曜日～土曜日 8:00～18:00"),
            ("x.x....", 0, 1440, "月曜日・水曜日 0:00～24:00"),
            (".....xx", 545, 600, "土曜日・日曜日 9:05～10:00"),
        ];
        for (weekdays, from, to, expected) in table {
            let hours = ReceptionHours::new(days(weekdays), from, to).unwrap();
            assert_eq!(hours.text(), expected);
            let json = serde_json::to_string(&hours).unwrap();
            assert_eq!(
                serde_json::from_str::<ReceptionHours>(&json).unwrap(),
                hours
            );
        }
        for (weekdays, from, to) in [(".......", 0, 1), ("xxxxxxx", 60, 60), ("xxxxxxx", 0, 1441)] {
            assert_eq!(ReceptionHours::new(days(weekdays), from, to), Err(NoHours));
        }
    }
}
