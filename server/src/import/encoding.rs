//! The file's encoding: UTF-8, or Shift_JIS as Windows writes it (CP932).
//!
//! In Shift_JIS no second byte is a comma, a quote or a line end, so a file is
//! split into fields as bytes, and each field is decoded by itself: a malformed
//! one is named and rejects its row only.

use std::borrow::Cow;

use clap::ValueEnum;
use encoding_rs::SHIFT_JIS;
use serde::{Deserialize, Serialize};

/// The bytes that [`Encoding::detect`] is given at most.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How a file's characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[value(name = "utf-8")]
    Utf8,
    /// Shift_JIS, with the additions of Windows (CP932).
    #[value(name = "shift_jis")]
    ShiftJis,
}

impl Encoding {
    /// What the beginning of a file is written in.
    ///
    /// A mark decides. Else the fields that are not ASCII do, by majority: one
    /// broken row must not turn a UTF-8 file into Shift_JIS, and Shift_JIS text
    /// is hardly ever UTF-8 by chance.
    pub(crate) fn detect(head: &[u8]) -> Self {
        if head.starts_with(UTF8_MARK) {
            return Self::Utf8;
        }
        let fields = head.split(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
        let (mut utf8, mut other) = (0_usize, 0_usize);
        for field in fields.filter(|field| !field.is_ascii()) {
            match std::str::from_utf8(field) {
                Ok(_) => utf8 += 1,
                // The head ends in the middle of a character.
                Err(error) if error.error_len().is_none() => {}
                Err(_) => other += 1,
            }
        }
        if other > utf8 {
            Self::ShiftJis
        } else {
            Self::Utf8
        }
    }

    /// A field's text; `None` when its bytes are malformed.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::ShiftJis => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }

    /// The bytes of a text of this program's own.
    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => Cow::Borrowed(text.as_bytes()),
            Self::ShiftJis => SHIFT_JIS.encode(text).0,
        }
    }

    /// Its name, as people know it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::ShiftJis => "Shift_JIS",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells_the_encoding() {
        let shift_jis = |text: &str| SHIFT_JIS.encode(text).0.into_owned();
        let mut broken_utf8 = "新橋,太郎,東京都港区\n".as_bytes().to_vec();
        broken_utf8.extend_from_slice(b"\x93\x8c,a\n");
        let table = [
            (b"Name\nTARO\n".to_vec(), Encoding::Utf8),
            ("Name\n新橋　太郎\n".as_bytes().to_vec(), Encoding::Utf8),
            ("Name\n新橋".as_bytes()[..9].to_vec(), Encoding::Utf8),
            (b"\xEF\xBB\xBFName\n\x93\x8c\n".to_vec(), Encoding::Utf8),
            (broken_utf8, Encoding::Utf8),
            (shift_jis("Name\n新橋　太郎\n"), Encoding::ShiftJis),
            (shift_jis("Name\nｼﾝﾊﾞｼ ﾀﾛｳ\n"), Encoding::ShiftJis),
            (shift_jis("備考,Name\na,b\n"), Encoding::ShiftJis),
        ];
        for (head, expected) in table {
            let text = String::from_utf8_lossy(&head).into_owned();
            assert_eq!(Encoding::detect(&head), expected, "{text}");
        }
    }

    #[test]
    fn what_windows_added_is_read_and_what_is_malformed_is_not() {
        let table: [(&[u8], Option<&str>); 6] = [
            (b"\xFB\xFC", Some("髙")),
            (b"\xFA\xB1", Some("﨑")),
            (b"\x87\x40", Some("①")),
            (b"\xBC\xDD\xCA\xDE\xBC", Some("ｼﾝﾊﾞｼ")),
            (b"\x93", None),
            (b"\x93\x2C", None),
        ];
        for (bytes, expected) in table {
            assert_eq!(Encoding::ShiftJis.decode(bytes).as_deref(), expected);
        }
    }
}
