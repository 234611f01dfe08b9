//! Opaque ids: 128 random bits in base64url, or what the service has sealed. They mean nothing to
//! who does not hold them, and are all that travels in addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Not an opaque id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an id is 22 characters of base64url, a candidate's 80")]
pub struct InvalidId;

macro_rules! opaque_ids {
    (of $length:literal, $pattern:literal: $($(#[$doc:meta])* $type:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = $pattern))]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The id's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_opaque(text, $length) { Ok(Self(text.to_owned())) } else { Err(InvalidId) }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(id: $type) -> Self {
                id.0
            }
        }
    )+};
}

opaque_ids! {
    of 80, "^[A-Za-z0-9_-]{80}$":
    /// A person that a search or a card found: good for the session only that it was given
    /// to, for ten minutes.
    CandidateId,
}

opaque_ids! {
    of 22, "^[A-Za-z0-9_-]{22}$":
    /// A reader's own screen, registered with an institution.
    ReaderScreenId,
    /// One visual confirmation.
    VisualConfirmationId,
    /// 開放: one opening of the emergency function.
    OpeningId,
    /// A presented card that nobody is linked with.
    UnlinkedCardId,
}

fn is_opaque(text: &str, length: usize) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.len() == length && text.bytes().all(allowed)
}
