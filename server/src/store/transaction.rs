//! What may be done inside one transaction.

use std::ops::Deref;

use domain::timestamp::Timestamp;
use rusqlite::Connection;

use super::{Audited, StoreError};

/// Reads from one moment of the store; everything is undone at its end.
pub struct Reader<'c> {
    connection: &'c Connection,
}

impl<'c> Reader<'c> {
    /// On a connection with a transaction open.
    pub(super) const fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// Whether the store answers at all.
    pub fn check(&self) -> Result<(), StoreError> {
        Ok(self
            .connection
            .query_row("SELECT count(*) FROM institution", [], |_| Ok(()))?)
    }

    pub(super) const fn sql(&self) -> &'c Connection {
        self.connection
    }
}

/// Reads and changes. What it changed is committed only with audit events ([`Audited`]).
pub struct Writer<'c> {
    reader: Reader<'c>,
    now: Timestamp,
}

impl<'c> Writer<'c> {
    /// Makes a change on a connection with a transaction open, and adds its audit events;
    /// committing is left to who opened it.
    pub(super) fn run<T, E: From<StoreError>>(
        connection: &'c Connection,
        now: Timestamp,
        work: impl FnOnce(&Self) -> Result<Audited<T>, E>,
    ) -> Result<T, E> {
        let writer = Self {
            reader: Reader::new(connection),
            now,
        };
        let (value, events) = work(&writer)?.into_parts();
        super::audit::append(connection, now, &events)?;
        Ok(value)
    }

    /// The time of everything in this transaction.
    pub const fn now(&self) -> Timestamp {
        self.now
    }
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}
