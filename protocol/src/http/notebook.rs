//! 控え: the key that an institution's notes are sealed with, and what became of them.

use std::fmt;

use domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How long notes are kept unless the institution says otherwise, in hours.
pub const USUAL_NOTEBOOK_HOURS: u32 = 72;

/// The longest time that an institution can have its notes kept, in hours: thirty days.
pub const MOST_NOTEBOOK_HOURS: u32 = 30 * 24;

/// An institution's notebook, for those who may search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notebook {
    /// `None` until a page has made it.
    pub key: Option<NotebookKey>,
    /// How long notes are kept, in hours from when the service was first reached after they were
    /// written; 1 to [`MOST_NOTEBOOK_HOURS`].
    pub keep_hours: u32,
    /// The service's clock: a terminal's may be wrong.
    pub now: Timestamp,
}

/// ECDH on P-256, base64url without padding.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotebookKey {
    /// The point, uncompressed: 65 bytes.
    pub public_key: String,
    /// The number: 32 bytes. Told to open sessions only.
    pub private_key: String,
}

/// For how long notes are to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotebookRule {
    /// In hours: 1 to [`MOST_NOTEBOOK_HOURS`].
    pub keep_hours: u32,
}

/// That notes were destroyed on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotebookDestruction {
    /// How many; at least 1.
    pub count: u32,
    /// Because their time was over, not by a person's act.
    pub by_time: bool,
}

impl fmt::Debug for NotebookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotebookKey(masked)")
    }
}
