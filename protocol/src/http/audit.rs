//! 監査証跡, for the administrators of an institution.

use domain::audit::Record;
use serde::{Deserialize, Serialize};

/// The most lines of one [`AuditPage`].
pub const AUDIT_PAGE_LINES: usize = 100;

/// Lines of the trail, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// At most [`AUDIT_PAGE_LINES`].
    pub records: Vec<Record>,
    /// The `before` that gives the next page; `None` on the last one.
    pub next_before: Option<u64>,
}
