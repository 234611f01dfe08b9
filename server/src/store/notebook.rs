//! What institutions' notes are sealed with, and for how long they are kept.

use protocol::http::{NotebookKey, USUAL_NOTEBOOK_HOURS};

use super::sql::OptionalExtension;
use super::{Reader, StoreError, Writer};

impl Reader<'_> {
    /// The key of an institution's notes, if it has one.
    pub fn notebook_key(&self, institution_id: i64) -> Result<Option<NotebookKey>, StoreError> {
        let key = self
            .sql()
            .prepare_cached(
                "SELECT public_key, private_key FROM notebook_key WHERE institution_id = ?1",
            )?
            .query_row([institution_id], |row| {
                Ok(NotebookKey {
                    public_key: row.get(0)?,
                    private_key: row.get(1)?,
                })
            })
            .optional()?;
        Ok(key)
    }

    /// For how many hours an institution's notes are kept.
    pub fn notebook_hours(&self, institution_id: i64) -> Result<u32, StoreError> {
        let hours = self
            .sql()
            .prepare_cached("SELECT keep_hours FROM notebook_rule WHERE institution_id = ?1")?
            .query_row([institution_id], |row| row.get(0))
            .optional()?;
        Ok(hours.unwrap_or(USUAL_NOTEBOOK_HOURS))
    }
}

impl Writer<'_> {
    /// Keeps the key of an institution that has none.
    pub fn add_notebook_key(
        &self,
        institution_id: i64,
        key: &NotebookKey,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO notebook_key (institution_id, public_key, private_key)
                 VALUES (?1, ?2, ?3)",
            )?
            .execute((institution_id, &key.public_key, &key.private_key))?;
        Ok(())
    }

    /// Decides for how many hours an institution's notes are kept.
    pub fn set_notebook_hours(&self, institution_id: i64, hours: u32) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO notebook_rule (institution_id, keep_hours) VALUES (?1, ?2)
                 ON CONFLICT (institution_id) DO UPDATE SET keep_hours = excluded.keep_hours",
            )?
            .execute((institution_id, hours))?;
        Ok(())
    }
}
