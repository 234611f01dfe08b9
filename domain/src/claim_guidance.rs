//! 請求の案内: what to write on a claim of a patient whose insurer nobody knows (「不詳」). It stands
//! in the last step of the ladder beside the search (`facts/domain.md` §1.8), and an institution may
//! put its own words in the place of the product's.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The product's own words, for institutions that have none.
pub const STANDARD: &str = "保険者番号は77777777、または77777779です。\
    申立書の内容を、明細書の摘要欄に記載してください。\n\
    番号の使い分けと記載のしかたは、審査支払機関の最新の案内で確認してください。";

/// The most characters of a [`GuidanceText`].
pub const MOST_CHARACTERS: usize = 1000;

/// An institution's own words: 1 to [`MOST_CHARACTERS`] characters (Unicode scalar values) in one or
/// several lines that end in `\n`, without other control characters, and not [`STANDARD`]. `Debug` is
/// masked: what people write freely may hold anything.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, min_length = 1, max_length = 1000))]
#[serde(try_from = "String", into = "String")]
pub struct GuidanceText(String);

/// Why a text is refused. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GuidanceProblem {
    /// Longer than [`MOST_CHARACTERS`].
    #[error("{MOST_CHARACTERS}文字以内で入力してください（いまは{length}文字です）")]
    TooLong {
        /// How many characters there are.
        length: usize,
    },
    /// Contains a control character. It can't be seen where it stands, so that is told.
    #[error("{line}行目に、使用できない文字（{}）があります。削除してください", name(*.letter))]
    ControlCharacter {
        /// The first one.
        letter: char,
        /// The line that it stands in, from 1.
        line: usize,
    },
}

/// Not a [`GuidanceText`]: refused, empty, or the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not an institution's own text")]
pub struct NotOwnText;

impl GuidanceText {
    /// Reads what was typed. Line breaks of all kinds become `\n`; white space at the end and empty
    /// lines at the beginning don't count. Nothing left, or [`STANDARD`] itself, is `None`: the
    /// standard is wanted.
    pub fn parse(text: &str) -> Result<Option<Self>, GuidanceProblem> {
        let text = folded(text);
        for (line, content) in (1..).zip(text.split('\n')) {
            if let Some(letter) = content.chars().find(|letter| letter.is_control()) {
                return Err(GuidanceProblem::ControlCharacter { letter, line });
            }
        }
        let length = text.chars().count();
        if length > MOST_CHARACTERS {
            return Err(GuidanceProblem::TooLong { length });
        }
        let is_own = !text.is_empty() && text != STANDARD;
        Ok(is_own.then_some(Self(text)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many characters of what was typed count.
pub fn length(text: &str) -> usize {
    folded(text).chars().count()
}

fn folded(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.trim_end().trim_start_matches('\n').to_owned()
}

/// A control character by a name that can be read.
fn name(letter: char) -> String {
    match letter {
        '\t' => "タブ".to_owned(),
        letter => format!("制御文字 U+{:04X}", u32::from(letter)),
    }
}

impl fmt::Debug for GuidanceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuidanceText(masked)")
    }
}

impl TryFrom<String> for GuidanceText {
    type Error = NotOwnText;

    fn try_from(text: String) -> Result<Self, NotOwnText> {
        Self::parse(&text).ok().flatten().ok_or(NotOwnText)
    }
}

impl From<GuidanceText> for String {
    fn from(text: GuidanceText) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_an_own_text_the_standard_or_refused() {
        use GuidanceProblem::{ControlCharacter, TooLong};
        let letters = |count| "あ".repeat(count);
        let refused = |letter, line| Err(ControlCharacter { letter, line });
        let own = |text: &str| Ok(Some(text.to_owned()));
        let table = [
            (String::new(), Ok(None)),
            (" 　\r\n\n".to_owned(), Ok(None)),
            (STANDARD.to_owned(), Ok(None)),
            (["\n", STANDARD, "\r\n"].concat(), Ok(None)),
            (
                "一行目\r\n二行目\r三行目\n".to_owned(),
                own("一行目\n二行目\n三行目"),
            ),
            ("\r\n　字下げ 　".to_owned(), own("　字下げ")),
            ("一行目\n\n三行目".to_owned(), own("一行目\n\n三行目")),
            (letters(1000), own(&letters(1000))),
            (letters(1000) + "\r\n ", own(&letters(1000))),
            (letters(1001), Err(TooLong { length: 1001 })),
            ("𠮷".repeat(1000), own(&"𠮷".repeat(1000))),
            ("あ\r\n".repeat(500), own("あ\n".repeat(500).trim_end())),
            (letters(999) + "\r\nあ", Err(TooLong { length: 1001 })),
            ("番号\t7".to_owned(), refused('\t', 1)),
            ("一\r\n二\u{7}\r\n三\0".to_owned(), refused('\u{7}', 2)),
            ("一\n\n三\u{85}三".to_owned(), refused('\u{85}', 3)),
            (letters(1001) + "\0a", refused('\0', 1)),
        ];
        for (text, expected) in table {
            let found = GuidanceText::parse(&text);
            assert_eq!(found.map(|own| own.map(String::from)), expected, "{text:?}");
        }
    }

    #[test]
    fn refusals_say_what_to_do_and_where() {
        let table = [
            (
                "あ".repeat(1002),
                "1000文字以内で入力してください（いまは1002文字です）",
            ),
            (
                "一\n\t二".to_owned(),
                "2行目に、使用できない文字（タブ）があります。削除してください",
            ),
            (
                "\u{1b}[0m".to_owned(),
                "1行目に、使用できない文字（制御文字 U+001B）があります。削除してください",
            ),
        ];
        for (text, words) in table {
            assert_eq!(GuidanceText::parse(&text).unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn what_counts_is_what_would_be_kept() {
        let table = [
            ("", 0),
            ("あ\r\nい", 3),
            ("\n\nあ い 　\n", 3),
            ("𠮷", 1),
            ("\t", 0),
        ];
        for (text, expected) in table {
            assert_eq!(length(text), expected, "{text:?}");
        }
        assert!(length(STANDARD) <= MOST_CHARACTERS);
    }

    #[test]
    fn a_text_comes_back_from_json_as_it_was_and_is_never_shown_in_debug() {
        let own = GuidanceText::parse("番号は\n77777779").unwrap().unwrap();
        let json = serde_json::to_string(&own).unwrap();
        assert_eq!(serde_json::from_str::<GuidanceText>(&json).unwrap(), own);
        for refused in [
            "\"\"",
            "\"a\\u0000b\"",
            &serde_json::to_string(STANDARD).unwrap(),
        ] {
            assert!(
                serde_json::from_str::<GuidanceText>(refused).is_err(),
                "{refused}"
            );
        }
        assert_eq!(format!("{own:?}"), "GuidanceText(masked)");
    }
}
