//! 目視確認用パスコード: four digits that let staff begin a visual confirmation at
//! the reader's screen. Drawn by the service, never chosen, shown once.
//!
//! Four digits are no password. What keeps them is the limit on wrong entries: over
//! the whole life of one passcode at most nine are compared ([`MOST_WRONG`]), so a
//! guesser's chance is below one in a thousand (NIST SP 800-63B-4 activation
//! secrets; seed section C).

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::mask::masked_debug;
use crate::timestamp::Timestamp;

/// Codes that anybody would guess first, and that are never drawn: one digit four
/// times, and the runs that fingers make.
const NEVER_DRAWN: [&str; 16] = [
    "0000", "1111", "2222", "3333", "4444", "5555", "6666", "7777", "8888", "9999", "0123", "1234",
    "3210", "4321", "1212", "2580",
];

/// A passcode is void from this wrong entry on. The entry is counted before it is
/// compared, so the last one is not compared any more. Right entries do not
/// take wrong ones back: a guesser must not gain tries from staff at work.
pub const MOST_WRONG: u32 = 10;

/// Wrong entries that cost nothing: fingers slip.
const FREE: u32 = 4;

/// The wait after the fifth wrong entry, in seconds; it doubles from there.
const FIRST_WAIT_SECONDS: i64 = 30;

/// Four digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9]{4}$"))]
#[serde(try_from = "String", into = "String")]
pub struct Passcode(String);
masked_debug!(Passcode);

/// Not four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("目視確認用パスコードは4桁の数字です")]
pub struct InvalidPasscode;

impl Passcode {
    /// The four digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A passcode of two random bytes; `None` asks for two more, so that each code
    /// that may be drawn is as likely as any other.
    pub fn draw(random: [u8; 2]) -> Option<Self> {
        // 60,000 is the largest multiple of 10,000 that two bytes hold.
        let number = Some(u16::from_be_bytes(random)).filter(|number| *number < 60_000)?;
        let digits = format!("{:04}", number % 10_000);
        (!NEVER_DRAWN.contains(&digits.as_str())).then_some(Self(digits))
    }
}

impl FromStr for Passcode {
    type Err = InvalidPasscode;

    fn from_str(text: &str) -> Result<Self, InvalidPasscode> {
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() == 4 && is_digits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPasscode)
        }
    }
}

impl TryFrom<String> for Passcode {
    type Error = InvalidPasscode;

    fn try_from(text: String) -> Result<Self, InvalidPasscode> {
        text.parse()
    }
}

impl From<Passcode> for String {
    fn from(passcode: Passcode) -> Self {
        passcode.0
    }
}

/// How long an issued passcode is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PasscodeLife {
    /// Until the end of the day in Asia/Tokyo.
    #[default]
    EndOfDay,
    /// For so many seconds.
    Seconds(u32),
}

impl PasscodeLife {
    /// From when on a passcode that is issued now is good no more.
    pub fn ends_at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::EndOfDay => Timestamp::start_of_tokyo_day(now.tokyo_date()).plus_seconds(86_400),
            Self::Seconds(seconds) => now.plus_seconds(seconds.into()),
        }
    }
}

/// Where an issued passcode stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PasscodeState {
    /// Good.
    Active,
    /// Its time is over.
    Expired,
    /// A newer one was issued.
    Superseded,
    /// An administrator ended it.
    Revoked,
    /// Too many wrong entries.
    Void,
}

impl PasscodeState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::Expired,
        Self::Superseded,
        Self::Revoked,
        Self::Void,
    ];

    /// Its name in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
            Self::Revoked => "revoked",
            Self::Void => "void",
        }
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "有効",
            Self::Expired => "期限切れ",
            Self::Superseded => "再発行により無効",
            Self::Revoked => "取り消し済み",
            Self::Void => "入力間違いが続いたため無効",
        }
    }
}

/// Wrong entries of one passcode, over its whole life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongEntries {
    /// How many.
    pub count: u32,
    /// When the last one was.
    pub last_at: Timestamp,
}

/// Whether an entry may be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Yes; first it counts as wrong.
    Compare,
    /// Not for so many seconds.
    Wait(i64),
    /// Never: with this one the passcode is void.
    Void,
}

