//! One file per resource: load, decide by the domain's rules, answer.

pub(crate) mod about;
pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod card_links;
pub(crate) mod claim_guidance;
pub(crate) mod consents_asked;
#[cfg(feature = "bench")]
pub(crate) mod crowd;
pub(crate) mod eligibility;
pub(crate) mod events;
#[cfg(feature = "bench")]
pub(crate) mod fixed;
#[cfg(feature = "bench")]
pub(crate) mod form;
pub(crate) mod health;
pub(crate) mod notebook;
pub(crate) mod openings;
pub(crate) mod operator;
pub(crate) mod passcodes;
pub(crate) mod passkeys;
pub(crate) mod password;
mod query;
pub(crate) mod reader;
pub(crate) mod reader_confirmations;
pub(crate) mod reader_screens;
pub(crate) mod searches;
pub(crate) mod session;
pub(crate) mod usage_reports;
pub(crate) mod visual_confirmations;

use protocol::http::ProblemCode;

use crate::error::ApiError;

/// An address below `/api` that is none.
pub(crate) async fn no_such_address() -> ApiError {
    ApiError::Refused(ProblemCode::NoSuchAddress)
}
