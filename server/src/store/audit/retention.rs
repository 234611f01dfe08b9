//! The retention: old lines go, from the beginning only, and the chain still holds.

use domain::timestamp::Timestamp;

use crate::store::{Reader, StoreError, Writer};

impl Reader<'_> {
    /// Whether there is a line from before a time, which the retention would remove.
    pub fn has_audit_before(&self, time: Timestamp) -> Result<bool, StoreError> {
        Ok(self
            .sql()
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM audit WHERE at < ?1)")?
            .query_row([time.unix_milliseconds()], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Removes the lines before the first one that is not from before `time`, and
    /// gives their number. The last one's hash stays as the chain's anchor.
    ///
    /// By the first line to stay and not by each line's time: a clock that was set
    /// back must not tear a hole.
    pub fn prune_audit(&self, time: Timestamp) -> Result<usize, StoreError> {
        let last: Option<u64> = self.sql().query_row(
            "SELECT max(sequence) FROM audit WHERE sequence < coalesce(
               (SELECT min(sequence) FROM audit WHERE at >= ?1),
               (SELECT max(sequence) + 1 FROM audit))",
            [time.unix_milliseconds()],
            |row| row.get(0),
        )?;
        let Some(last) = last else {
            return Ok(0);
        };
        self.sql().execute(
            "UPDATE audit_anchor SET (sequence, hash) =
               (SELECT sequence, hash FROM audit WHERE sequence = ?1)",
            [last],
        )?;
        Ok(self
            .sql()
            .execute("DELETE FROM audit WHERE sequence <= ?1", [last])?)
    }
}
