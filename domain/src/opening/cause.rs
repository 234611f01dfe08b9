//! Why an institution can't confirm anybody in the normal way.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// システム障害等の原因, as far as it is known when the function is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The line to the service.
    Line,
    /// The terminal, or its network.
    Terminal,
    /// The face-authentication card reader.
    Reader,
    /// The service itself.
    Service,
    /// Disaster or power failure.
    Disaster,
    /// Something else, or not known yet.
    Other,
}

/// Not the code of a [`Cause`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("原因を選択してください")]
pub struct InvalidCause;

impl Cause {
    /// All causes, in the order of the form.
    pub const ALL: [Self; 6] = [
        Self::Line,
        Self::Terminal,
        Self::Reader,
        Self::Service,
        Self::Disaster,
        Self::Other,
    ];

    /// Its words on screen and in the report.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Line => "ネットワーク回線の障害",
            Self::Terminal => "資格確認端末・院内ネットワークの障害",
            Self::Reader => "顔認証付きカードリーダーの障害",
            Self::Service => "オンライン資格確認等システムの障害",
            Self::Disaster => "災害・停電",
            Self::Other => "その他・不明",
        }
    }

    /// Its name on the wire and in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Terminal => "terminal",
            Self::Reader => "reader",
            Self::Service => "service",
            Self::Disaster => "disaster",
            Self::Other => "other",
        }
    }
}

impl FromStr for Cause {
    type Err = InvalidCause;

    fn from_str(text: &str) -> Result<Self, InvalidCause> {
        let is_it = |cause: &Self| cause.code() == text;
        Self::ALL.into_iter().find(is_it).ok_or(InvalidCause)
    }
}
