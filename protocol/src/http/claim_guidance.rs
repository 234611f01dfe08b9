//! 請求の案内: what an institution says in the place of the product's words.

use std::fmt;

use domain::account::UserId;
use domain::claim_guidance::GuidanceText;
use domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// An institution's 請求の案内, for those who may search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimGuidance {
    /// Grows with each change; 0 before the first.
    pub version: u32,
    /// The institution's own words; `None` where the standard holds
    /// ([`domain::claim_guidance::STANDARD`]).
    pub text: Option<GuidanceText>,
    /// The last change, if there was one.
    pub changed: Option<GuidanceChange>,
}

/// A change of 請求の案内.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GuidanceChange {
    /// Who made it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What 請求の案内 is to be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClaimGuidanceToSave {
    /// As typed: at most [`domain::claim_guidance::MOST_CHARACTERS`] characters; empty puts the
    /// standard back.
    pub text: String,
    /// The version that it was made from.
    pub version: u32,
}

impl fmt::Debug for ClaimGuidanceToSave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimGuidanceToSave(masked)")
    }
}
