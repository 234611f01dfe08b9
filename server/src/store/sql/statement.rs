//! A prepared statement, and the rows it gives.

use std::pin::Pin;
use std::sync::Arc;

use tokio_postgres::RowStream;

use super::params::{Params, Place};
use super::session::{Prepared, Session};
use super::{Result, Row, SqlError};

/// A prepared statement.
pub(in crate::store) enum Statement<'c> {
    Sqlite(rusqlite::CachedStatement<'c>),
    Postgres(&'c Session, Arc<Prepared>),
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "they are written where they are given, as arrays and tuples"
)]
impl Statement<'_> {
    /// Runs it, and says how many rows it changed. It must give none.
    pub(in crate::store) fn execute(&mut self, params: impl Params) -> Result<usize> {
        match self {
            Self::Sqlite(statement) => {
                bind(statement, &params)?;
                Ok(statement.raw_execute()?)
            }
            Self::Postgres(session, prepared) => session.execute(prepared, &params),
        }
    }

    /// Runs it without waiting for how it goes, where there would be a wait: should it fail, the
    /// commit of its transaction will, and with it all that was done in it.
    pub(in crate::store) fn execute_ahead(&mut self, params: impl Params) -> Result<()> {
        match self {
            Self::Sqlite(_) => self.execute(params).map(drop),
            Self::Postgres(session, prepared) => session.execute_ahead(prepared, &params),
        }
    }

    /// Runs it, and reads the first row; [`SqlError::NoRow`] without one.
    pub(in crate::store) fn query_row<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut rows = self.query(params)?;
        let row = rows.next()?.ok_or(SqlError::NoRow)?;
        read(&row)
    }

    /// Runs it, and reads each row.
    pub(in crate::store) fn query_map<T, F>(
        &mut self,
        params: impl Params,
        read: F,
    ) -> Result<MappedRows<'_, F>>
    where
        F: FnMut(&Row<'_>) -> Result<T>,
    {
        let rows = self.query(params)?;
        Ok(MappedRows { rows, read })
    }

    /// Runs it. The rows must be few: a server sends all of them at once.
    pub(in crate::store) fn query(&mut self, params: impl Params) -> Result<Rows<'_>> {
        match self {
            Self::Sqlite(statement) => {
                bind(statement, &params)?;
                Ok(Rows::Sqlite(statement.raw_query()))
            }
            Self::Postgres(session, prepared) => {
                let rows = session.query(prepared, &params)?;
                Ok(Rows::Postgres(rows.into_iter(), None))
            }
        }
    }

    /// Runs it, for rows without end: they come as they are read. Until they are all read,
    /// or dropped, nothing else may be asked on this connection.
    pub(in crate::store) fn query_streamed(&mut self, params: impl Params) -> Result<Rows<'_>> {
        match self {
            Self::Sqlite(_) => self.query(params),
            Self::Postgres(session, prepared) => {
                let rows = session.query_streamed(prepared, &params)?;
                Ok(Rows::Streamed(Box::pin(rows), None))
            }
        }
    }
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &impl Params) -> Result<()> {
    let mut bound = 0;
    params.each(&mut |place, value| {
        bound += 1;
        match place {
            Place::Number(number) => statement.raw_bind_parameter(number, value)?,
            Place::Name(name) => statement.raw_bind_parameter(name, value)?,
        }
        Ok(())
    })?;
    let expected = statement.parameter_count();
    if bound == expected {
        Ok(())
    } else {
        Err(rusqlite::Error::InvalidParameterCount(bound, expected).into())
    }
}

/// The rows of a statement.
pub(in crate::store) enum Rows<'s> {
    Sqlite(rusqlite::Rows<'s>),
    Postgres(
        std::vec::IntoIter<tokio_postgres::Row>,
        Option<tokio_postgres::Row>,
    ),
    Streamed(Pin<Box<RowStream>>, Option<tokio_postgres::Row>),
}

impl Rows<'_> {
    /// The next row.
    pub(in crate::store) fn next(&mut self) -> Result<Option<Row<'_>>> {
        match self {
            Self::Sqlite(rows) => Ok(rows.next()?.map(Row::Sqlite)),
            Self::Postgres(rows, row) => {
                *row = rows.next();
                Ok(row.as_ref().map(Row::Postgres))
            }
            Self::Streamed(rows, row) => {
                *row = Session::next(rows)?;
                Ok(row.as_ref().map(Row::Postgres))
            }
        }
    }
}

/// The rows of a statement, each read.
pub(in crate::store) struct MappedRows<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T>> Iterator for MappedRows<'_, F> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let row = self.rows.next().transpose()?;
        Some(row.and_then(|row| (self.read)(&row)))
    }
}
