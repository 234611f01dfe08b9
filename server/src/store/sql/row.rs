//! A row that a statement gave.

use std::fmt;

use rusqlite::types::ValueRef;

use super::value::{FromValue, Value};
use super::{Result, SqlError};

/// One row.
pub(in crate::store) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

/// A column by its number, from 0, or by its name.
pub(in crate::store) trait Column:
    rusqlite::RowIndex + tokio_postgres::row::RowIndex + fmt::Display + Copy
{
}

impl Column for usize {}
impl Column for &str {}

impl Row<'_> {
    /// A column's value.
    pub(in crate::store) fn get<C: Column, T: FromValue>(&self, column: C) -> Result<T> {
        let other = || SqlError::Column(column.to_string());
        let value = match self {
            Self::Sqlite(row) => match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(integer) => Value::Integer(integer),
                ValueRef::Text(text) => {
                    Value::Text(std::str::from_utf8(text).map_err(|_| other())?)
                }
                ValueRef::Blob(bytes) => Value::Blob(bytes),
                ValueRef::Real(_) => return Err(other()),
            },
            Self::Postgres(row) => row.try_get(column).map_err(|_| other())?,
        };
        T::from_value(value).ok_or_else(other)
    }
}
