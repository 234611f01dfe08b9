//! 目視確認用パスコード発行, and links of cards with persons.

use domain::account::UserId;
use domain::passcode::{Passcode, PasscodeState};
use domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CandidateId, UnlinkedCardId};

/// A passcode, told once: nothing brings it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedPasscode {
    /// The four digits.
    pub passcode: Passcode,
    /// From when on it is good no more.
    pub expires_at: Timestamp,
}

/// An issue of a passcode, without its digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasscodeIssue {
    /// Who issued it.
    pub issued_by: UserId,
    /// When.
    pub issued_at: Timestamp,
    /// From when on it is good no more.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: PasscodeState,
    /// When a visual confirmation was last begun with it.
    pub last_used_at: Option<Timestamp>,
    /// Wrong entries so far, and at which screens they were last made.
    pub wrong_entries: u32,
    /// What staff call the screens with wrong entries.
    pub wrong_at: Vec<String>,
}

/// Links a presented card with a person that an ordinary search has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CardLink {
    /// The card.
    pub card: UnlinkedCardId,
    /// The person.
    pub candidate: CandidateId,
    /// Whether it takes the place of the card that the person has, if any: a renewed card
    /// brings a new certificate.
    #[serde(default)]
    pub replaces: bool,
}
