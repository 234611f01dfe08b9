//! Reads a date as people type it, and says why when it can't be one.

use icu_calendar::{Date as IcuDate, cal::Japanese};
use thiserror::Error;

use super::{Date, Era, EraYear};

/// Why a typed date can't be taken. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// Not in any form that is understood.
    #[error("日付として読めません。例：1985/4/1、S60.4.1、昭和60年4月1日")]
    Unreadable,
    /// A year of two digits without an era: 60 may be 1960 or 昭和60年.
    #[error("年が2桁のときは元号を付けてください。例：S60.4.1")]
    EraMissing,
    /// There is no such month.
    #[error("月は1から12までです")]
    NoSuchMonth,
    /// The month is shorter.
    #[error("{year}年{month}月は{last}日までです")]
    NoSuchDay {
        /// Gregorian year.
        year: u16,
        /// Month of the year.
        month: u8,
        /// Its last day.
        last: u8,
    },
    /// The era began later.
    #[error("{}は{}からです", .0.name(), era_edge(*.1))]
    BeforeEra(Era, Date),
    /// The era ended in the course of the year.
    #[error("{year}は{}月{}日までです（翌日から{}）", .last.month(), .last.day(), .next.name())]
    AfterEndOfEraYear {
        /// The era's last year: 昭和64年.
        year: EraYear,
        /// The era's last day.
        last: Date,
        /// The era that follows.
        next: Era,
    },
    /// The era had ended before the year.
    #[error("{}は{}までです", .0.name(), era_edge(*.1))]
    AfterEra(Era, Date),
    /// Before 明治6年 or after 2199.
    #[error("明治6年（1873年）から2199年までの日付を入力してください")]
    OutOfRange,
}

fn era_edge(date: Date) -> String {
    format!("{}（{}）", date.japanese(), date.slashed())
}

/// Reads a typed date: 1985/4/1, 1985-04-01, 1985.4.1, 19850401, 1985年4月1日,
/// 昭和60年4月1日, 昭和元年12月25日, 昭60.4.1, S60.4.1, s600401; full-width
/// forms of all of them; spaces anywhere.
pub fn parse(text: &str) -> Result<Date, DateError> {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(narrow)
        .collect();
    let (era, rest) = split_era(&text);
    let (year, month, day) = split_numbers(rest, era.is_some())?;
    match era {
        Some(era) => in_era(era, year, month, day),
        None if year < 100 => Err(DateError::EraMissing),
        None => gregorian(year, month, day),
    }
}

/// Full-width forms of ASCII (U+FF01–U+FF5E) and the dashes that Japanese
/// keyboards give for a hyphen; lower case to upper.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFEE0).map_or(c, |c| c.to_ascii_uppercase())
        }
        '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | 'ｰ' => '-',
        '。' | '・' | '､' | '、' => '.',
        c => c.to_ascii_uppercase(),
    }
}

fn split_era(text: &str) -> (Option<Era>, &str) {
    for era in Era::ALL {
        let name = era.name();
        let short = name.chars().next().map_or(0, char::len_utf8);
        let prefixes = [name, &name[..short]];
        for prefix in prefixes {
            if let Some(rest) = text.strip_prefix(prefix) {
                return (Some(era), rest);
            }
        }
        if let Some(rest) = text.strip_prefix(era.letter()) {
            return (Some(era), rest.trim_start_matches(['.', '-', '/']));
        }
    }
    (None, text.strip_prefix("西暦").unwrap_or(text))
}

fn split_numbers(text: &str, has_era: bool) -> Result<(u16, u8, u8), DateError> {
    let text = text
        .strip_prefix('元')
        .map_or_else(|| text.to_owned(), |rest| format!("1{rest}"));
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return split_digits(&text, has_era);
    }
    let text = text.strip_suffix('日').unwrap_or(&text);
    let mut parts = text.split(['/', '-', '.', '年', '月']);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day), None) => {
            Ok((number(year, 4)?, small(month)?, small(day)?))
        }
        _ => Err(DateError::Unreadable),
    }
}

/// Digits without separators: `yyyyMMdd`, or after an era `yyMMdd`.
fn split_digits(text: &str, has_era: bool) -> Result<(u16, u8, u8), DateError> {
    let year_digits = match (text.len(), has_era) {
        (8, false) => 4,
        (6, true) => 2,
        (5, true) => 1,
        (6, false) => return Err(DateError::EraMissing),
        _ => return Err(DateError::Unreadable),
    };
    let (year, rest) = text.split_at(year_digits);
    let (month, day) = rest.split_at(2);
    Ok((number(year, 4)?, small(month)?, small(day)?))
}

fn number(text: &str, most_digits: usize) -> Result<u16, DateError> {
    if text.is_empty() || text.len() > most_digits {
        return Err(DateError::Unreadable);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DateError::Unreadable);
    }
    text.parse().map_err(|_| DateError::Unreadable)
}

fn small(text: &str) -> Result<u8, DateError> {
    number(text, 2).and_then(|n| u8::try_from(n).map_err(|_| DateError::Unreadable))
}

fn gregorian(year: u16, month: u8, day: u8) -> Result<Date, DateError> {
    if !(Date::MIN.year()..=Date::MAX.year()).contains(&year) {
        return Err(DateError::OutOfRange);
    }
    if !(1..=12).contains(&month) {
        return Err(DateError::NoSuchMonth);
    }
    Date::new(i32::from(year), month, day).map_err(|_| DateError::NoSuchDay {
        year,
        month,
        last: last_day(year, month),
    })
}

fn last_day(year: u16, month: u8) -> u8 {
    (28..=31)
        .rev()
        .find(|day| Date::new(i32::from(year), month, *day).is_ok())
        .unwrap_or(31)
}

