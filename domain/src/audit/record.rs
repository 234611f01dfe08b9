//! One line of the trail, and the bytes of it that are hashed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::timestamp::Timestamp;

/// One line of the trail, readable by itself: names and codes as they were at
/// the time, not numbers of other tables.
///
/// Codes are texts here: a trail outlives the versions that wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    /// The line's number, from 1, without gaps.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What: the code of an [`super::Action`].
    pub action: String,
    /// Who: ユーザID; `None` for nobody known and for the command line.
    pub user_id: Option<String>,
    /// The code of his role at the time.
    pub role: Option<String>,
    /// 医療機関コード of his institution at the time.
    pub medical_institution_code: Option<String>,
    /// Whose information: the store's own number of the person.
    pub person_id: Option<u64>,
    /// From which device: the random id that the service gave its browser.
    pub device: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// The request that it happened in.
    pub request_id: Option<String>,
}

/// Begins every encoding: what it is, and the version of its form.
const PREFIX: &[u8] = b"shikaku-audit\x01";

const ABSENT: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;

impl Record {
    /// The canonical encoding, version 1: `shikaku-audit` and the byte 1, then every
    /// field in the order of the struct. A field is a byte that tells its kind and
    /// its value: 0 absent; 1 a number, 8 bytes, big-endian, two's complement; 2 a text,
    /// its length in bytes as 4 bytes big-endian, then UTF-8. So no two lines
    /// have the same encoding.
    ///
    /// A line's hash is SHA-256 of the hash of the line before, then this.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = PREFIX.to_vec();
        number(&mut bytes, Some(self.sequence.to_be_bytes()));
        number(&mut bytes, Some(self.at.unix_milliseconds().to_be_bytes()));
        text(&mut bytes, Some(&self.action));
        text(&mut bytes, self.user_id.as_deref());
        text(&mut bytes, self.role.as_deref());
        text(&mut bytes, self.medical_institution_code.as_deref());
        number(&mut bytes, self.person_id.map(u64::to_be_bytes));
        text(&mut bytes, self.device.as_deref());
        text(&mut bytes, self.outcome.as_deref());
        text(&mut bytes, self.request_id.as_deref());
        bytes
    }
}

fn number(bytes: &mut Vec<u8>, value: Option<[u8; 8]>) {
    match value {
        None => bytes.push(ABSENT),
        Some(value) => {
            bytes.push(NUMBER);
            bytes.extend(value);
        }
    }
}

fn text(bytes: &mut Vec<u8>, value: Option<&str>) {
    match value {
        None => bytes.push(ABSENT),
        Some(value) => {
            bytes.push(TEXT);
            // The service's texts are below a hundred bytes.
            bytes.extend(u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(value.as_bytes());
        }
    }
}

/// The hash of a line and of all lines before it: SHA-256, written as 64
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LinkHash(pub [u8; 32]);

impl LinkHash {
    /// Before the first line.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for LinkHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LinkHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkHash({self})")
    }
}

/// Not a [`LinkHash`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct InvalidLinkHash;

impl FromStr for LinkHash {
    type Err = InvalidLinkHash;

    fn from_str(text: &str) -> Result<Self, InvalidLinkHash> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(InvalidLinkHash);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = str::from_utf8(pair).map_err(|_| InvalidLinkHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidLinkHash)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Record {
        Record {
            sequence: 1,
            at: Timestamp::from_unix_milliseconds(-1),
            action: String::new(),
            user_id: None,
            role: None,
            medical_institution_code: None,
            person_id: None,
            device: None,
            outcome: None,
            request_id: None,
        }
    }

    #[test]
    fn the_encoding_is_as_written() {
        let mut expected = b"shikaku-audit\x01".to_vec();
        expected.extend([1, 0, 0, 0, 0, 0, 0, 0, 1]);
        expected.extend([1, 255, 255, 255, 255, 255, 255, 255, 255]);
        expected.extend([2, 0, 0, 0, 0]);
        expected.extend([0; 7]);
        assert_eq!(empty().encode(), expected);
        let record = Record {
            user_id: Some("あ".to_owned()),
            person_id: Some(258),
            ..empty()
        };
        let encoded = record.encode();
        let tail = &encoded[expected.len() - 7..];
        assert_eq!(
            tail,
            [
                2, 0, 0, 0, 3, 0xE3, 0x81, 0x82, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0
            ]
        );
    }

    #[test]
    fn lines_that_differ_are_encoded_differently() {
        let text = |text: &str| Some(text.to_owned());
        let table = [
            empty(),
            Record {
                sequence: 2,
                ..empty()
            },
            Record {
                at: Timestamp::from_unix_milliseconds(0),
                ..empty()
            },
            Record {
                action: "a".to_owned(),
                ..empty()
            },
            Record {
                user_id: text(""),
                ..empty()
            },
            Record {
                user_id: text("ab"),
                role: text("c"),
                ..empty()
            },
            Record {
                user_id: text("a"),
                role: text("bc"),
                ..empty()
            },
            Record {
                role: text("a"),
                ..empty()
            },
            Record {
                medical_institution_code: text("a"),
                ..empty()
            },
            Record {
                person_id: Some(0),
                ..empty()
            },
            Record {
                device: text("a"),
                ..empty()
            },
            Record {
                outcome: text("a"),
                ..empty()
            },
            Record {
                request_id: text("a"),
                ..empty()
            },
        ];
        for (place, one) in table.iter().enumerate() {
            for other in &table[place + 1..] {
                assert_ne!(one.encode(), other.encode(), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn hashes_are_hexadecimal() {
        let text = "00ff".repeat(16);
        let hash: LinkHash = text.parse().unwrap();
        assert_eq!(hash.to_string(), text);
        assert_eq!(hash.0[..2], [0, 255]);
        for text in ["", "0", &"g".repeat(64), &"0".repeat(63), &"+0".repeat(32)] {
            assert!(text.parse::<LinkHash>().is_err(), "{text}");
        }
    }
}
