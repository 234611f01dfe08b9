//! What a store is for. Public passwords must never open real records, nor
//! invented persons be shown as real ones, so the two never mix.

use super::sql::OptionalExtension;
use super::{Reader, StoreError, Writer};

/// What a store is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The demo.
    Demo,
    /// Work with real persons.
    Work,
}

impl Purpose {
    /// Its name in the store and in the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Work => "work",
        }
    }
}

impl Reader<'_> {
    /// What the store is for; `None` until something decides it.
    pub fn purpose(&self) -> Result<Option<Purpose>, StoreError> {
        let code: Option<String> = self
            .sql()
            .query_row("SELECT purpose FROM store", [], |row| row.get(0))
            .optional()?;
        match code.as_deref() {
            None => Ok(None),
            Some("demo") => Ok(Some(Purpose::Demo)),
            Some("work") => Ok(Some(Purpose::Work)),
            Some(_) => Err(StoreError::Inconsistent {
                table: "store",
                column: "purpose",
                id: 1,
            }),
        }
    }
}

impl Writer<'_> {
    /// Decides what the store is for, unless that is decided, and gives what it is.
    pub fn decide_purpose(&self, purpose: Purpose) -> Result<Purpose, StoreError> {
        self.sql().execute(
            "INSERT INTO store (id, purpose) VALUES (1, ?1) ON CONFLICT DO NOTHING",
            [purpose.code()],
        )?;
        Ok(self.purpose()?.unwrap_or(purpose))
    }
}
