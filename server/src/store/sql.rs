//! One SQL for two databases: statements, parameters and rows as the rest of the store
//! sees them, whether the store is a file of `SQLite`'s or a `PostgreSQL` server.
//!
//! Statements are written so that both understand them; parameters are `?1` or `:name`
//! ([`translation`]). What only one of them has stays below this module and [`super::pool`]:
//! how a transaction begins, what a failed statement leaves behind, how values are bound.
//! On `SQLite` a call is the driver's own call behind one `match`.

mod copy;
mod error;
mod params;
mod row;
mod session;
mod statement;
mod transaction;
mod translation;
mod value;

pub use error::{Refusal, SqlError};
pub(in crate::store) use params::Params;
pub(in crate::store) use row::Row;
pub(in crate::store) use session::Session;
pub(in crate::store) use statement::Statement;
pub(in crate::store) use transaction::{Kind, Transaction};
pub(in crate::store) use value::ToValue;

/// What a statement gives.
pub(in crate::store) type Result<T> = std::result::Result<T, SqlError>;

/// Speaks to the database over one connection.
#[derive(Clone, Copy)]
pub(in crate::store) enum Sql<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c Session),
}

impl<'c> From<&'c rusqlite::Connection> for Sql<'c> {
    fn from(connection: &'c rusqlite::Connection) -> Self {
        Self::Sqlite(connection)
    }
}

impl<'c> Sql<'c> {
    /// A statement that is kept with the connection, and so translated and planned once.
    pub(in crate::store) fn prepare_cached(self, sql: &str) -> Result<Statement<'c>> {
        Ok(match self {
            Self::Sqlite(connection) => Statement::Sqlite(connection.prepare_cached(sql)?),
            Self::Postgres(session) => Statement::Postgres(session, session.prepare(sql)?),
        })
    }

    /// Runs a statement that gives no rows, and says how many it changed.
    pub(in crate::store) fn execute(self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }

    /// Runs a statement and reads its first row; [`SqlError::NoRow`] without one.
    pub(in crate::store) fn query_row<T>(
        self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare_cached(sql)?.query_row(params, read)
    }

    /// The one value of a table that is written once and never changed: a server is asked for
    /// it once for each connection.
    pub(in crate::store) fn constant(self, sql: &str) -> Result<Vec<u8>> {
        let read = || self.query_row(sql, [], |row| row.get(0));
        match self {
            Self::Sqlite(_) => read(),
            Self::Postgres(session) => session.constant(sql, read),
        }
    }

    /// Runs statements without parameters.
    pub(in crate::store) fn execute_batch(self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Self::Postgres(session) => session.batch(sql),
        }
    }
}

/// No row is no failure where one may be missing.
pub(in crate::store) trait OptionalExtension<T> {
    /// `None` for [`SqlError::NoRow`].
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(SqlError::NoRow) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Parameters by name: `named_params! { ":name": value, … }`.
macro_rules! named_params {
    ($($name:literal: $value:expr),* $(,)?) => {
        &[$(($name, &$value as &dyn $crate::store::sql::ToValue)),*]
    };
}
pub(in crate::store) use named_params;
