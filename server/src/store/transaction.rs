//! What may be done inside one transaction.

use std::ops::Deref;

use domain::timestamp::Timestamp;
use rusqlite::Transaction;

use super::{Audited, StoreError};

/// Reads from one moment of the store; everything is undone at its end.
pub struct Reader<'c> {
    transaction: Transaction<'c>,
}

impl<'c> Reader<'c> {
    pub(super) const fn new(transaction: Transaction<'c>) -> Self {
        Self { transaction }
    }

    /// Whether the store answers at all.
    pub fn check(&self) -> Result<(), StoreError> {
        Ok(self
            .transaction
            .query_row("SELECT count(*) FROM institution", [], |_| Ok(()))?)
    }

    pub(super) const fn sql(&self) -> &Transaction<'c> {
        &self.transaction
    }
}

/// Reads and changes. Commits only with audit events ([`Audited`]).
pub struct Writer<'c> {
    reader: Reader<'c>,
    now: Timestamp,
}

impl<'c> Writer<'c> {
    pub(super) const fn new(transaction: Transaction<'c>, now: Timestamp) -> Self {
        Self {
            reader: Reader::new(transaction),
            now,
        }
    }

    /// The time of everything in this transaction.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn commit<T>(self, audited: Audited<T>) -> Result<T, StoreError> {
        let (value, events) = audited.into_parts();
        for event in &events {
            super::audit::append(self.sql(), self.now, event)?;
        }
        self.reader.transaction.commit()?;
        Ok(value)
    }
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}
