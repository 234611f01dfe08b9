//! Everything that a handler can refuse or fail with, and how it is answered.

use axum::response::{IntoResponse, Response};
use domain::opening::Refusal as OutOfStep;
use domain::visual_confirmation::Refusal as OutOfTurn;
use protocol::http::{ProblemCode, ProblemViolation};
use thiserror::Error;

use crate::entropy::NoEntropy;
use crate::passkeys::PasskeyError;
use crate::password::PasswordError;
use crate::store::StoreError;

/// A request that was not done.
#[derive(Debug, Error)]
pub(crate) enum ApiError {
    /// Refused, with the reason.
    #[error("refused: {0:?}")]
    Refused(ProblemCode),
    /// The body can't be read, from this member on if it got that far.
    #[error("unreadable body")]
    Unreadable(Option<String>),
    /// Refused until so many seconds have passed.
    #[error("refused for {wait_seconds} s: {code:?}")]
    Early {
        code: ProblemCode,
        wait_seconds: i64,
    },
    /// A visual confirmation does not allow this now.
    #[error("out of turn")]
    OutOfTurn(OutOfTurn),
    /// The emergency function is not open: where it stands, and what to do.
    #[error("the function is not open")]
    FunctionNotOpen(String),
    /// An opening does not allow this now.
    #[error("out of step")]
    OutOfStep(OutOfStep),
    /// Fields break rules.
    #[error("invalid input")]
    Invalid(Vec<ProblemViolation>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// A passkey's answer does not hold, or none could be asked for.
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    /// A password could not be checked.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// The most characters of a member's name that a refusal repeats.
const MOST_MEMBER_CHARACTERS: usize = 64;

/// Said of a member that is unknown or of another type than expected.
const UNREADABLE_MEMBER: &str = "この項目はないか、値の形が違います";

/// What [`crate::http::problems`] makes a problem of, once it knows the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) code: ProblemCode,
    /// Said instead of the code's own title.
    pub(crate) title: Option<String>,
    /// Said instead of the code's own detail.
    pub(crate) detail: Option<String>,
    pub(crate) violations: Vec<ProblemViolation>,
    /// How long to wait before trying again.
    pub(crate) retry_after_seconds: Option<i64>,
}

impl From<ProblemCode> for Refusal {
    fn from(code: ProblemCode) -> Self {
        Self {
            code,
            title: None,
            detail: None,
            violations: Vec::new(),
            retry_after_seconds: None,
        }
    }
}

impl ApiError {
    /// A member that is unknown or given twice; its name is not repeated at any length.
    pub(crate) fn unreadable_member(name: &str) -> Self {
        Self::Unreadable(Some(name.chars().take(MOST_MEMBER_CHARACTERS).collect()))
    }

    /// A field that breaks a rule.
    pub(crate) fn invalid(field: &str, message: &str) -> Self {
        Self::Invalid(vec![ProblemViolation {
            field: field.to_owned(),
            message: message.to_owned(),
        }])
    }

    /// The text for the desk.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::OutOfTurn(refusal) => refusal.to_string(),
            Self::OutOfStep(refusal) => refusal.to_string(),
            Self::Invalid(violations) => {
                let messages = violations.iter().map(|one| one.message.as_str());
                messages.collect::<Vec<_>>().join("、")
            }
            error => error.code().title().to_owned(),
        }
    }

    fn code(&self) -> ProblemCode {
        match self {
            Self::Refused(code) | Self::Early { code, .. } => *code,
            Self::Unreadable(_) => ProblemCode::UnreadableRequest,
            Self::Invalid(_) => ProblemCode::InvalidInput,
            Self::OutOfTurn(_) => ProblemCode::OutOfTurn,
            Self::FunctionNotOpen(_) => ProblemCode::FunctionNotOpen,
            Self::OutOfStep(_) => ProblemCode::OpeningOutOfStep,
            Self::Store(error) if error.is_passing() => ProblemCode::Unavailable,
            Self::Password(PasswordError::Stopped) => ProblemCode::Unavailable,
            Self::Passkey(PasskeyError::Refused) => ProblemCode::PasskeyRefused,
            Self::Store(_) | Self::Entropy(_) | Self::Password(_) | Self::Passkey(_) => {
                ProblemCode::Internal
            }
        }
    }
}

impl From<OutOfTurn> for ApiError {
    fn from(refusal: OutOfTurn) -> Self {
        match refusal {
            OutOfTurn::Expired | OutOfTurn::ResultOfAnother => {
                Self::Refused(ProblemCode::VisualConfirmationOver)
            }
            OutOfTurn::OfAnother => Self::Refused(ProblemCode::BegunElsewhere),
            refusal => Self::OutOfTurn(refusal),
        }
    }
}

impl From<OutOfStep> for ApiError {
    fn from(refusal: OutOfStep) -> Self {
        match refusal {
            OutOfStep::Hours => Self::invalid("hours", &refusal.to_string()),
            refusal => Self::OutOfStep(refusal),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let code = self.code();
        if code == ProblemCode::Internal {
            tracing::error!(error = %error_chain(&self), "request failed");
        }
        let retry_after_seconds = match self {
            Self::Early { wait_seconds, .. } => Some(wait_seconds),
            _ => None,
        };
        let title = match &self {
            Self::OutOfTurn(_) | Self::OutOfStep(_) => Some(self.title()),
            _ => None,
        };
        let detail = match &self {
            Self::FunctionNotOpen(detail) => Some(detail.clone()),
            _ => None,
        };
        let violations = match self {
            Self::Invalid(violations) => violations,
            Self::Unreadable(Some(field)) => {
                vec![ProblemViolation {
                    field,
                    message: UNREADABLE_MEMBER.to_owned(),
                }]
            }
            _ => Vec::new(),
        };
        let mut response = ().into_response();
        response.extensions_mut().insert(Refusal {
            code,
            title,
            detail,
            violations,
            retry_after_seconds,
        });
        response
    }
}

/// An error and its causes in one line. Causes come from drivers and hold no
/// personal data: values are bound, never put into SQL.
fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
