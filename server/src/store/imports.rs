//! How far interrupted imports came, so that the next call goes on from there.

use domain::timestamp::Timestamp;

use super::sql::{OptionalExtension, named_params};
use super::{Reader, StoreError, Writer};

/// How long an interrupted import can be taken up again.
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Names a file by its size, beginning and encoding.
pub type FileKey = [u8; 32];

/// Everything before `place` is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProgress {
    /// Bytes of the file before the next row.
    pub place: u64,
    /// The line of the file that `place` is in, from one.
    pub line: u64,
    /// The SHA-256 of the bytes before `place`: only the same file is resumed.
    pub prefix: [u8; 32],
    /// Bytes of the file of rejected rows.
    pub rejected_bytes: u64,
    /// What was counted so far, as JSON.
    pub summary: String,
}

impl Reader<'_> {
    /// Where an import of a file was interrupted.
    pub fn import_progress(&self, file: &FileKey) -> Result<Option<ImportProgress>, StoreError> {
        let found = self
            .sql()
            .prepare_cached(
                "SELECT place, line, prefix, rejected_bytes, summary FROM import_progress
                 WHERE file = ?1",
            )?
            .query_row([file], |row| {
                Ok(ImportProgress {
                    place: row.get(0)?,
                    line: row.get(1)?,
                    prefix: row.get(2)?,
                    rejected_bytes: row.get(3)?,
                    summary: row.get(4)?,
                })
            })
            .optional()?;
        Ok(found)
    }
}

impl Writer<'_> {
    /// Notes how far an import came, in the transaction that brought it there.
    pub fn note_import_progress(
        &self,
        file: &FileKey,
        progress: &ImportProgress,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO import_progress
                   (file, place, line, prefix, rejected_bytes, summary, noted_at)
                 VALUES (:file, :place, :line, :prefix, :rejected_bytes, :summary, :noted_at)
                 ON CONFLICT (file) DO UPDATE SET place = excluded.place, line = excluded.line,
                   prefix = excluded.prefix, rejected_bytes = excluded.rejected_bytes,
                   summary = excluded.summary, noted_at = excluded.noted_at",
            )?
            .execute(named_params! {
                ":file": file,
                ":place": progress.place,
                ":line": progress.line,
                ":prefix": progress.prefix,
                ":rejected_bytes": progress.rejected_bytes,
                ":summary": progress.summary,
                ":noted_at": self.now().unix_milliseconds(),
            })?;
        Ok(())
    }

    /// Forgets an import that ended or begins anew, and those too old to matter.
    pub fn forget_import_progress(&self, file: &FileKey) -> Result<(), StoreError> {
        let oldest: Timestamp = self.now().plus_seconds(-KEPT_SECONDS);
        self.sql()
            .prepare_cached("DELETE FROM import_progress WHERE file = ?1 OR noted_at < ?2")?
            .execute((file, oldest.unix_milliseconds()))?;
        Ok(())
    }
}
