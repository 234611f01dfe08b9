//! How an eligibility came about, when it was by a visual confirmation.

use domain::account::UserId;
use domain::card_presentation::CardNotice;
use domain::consent::Consent;
use domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::CandidateId;

/// A visual confirmation's result, to be opened like a candidate of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenedResult {
    /// Opens the eligibility.
    pub candidate: CandidateId,
}

/// 目視確認 and カード提示, as shown and sent with the eligibility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisualPresentation {
    /// Who confirmed the identity by eye.
    pub confirmed_by: ConfirmedBy,
    /// When.
    pub confirmed_at: Timestamp,
    /// When the card was presented.
    pub presented_at: Timestamp,
    /// What staff should tell the patient about the card.
    pub notice: Option<CardNotice>,
    /// What the patient said.
    pub consents: Vec<Consent>,
}

/// Who confirmed the identity by eye.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConfirmedBy {
    /// An account, at a terminal.
    Account(UserId),
    /// Who knew the passcode, at the screen of this name.
    ReaderScreen(String),
}
