//! Passkeys: the second factor of a log-in, one's own, and the institution's rule.
//!
//! What browser and library say to each other ([Web Authentication Level 3], its JSON
//! forms) passes through as text: nothing here has to understand it.
//!
//! [Web Authentication Level 3]: https://www.w3.org/TR/webauthn-3/

use std::fmt;

use domain::passkey::PasskeyName;
use domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What a browser is to ask a passkey for. Good once, and for some minutes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyChallenge {
    /// Names it in the answer: 256 random bits in base64url.
    pub token: String,
    /// `PublicKeyCredentialRequestOptionsJSON` at a log-in,
    /// `PublicKeyCredentialCreationOptionsJSON` for a new passkey; as text.
    pub options: String,
    /// Where passkeys work: the origins of the service, the first to be offered.
    pub origins: Vec<String>,
}

/// The second half of a log-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyLogIn {
    /// [`PasskeyChallenge::token`].
    pub token: String,
    /// `AuthenticationResponseJSON`, as text.
    pub credential: String,
}

/// Asks to add a passkey.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyAddition {
    /// パスワード, given again.
    pub password: String,
}

/// A passkey to add.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyToAdd {
    /// [`PasskeyChallenge::token`].
    pub token: String,
    /// What to call it: a [`PasskeyName`], as typed.
    pub name: String,
    /// `RegistrationResponseJSON`, as text.
    pub credential: String,
}

/// A new name for a passkey.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyRenaming {
    /// [`Passkey::id`].
    pub id: i64,
    /// A [`PasskeyName`], as typed.
    pub name: String,
}

/// Which passkey of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyChoice {
    /// [`Passkey::id`].
    pub id: i64,
}

/// One's own passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passkeys {
    /// All of them, the oldest first; [`domain::passkey::MOST_PASSKEYS`] at most.
    pub passkeys: Vec<Passkey>,
    /// Whether the institution wants one of each account.
    pub is_required: bool,
    /// Where passkeys work: the origins of the service, the first to be offered;
    /// none when the service was not told its origin.
    pub origins: Vec<String>,
}

/// A passkey, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passkey {
    /// The store's number.
    pub id: i64,
    /// What its owner calls it.
    pub name: PasskeyName,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last logged in with it; `None` when nobody did.
    pub last_used_at: Option<Timestamp>,
}

/// Whether an institution wants a passkey of each of its accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyRule {
    /// Whether it does: then an account without one is good for adding one only.
    pub is_required: bool,
}

/// `Debug` without what opens something.
macro_rules! masked_debug {
    ($($type:ty),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(masked)"))
            }
        }
    )+};
}
masked_debug!(
    PasskeyChallenge,
    PasskeyLogIn,
    PasskeyAddition,
    PasskeyToAdd,
    PasskeyRenaming
);
