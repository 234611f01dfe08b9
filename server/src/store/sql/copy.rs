//! Many rows into a table at once, where a database has a way for that.

use std::pin::pin;

use futures_executor::block_on;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::value::Value;
use super::{Result, Session, Sql, SqlError, ToValue};

impl Sql<'_> {
    /// Appends rows of two columns by `COPY`, inside a transaction. `false`: nothing was done,
    /// because the database has no such way, or some of the rows are there; what is inserted
    /// one by one can tell which.
    ///
    /// All values of a column are of one kind, and none is missing.
    pub(in crate::store) fn copy<A: ToValue, B: ToValue>(
        self,
        into: &str,
        rows: impl IntoIterator<Item = (A, B)>,
    ) -> Result<bool> {
        let Self::Postgres(session) = self else {
            return Ok(false);
        };
        let savepoint = session.savepoint()?;
        match session.copy(into, rows) {
            Ok(()) => session.release(savepoint).map(|()| true),
            Err(SqlError::Refused(refused)) if refused.code == SqlState::UNIQUE_VIOLATION => {
                session.roll_back_to_savepoint(savepoint).map(|()| false)
            }
            Err(error) => Err(error),
        }
    }
}

impl Session {
    fn copy<A: ToValue, B: ToValue>(
        &self,
        into: &str,
        rows: impl IntoIterator<Item = (A, B)>,
    ) -> Result<()> {
        let mut rows = rows.into_iter().peekable();
        let Some((a, b)) = rows.peek() else {
            return Ok(());
        };
        let types = [column(a.to_value()?)?, column(b.to_value()?)?];
        let statement = format!("COPY {into} FROM STDIN (FORMAT binary)");
        let sink = self.noted(block_on(self.client().copy_in(&statement)))?;
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
        for (a, b) in rows {
            let values: [&(dyn ToSql + Sync); 2] = [&a.to_value()?, &b.to_value()?];
            self.noted(block_on(writer.as_mut().write(&values)))?;
        }
        self.noted(block_on(writer.finish())).map(drop)
    }
}

/// The type of a column of the store.
fn column(value: Value<'_>) -> Result<Type> {
    match value {
        Value::Integer(_) => Ok(Type::INT8),
        Value::Text(_) => Ok(Type::TEXT),
        Value::Blob(_) => Ok(Type::BYTEA),
        Value::Null => Err(SqlError::Column("none".to_owned())),
    }
}
