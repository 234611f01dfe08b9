//! How long the audit trail is kept.

use domain::audit::Action;
use domain::timestamp::Timestamp;

use crate::store::{AuditEvent, Audited, Store, StoreError};

/// A year, counted so that a line is never removed early.
const SECONDS_PER_YEAR: i64 = 366 * 24 * 3600;

/// Removes the lines of the trail that are older than some years, gives their
/// number, and leaves a line of its own if there were any.
pub fn apply(store: &Store, now: Timestamp, years: u16) -> Result<usize, StoreError> {
    let oldest = now.plus_seconds(-i64::from(years) * SECONDS_PER_YEAR);
    if !store.read_blocking(|reader| reader.has_audit_before(oldest))? {
        return Ok(0);
    }
    store.write_blocking(now, |writer| {
        let removed = writer.prune_audit(oldest)?;
        let event = AuditEvent::new(Action::AuditPruned, None);
        Ok(Audited::new(
            removed,
            event.outcome(format!("{removed} lines")),
        ))
    })
}
