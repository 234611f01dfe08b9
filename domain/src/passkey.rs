//! Passkeys (Web Authentication Level 3): what is asked for at the log-in beside
//! the password.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most passkeys of an account: some devices and a spare one.
pub const MOST_PASSKEYS: usize = 5;

/// The most characters of a [`PasskeyName`].
const MOST_CHARACTERS: usize = 30;

/// What its owner calls a passkey: 1 to 30 characters, none of them a control
/// character, without spaces around. It may name a person, so it is nowhere in the
/// audit trail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct PasskeyName(String);

/// Not a [`PasskeyName`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("名前は1文字以上30文字以内で入力してください")]
pub struct InvalidPasskeyName;

impl PasskeyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PasskeyName {
    type Err = InvalidPasskeyName;

    fn from_str(text: &str) -> Result<Self, InvalidPasskeyName> {
        let name = text.trim();
        let count = name.chars().count();
        if (1..=MOST_CHARACTERS).contains(&count) && !name.chars().any(char::is_control) {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidPasskeyName)
        }
    }
}

impl fmt::Debug for PasskeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasskeyName(masked)")
    }
}

impl TryFrom<String> for PasskeyName {
    type Error = InvalidPasskeyName;

    fn try_from(text: String) -> Result<Self, InvalidPasskeyName> {
        text.parse()
    }
}

impl From<PasskeyName> for String {
    fn from(name: PasskeyName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_printable() {
        let (longest, too_long) = ("鍵".repeat(30), "鍵".repeat(31));
        let table = [
            ("受付のパソコン", Some("受付のパソコン")),
            (" 鍵 \n", Some("鍵")),
            (longest.as_str(), Some(longest.as_str())),
            (too_long.as_str(), None),
            ("", None),
            (" \u{3000}", None),
            ("a\0b", None),
            ("a\nb", None),
        ];
        for (text, expected) in table {
            let name = text.parse::<PasskeyName>().ok();
            assert_eq!(name.as_ref().map(PasskeyName::as_str), expected, "{text:?}");
        }
    }
}
