//! Calendar days, in the Gregorian calendar (西暦) and in Japanese eras (和暦).
//!
//! The calendar itself is ICU4X's; here is only what the field adds: the range,
//! the wording, and the reading of what people type ([`parse()`]).

mod parse;

use std::fmt;
use std::str::FromStr;

use icu_calendar::types::RataDie;
use icu_calendar::{Date as IcuDate, Iso, cal::Japanese};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use parse::{DateError, parse};

/// 1970-01-01 as a Rata Die day number.
const UNIX_EPOCH: RataDie = RataDie::new(719_163);

/// A day from 1873-01-01 (明治6年1月1日, the first day of the Gregorian calendar
/// in Japan; nobody insured was born before it) to 2199-12-31.
///
/// On the wire and in the store it is ISO 8601 (`2021-03-26`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// The day does not exist, or lies outside the range of [`Date`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a day between 1873-01-01 and 2199-12-31")]
pub struct NoSuchDate;

impl Date {
    /// The first day that can be given.
    pub const MIN: Self = Self {
        year: 1873,
        month: 1,
        day: 1,
    };
    /// The last day that can be given.
    pub const MAX: Self = Self {
        year: 2199,
        month: 12,
        day: 31,
    };

    /// A day of the Gregorian calendar; `month` and `day` count from 1.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, NoSuchDate> {
        IcuDate::try_new_iso(year, month, day).map_err(|_| NoSuchDate)?;
        match u16::try_from(year) {
            Ok(year @ 1873..=2199) => Ok(Self { year, month, day }),
            _ => Err(NoSuchDate),
        }
    }

    /// From the interface's form `yyyyMMdd` (eight ASCII digits).
    pub fn from_interface(text: &str) -> Result<Self, NoSuchDate> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoSuchDate);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse().map_err(|_| NoSuchDate);
        let month = u8::try_from(number(4..6)?).map_err(|_| NoSuchDate)?;
        let day = u8::try_from(number(6..8)?).map_err(|_| NoSuchDate)?;
        Self::new(number(0..4)?, month, day)
    }

    /// The interface's form, `yyyyMMdd`.
    pub fn to_interface(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// Days since 1970-01-01, moved to the nearest end when outside the range.
    pub fn from_days_since_unix_epoch(days: i64) -> Self {
        let (first, last) = (
            Self::MIN.days_since_unix_epoch(),
            Self::MAX.days_since_unix_epoch(),
        );
        let date = IcuDate::from_rata_die(UNIX_EPOCH + days.clamp(first, last), Iso);
        let year = u16::try_from(date.year().extended_year()).unwrap_or(Self::MAX.year);
        Self {
            year,
            month: date.month().ordinal,
            day: date.day_of_month().0,
        }
    }

    /// Days since 1970-01-01; negative before.
    pub fn days_since_unix_epoch(self) -> i64 {
        self.icu().to_rata_die() - UNIX_EPOCH
    }

    /// The year of the Gregorian calendar.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The birthday on which somebody born on this day becomes `years` old. Who is
    /// born on February 29th has it on March 1st of other years (民法 143条 2項: the
    /// year is over with the last day of February). Ends at [`Date::MAX`].
    #[must_use]
    pub fn birthday(self, years: u16) -> Self {
        let year = i32::from(self.year) + i32::from(years);
        Self::new(year, self.month, self.day)
            .or_else(|_| Self::new(year, 3, 1))
            .unwrap_or(Self::MAX)
    }

    /// The number of days of the month that the day is in.
    pub fn days_in_month(self) -> u8 {
        self.icu().days_in_month()
    }

    /// The era that the day falls in, and the year of the era.
    pub fn era_year(self) -> EraYear {
        let year = self.icu().to_calendar(Japanese::new()).era_year();
        let era = Era::ALL
            .into_iter()
            .find(|era| era.icu_code() == year.era.as_str());
        // Every day from MIN on has one of the five eras.
        EraYear {
            era: era.unwrap_or(Era::Meiji),
            year: u16::try_from(year.year).unwrap_or(1),
        }
    }

    /// As the source document writes dates in lists: `2021/03/26`.
    pub fn slashed(self) -> String {
        format!("{:04}/{:02}/{:02}", self.year, self.month, self.day)
    }

    /// In the Japanese calendar: `令和3年3月26日`, `令和元年5月1日`.
    pub fn japanese(self) -> String {
        format!("{}{}月{}日", self.era_year(), self.month, self.day)
    }

    fn icu(self) -> IcuDate<Iso> {
        // A Date is made from a day that ICU accepted, so the fallback is never taken.
        IcuDate::try_new_iso(i32::from(self.year), self.month, self.day)
            .unwrap_or_else(|_| IcuDate::from_rata_die(UNIX_EPOCH, Iso))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = NoSuchDate;

    /// Reads ISO 8601 (`2021-03-26`) only; what people type goes through [`parse()`].
    fn from_str(text: &str) -> Result<Self, NoSuchDate> {
        match text.as_bytes() {
            [_, _, _, _, b'-', _, _, b'-', _, _] => Self::from_interface(&text.replace('-', "")),
            _ => Err(NoSuchDate),
        }
    }
}

impl TryFrom<String> for Date {
    type Error = NoSuchDate;

    fn try_from(text: String) -> Result<Self, NoSuchDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// A Japanese era (元号) of the Gregorian calendar's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Era {
    /// 明治, to 1912-07-29.
    Meiji,
    /// 大正, from 1912-07-30.
    Taisho,
    /// 昭和, from 1926-12-25.
    Showa,
    /// 平成, from 1989-01-08.
    Heisei,
    /// 令和, from 2019-05-01.
    Reiwa,
}

impl Era {
    /// All eras, oldest first.
    pub const ALL: [Self; 5] = [
        Self::Meiji,
        Self::Taisho,
        Self::Showa,
        Self::Heisei,
        Self::Reiwa,
    ];

    /// The era's name in kanji.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }

    /// The letter used for it on forms.
    pub const fn letter(self) -> char {
        match self {
            Self::Meiji => 'M',
            Self::Taisho => 'T',
            Self::Showa => 'S',
            Self::Heisei => 'H',
            Self::Reiwa => 'R',
        }
    }

    /// The first day of the era that a [`Date`] can be, found by halving between the
    /// ends of [`Date`]: ICU has the boundaries but does not give them out.
    pub fn first_day(self) -> Date {
        let (mut before, mut within) = (
            Date::MIN.days_since_unix_epoch() - 1,
            Date::MAX.days_since_unix_epoch(),
        );
        while within - before > 1 {
            let middle = before.midpoint(within);
            let is_before = Date::from_days_since_unix_epoch(middle).era_year().era < self;
            if is_before {
                before = middle;
            } else {
                within = middle;
            }
        }
        Date::from_days_since_unix_epoch(within)
    }

    /// The last day of the era; of the present one [`Date::MAX`].
    pub fn last_day(self) -> Date {
        let next = Self::ALL.into_iter().find(|other| *other > self);
        next.map_or(Date::MAX, |next| {
            Date::from_days_since_unix_epoch(next.first_day().days_since_unix_epoch() - 1)
        })
    }

    /// CLDR's era code.
    const fn icu_code(self) -> &'static str {
        match self {
            Self::Meiji => "meiji",
            Self::Taisho => "taisho",
            Self::Showa => "showa",
            Self::Heisei => "heisei",
            Self::Reiwa => "reiwa",
        }
    }
}

/// A year counted in an era; the first one is written 元年.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EraYear {
    /// The era.
    pub era: Era,
    /// The year in it, from 1.
    pub year: u16,
}

impl fmt::Display for EraYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            1 => write!(f, "{}元年", self.era.name()),
            year => write!(f, "{}{year}年", self.era.name()),
        }
    }
}
