//! One file per resource: load, decide by the domain's rules, answer.

pub(crate) mod about;
pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod eligibility;
#[cfg(feature = "bench")]
pub(crate) mod fixed;
pub(crate) mod health;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod searches;
pub(crate) mod session;

use protocol::http::ProblemCode;

use crate::error::ApiError;

/// An address below `/api` that is none.
pub(crate) async fn no_such_address() -> ApiError {
    ApiError::Refused(ProblemCode::NoSuchAddress)
}
