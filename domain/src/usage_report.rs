//! 利用報告書: what an institution says of how it used the function, after it was closed.
//!
//! What is counted comes from the audit trail ([`Usage`]), the rest from the institution
//! ([`UsageReportFields`]); [`UsageReport::text`] puts both together. No form is published
//! (`facts/domain.md` §1.2): these are the fields that the source document's steps need.

mod fields;
mod lines;
mod report;
mod usage;

pub use fields::{FieldProblem, ReportField, ReportViolation, UsageReportFields};
pub use report::UsageReport;
pub use usage::{Usage, UsageByUser, UsageDay, Use, UseKind};

/// 件名 of the mail that the report leaves by (source document, 立ち上げの流れ 4).
pub const SUBJECT: &str = "システム障害時機能の利用報告";

/// The name of the report as a file.
pub const FILE_NAME: &str = "利用報告書.txt";
