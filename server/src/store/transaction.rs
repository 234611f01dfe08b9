//! What may be done inside one transaction.

use std::ops::Deref;

use super::audit::Trail;
use super::sql::Sql;
use super::{Audited, StoreError};
use domain::timestamp::Timestamp;

/// Reads from one moment of the store; everything is undone at its end.
pub struct Reader<'c> {
    sql: Sql<'c>,
}

impl<'c> Reader<'c> {
    /// On a connection with a transaction open.
    pub(super) const fn new(sql: Sql<'c>) -> Self {
        Self { sql }
    }

    /// Whether the store answers at all.
    pub fn check(&self) -> Result<(), StoreError> {
        Ok(self
            .sql
            .query_row("SELECT count(*) FROM institution", [], |_| Ok(()))?)
    }

    pub(super) const fn sql(&self) -> Sql<'c> {
        self.sql
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
        sql: Sql<'c>,
        trail: &Trail,
        now: Timestamp,
        work: impl FnOnce(&Self) -> Result<Audited<T>, E>,
    ) -> Result<T, E> {
        let writer = Self {
            reader: Reader::new(sql),
            now,
        };
        let (value, events) = work(&writer)?.into_parts();
        trail.append(sql, now, &events)?;
        Ok(value)
    }

    /// Makes a change whose audit events are on disk already.
    pub(super) fn run_audited<T, E>(
        sql: Sql<'c>,
        now: Timestamp,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let reader = Reader::new(sql);
        work(&Self { reader, now })
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