fn in_era(era: Era, year: u16, month: u8, day: u8) -> Result<Date, DateError> {
    let first_day = IcuDate::try_new_japanese_with_calendar(
        era.icu_code(),
        i32::from(year),
        1,
        1,
        Japanese::new(),
    );
    let gregorian_year = first_day
        .ok()
        .and_then(|date| u16::try_from(date.year().extended_year()).ok())
        .ok_or(DateError::OutOfRange)?;
    if year == 0 {
        return Err(DateError::Unreadable);
    }
    let date = gregorian(gregorian_year, month, day)?;
    let actual = date.era_year();
    if actual.era == era {
        return Ok(date);
    }
    if actual.era < era {
        return Err(DateError::BeforeEra(era, era.first_day()));
    }
    let last = era.last_day();
    if last.era_year().year != year {
        return Err(DateError::AfterEra(era, last));
    }
    Err(DateError::AfterEndOfEraYear {
        year: EraYear { era, year },
        last,
        next: actual.era,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_people_type() {
        let table = [
            ("1985/4/1", "1985-04-01"),
            ("1985-04-01", "1985-04-01"),
            ("1985.4.1", "1985-04-01"),
            ("19850401", "1985-04-01"),
            ("1985年4月1日", "1985-04-01"),
            ("西暦1985年4月1日", "1985-04-01"),
            ("昭和60年4月1日", "1985-04-01"),
            ("昭和 60 年 4 月 1 日", "1985-04-01"),
            ("昭60.4.1", "1985-04-01"),
            ("S60.4.1", "1985-04-01"),
            ("S.60.4.1", "1985-04-01"),
            ("s600401", "1985-04-01"),
            ("S60/04/01", "1985-04-01"),
            ("Ｓ６０．４．１", "1985-04-01"),
            ("ｓ６００４０１", "1985-04-01"),
            ("１９８５／４／１", "1985-04-01"),
            ("１９８５ー０４ー０１", "1985-04-01"),
            ("昭和６０年４月１日", "1985-04-01"),
            ("令和元年5月1日", "2019-05-01"),
            ("R1.5.1", "2019-05-01"),
            ("r010501", "2019-05-01"),
            ("昭和64年1月7日", "1989-01-07"),
            ("H1.1.8", "1989-01-08"),
            ("大正元年7月30日", "1912-07-30"),
            ("M45.7.29", "1912-07-29"),
            ("明治6年1月1日", "1873-01-01"),
            ("2024/2/29", "2024-02-29"),
            ("2021/03/26", "2021-03-26"),
        ];
        for (text, day) in table {
            assert_eq!(
                parse(text).map(|date| date.to_string()),
                Ok(day.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn says_why_it_cannot_be_a_date() {
        let table = [
            ("", "日付として読めません"),
            ("きのう", "日付として読めません"),
            ("1985/4", "日付として読めません"),
            ("1985/4/1/2", "日付として読めません"),
            ("12345/1/1", "日付として読めません"),
            ("S0.4.1", "日付として読めません"),
            ("60/4/1", "元号を付けて"),
            ("600401", "元号を付けて"),
            ("1985/13/1", "月は1から12まで"),
            ("1985/0/1", "月は1から12まで"),
            ("1985/2/29", "1985年2月は28日まで"),
            ("2024/2/30", "2024年2月は29日まで"),
            ("S60.4.31", "1985年4月は30日まで"),
            ("昭和64年1月8日", "昭和64年は1月7日までです（翌日から平成）"),
            ("S70.1.1", "昭和は昭和64年1月7日（1989/01/07）まで"),
            ("H1.1.7", "平成は平成元年1月8日（1989/01/08）から"),
            (
                "大正15年12月25日",
                "大正15年は12月24日までです（翌日から昭和）",
            ),
            ("R1.4.30", "令和は令和元年5月1日（2019/05/01）から"),
            (
                "平成31年5月1日",
                "平成31年は4月30日までです（翌日から令和）",
            ),
            (
                "明治45年7月30日",
                "明治45年は7月29日までです（翌日から大正）",
            ),
            ("平成元年1月7日", "平成は平成元年1月8日（1989/01/08）から"),
            (
                "昭和元年12月24日",
                "昭和は昭和元年12月25日（1926/12/25）から",
            ),
            ("明治5年12月1日", "明治6年（1873年）から"),
            ("1872/12/31", "明治6年（1873年）から"),
            ("2200/1/1", "2199年まで"),
            ("R999.1.1", "2199年まで"),
        ];
        for (text, reason) in table {
            let error = parse(text)
                .map(|date| date.to_string())
                .unwrap_err()
                .to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (Date::MIN.days_since_unix_epoch()..=Date::MAX.days_since_unix_epoch())
            .prop_map(Date::from_days_since_unix_epoch)
    }

    proptest! {
        #[test]
        fn every_way_of_writing_a_day_reads_back(date in any_date()) {
            let EraYear { era, year } = date.era_year();
            let (month, day) = (date.month(), date.day());
            let written = [
                date.to_string(),
                date.slashed(),
                date.japanese(),
                date.to_interface(),
                format!("{}{year}.{month}.{day}", era.letter()),
                format!("{}年{month}月{day}日", date.year()),
            ];
            for text in written {
                prop_assert_eq!(parse(&text), Ok(date), "{}", text);
            }
            prop_assert_eq!(date.to_string().parse(), Ok(date));
            prop_assert_eq!(Date::from_interface(&date.to_interface()), Ok(date));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,20}") {
            let _ = parse(&text);
            let _ = text.parse::<Date>();
            let _ = Date::from_interface(&text);
        }
    }
}
