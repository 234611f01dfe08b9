//! Who is spoken to, and where: names, telephone numbers, mail addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization as _;

use crate::text::{self, TextError};

/// The most characters of a name.
const MOST_NAME: usize = 40;
/// The most characters of a mail address (RFC 5321 §4.5.3.1.3, less its angle brackets).
const MOST_ADDRESS: usize = 254;
/// The most characters before the `@` (RFC 5321 §4.5.3.1.1).
const MOST_LOCAL_PART: usize = 64;

/// Why a contact is refused. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidContact {
    /// Nothing was entered.
    #[error("入力してください")]
    Missing,
    /// Too long, or with characters that no keyboard gives.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not a telephone number.
    #[error("市外局番から、10桁または11桁の数字で入力してください（例：03-1234-5678）")]
    Telephone,
    /// Not a mail address.
    #[error("メールアドレスを半角で入力してください（例：tantou@example.jp）")]
    EmailAddress,
}

/// 担当者名, or the name of somebody who was spoken to. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct ContactName(String);

/// A telephone number in Japan: ten or eleven digits from 0 on, kept as digits. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^0[0-9]{9,10}$"))]
#[serde(try_from = "String", into = "String")]
pub struct Telephone(String);

/// A mail address that every mail program takes: ASCII, `local@domain`, without quotes and comments (a
/// part of RFC 5321 §4.1.2). `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl FromStr for ContactName {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let name = text::optional(text, MOST_NAME)?;
        name.map(Self).ok_or(InvalidContact::Missing)
    }
}

impl FromStr for Telephone {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let separators = ['-', '‐', '−', '–', 'ー', '(', ')', ' '];
        let digits: String = text
            .trim()
            .nfkc()
            .filter(|letter| !separators.contains(letter))
            .collect();
        if digits.is_empty() {
            return Err(InvalidContact::Missing);
        }
        Self::of_digits(digits)
    }
}

impl Telephone {
    /// What is kept and sent: digits alone. The page reads these without the tables that
    /// what people type is folded by.
    fn of_digits(digits: String) -> Result<Self, InvalidContact> {
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && digits.starts_with('0') && matches!(digits.len(), 10 | 11) {
            Ok(Self(digits))
        } else {
            Err(InvalidContact::Telephone)
        }
    }
}

impl TryFrom<String> for Telephone {
    type Error = InvalidContact;

    fn try_from(digits: String) -> Result<Self, InvalidContact> {
        Self::of_digits(digits)
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let address = text.trim();
        if address.is_empty() {
            return Err(InvalidContact::Missing);
        }
        let parts = address.rsplit_once('@');
        let is_address = parts.is_some_and(|(local, domain)| {
            local.len() <= MOST_LOCAL_PART && is_local_part(local) && is_domain(domain)
        });
        if is_address && address.len() <= MOST_ADDRESS {
            Ok(Self(address.to_owned()))
        } else {
            Err(InvalidContact::EmailAddress)
        }
    }
}

/// A dot-string of RFC 5321. Dots at the ends or in a row, which some carriers once gave out, are no
/// addresses, and no mail program sends to them without quotes.
fn is_local_part(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(allowed))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

macro_rules! texts {
    ($($type:ident),+) => {$(
        impl $type {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(masked)"))
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    )+};
}
texts!(ContactName, Telephone, EmailAddress);

macro_rules! read_as_entered {
    ($($type:ident),+) => {$(
        impl TryFrom<String> for $type {
            type Error = InvalidContact;

            fn try_from(text: String) -> Result<Self, InvalidContact> {
                text.parse()
            }
        }
    )+};
}
read_as_entered!(ContactName, EmailAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_read_as_people_write_them() {
        let table = [
            ("03-1234-5678", Ok("0312345678")),
            ("０３（１２３４）５６７８", Ok("0312345678")),
            ("090 1234 5678", Ok("09012345678")),
            ("0800−080−4583", Ok("08000804583")),
            ("", Err(InvalidContact::Missing)),
            ("1234-5678", Err(InvalidContact::Telephone)),
            ("+81312345678", Err(InvalidContact::Telephone)),
            ("031234567890", Err(InvalidContact::Telephone)),
            ("03-1234-567x", Err(InvalidContact::Telephone)),
        ];
        for (text, expected) in table {
            let number = text.parse::<Telephone>();
            assert_eq!(
                number.as_ref().map(Telephone::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
    }

    #[test]
    fn telephone_numbers_are_kept_as_digits() {
        for (kept, expected) in [
            ("0312345678", true),
            ("03-1234-5678", false),
            ("１３１２３４５６７８", false),
            ("", false),
        ] {
            let number = Telephone::try_from(kept.to_owned());
            assert_eq!(number.is_ok(), expected, "{kept}");
        }
    }

    #[test]
    fn addresses_are_those_that_mail_reaches() {
        let long = format!("{}@example.jp", "a".repeat(65));
        let table = [
            ("tantou@example.jp", true),
            (" a.b+c@x-y.example.co.jp ", true),
            ("", false),
            ("a@b", false),
            ("a@@example.jp", false),
            (".a@example.jp", false),
            ("a..b@example.jp", false),
            ("a@-example.jp", false),
            ("a@example..jp", false),
            ("担当@example.jp", false),
            ("a b@example.jp", false),
            ("a@example.jp\r\nBcc: b@example.jp", false),
            (&long, false),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse::<EmailAddress>().is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn a_contact_is_never_shown_by_debug() {
        let name: ContactName = "　資格　花子 ".parse().unwrap();
        assert_eq!(name.as_str(), "資格　花子");
        assert_eq!(format!("{name:?}"), "ContactName(masked)");
    }
}