impl WrongEntries {
    /// What becomes of one more entry.
    pub fn one_more(self, now: Timestamp) -> Entry {
        let wait = self.wait_seconds(now);
        if wait > 0 {
            Entry::Wait(wait)
        } else if self.count.saturating_add(1) >= MOST_WRONG {
            Entry::Void
        } else {
            Entry::Compare
        }
    }

    /// The seconds to wait before the next entry, rounded up.
    fn wait_seconds(self, now: Timestamp) -> i64 {
        let beyond = self.count.saturating_sub(FREE);
        if beyond == 0 {
            return 0;
        }
        let wait = FIRST_WAIT_SECONDS << (beyond - 1).min(5);
        let until = self.last_at.plus_seconds(wait).unix_milliseconds();
        let left = until - now.unix_milliseconds();
        // A clock that was set back must not make the wait longer.
        (left.max(0).saturating_add(999) / 1000).min(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_milliseconds(seconds * 1000)
    }

    #[test]
    fn every_code_but_the_first_guesses_is_drawn_and_equally_often() {
        let mut counts = vec![0_u32; 10_000];
        for number in 0..=u16::MAX {
            if let Some(passcode) = Passcode::draw(number.to_be_bytes()) {
                counts[passcode.as_str().parse::<usize>().unwrap()] += 1;
            }
        }
        for (number, count) in counts.iter().enumerate() {
            let is_drawn = !NEVER_DRAWN.contains(&format!("{number:04}").as_str());
            assert_eq!(*count, if is_drawn { 6 } else { 0 }, "{number:04}");
        }
    }

    /// Against somebody who enters whenever he may, for as long as the passcode lives,
    /// never the same code twice and never one that is not drawn.
    #[test]
    fn a_guesser_has_at_most_one_chance_in_a_thousand() {
        let mut wrong = WrongEntries {
            count: 0,
            last_at: at(0),
        };
        let mut now = 0;
        let mut compared = 0_u32;
        loop {
            match wrong.one_more(at(now)) {
                Entry::Void => break,
                Entry::Wait(seconds) => now += seconds,
                Entry::Compare => {
                    compared += 1;
                    wrong = WrongEntries {
                        count: wrong.count + 1,
                        last_at: at(now),
                    };
                }
            }
        }
        let codes = 10_000 - u32::try_from(NEVER_DRAWN.len()).unwrap();
        assert_eq!(compared, 9);
        assert!(f64::from(compared) / f64::from(codes) <= 0.001);
    }

    #[test]
    fn waits_grow_from_the_fifth_wrong_entry() {
        let table = [
            (0, 0, Entry::Compare),
            (4, 0, Entry::Compare),
            (5, 0, Entry::Wait(30)),
            (5, 29, Entry::Wait(1)),
            (5, 30, Entry::Compare),
            (6, 0, Entry::Wait(60)),
            (8, 0, Entry::Wait(240)),
            (9, 0, Entry::Wait(480)),
            (9, 480, Entry::Void),
            (5, -3600, Entry::Wait(30)),
        ];
        for (count, later, expected) in table {
            let wrong = WrongEntries {
                count,
                last_at: at(0),
            };
            assert_eq!(wrong.one_more(at(later)), expected, "{count} {later}");
        }
    }

    #[test]
    fn only_four_digits_are_a_passcode() {
        assert_eq!("0427".parse::<Passcode>().unwrap().as_str(), "0427");
        for text in ["", "427", "04270", "４２７０", "04 7", "-427"] {
            assert!(text.parse::<Passcode>().is_err(), "{text}");
        }
        let shown = format!("{:?}", "0427".parse::<Passcode>());
        assert!(!shown.contains("0427"));
    }

    #[test]
    fn a_passcode_lasts_until_midnight_in_tokyo_or_as_long_as_told() {
        // 2021-03-26T00:00:00+09:00, and a second before.
        let midnight = 1_616_684_400;
        let table = [
            (PasscodeLife::EndOfDay, midnight - 1, midnight),
            (PasscodeLife::EndOfDay, midnight, midnight + 86_400),
            (PasscodeLife::Seconds(60), midnight, midnight + 60),
        ];
        for (life, now, end) in table {
            assert_eq!(life.ends_at(at(now)), at(end), "{life:?} {now}");
        }
    }
}
