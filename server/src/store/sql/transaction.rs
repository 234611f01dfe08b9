//! Transactions, and savepoints inside them.

use super::{Result, Sql};

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Kind {
    /// Read, from one moment of the store.
    Read,
    /// Change, beside no other one that does: of this program, or any other that uses the
    /// store.
    Write,
    /// Change persons only, beside no other one that does. In a file nobody of the others
    /// waits for it.
    WritePersons,
}

/// Takes the turn to write to one of the store's files: `IMMEDIATE` would take both.
const TURN: &str = "DELETE FROM main.turn WHERE FALSE";
const TURN_OF_PERSONS: &str = "DELETE FROM persons.turn_of_persons WHERE FALSE";

/// An open transaction, or a savepoint in one; undone when it is dropped.
pub(in crate::store) struct Transaction<'c> {
    sql: Sql<'c>,
    is_savepoint: bool,
    is_over: bool,
}

impl<'c> Sql<'c> {
    /// Begins a transaction.
    pub(in crate::store) fn begin(self, kind: Kind) -> Result<Transaction<'c>> {
        let turn = match (self, kind) {
            (Self::Sqlite(connection), kind) => {
                connection.prepare_cached("BEGIN DEFERRED")?.execute([])?;
                match kind {
                    Kind::Read => None,
                    Kind::Write => Some(TURN),
                    Kind::WritePersons => Some(TURN_OF_PERSONS),
                }
            }
            (Self::Postgres(session), kind) => {
                session.begin(kind)?;
                None
            }
        };
        let transaction = Transaction::new(self, false);
        if let Some(turn) = turn {
            self.execute(turn, [])?;
        }
        Ok(transaction)
    }

    /// Whether a transaction is open: a full disk, or a lost connection, ends it.
    pub(in crate::store) fn is_in_transaction(self) -> bool {
        match self {
            Self::Sqlite(connection) => !connection.is_autocommit(),
            Self::Postgres(session) => session.is_in_transaction(),
        }
    }
}

impl<'c> Transaction<'c> {
    const fn new(sql: Sql<'c>, is_savepoint: bool) -> Self {
        Self {
            sql,
            is_savepoint,
            is_over: false,
        }
    }

    /// The connection that it is open on.
    pub(in crate::store) const fn sql(&self) -> Sql<'c> {
        self.sql
    }

    /// Lifts the limit of time for its statements, where there is one.
    pub(in crate::store) fn may_take_long(&self) -> Result<()> {
        match self.sql {
            Sql::Sqlite(_) => Ok(()),
            Sql::Postgres(session) => session.may_take_long(),
        }
    }

    /// A savepoint: what fails in it takes back nothing but itself.
    pub(in crate::store) fn savepoint(&mut self) -> Result<Transaction<'c>> {
        match self.sql {
            Sql::Sqlite(connection) => connection.execute_batch("SAVEPOINT change")?,
            Sql::Postgres(session) => session.savepoint()?,
        }
        Ok(Transaction::new(self.sql, true))
    }

    /// Keeps what was done. Of a transaction that changed something it is on disk then; of
    /// a savepoint once its transaction is.
    pub(in crate::store) fn commit(mut self) -> Result<()> {
        match (self.sql, self.is_savepoint) {
            (Sql::Sqlite(connection), false) => connection.execute_batch("COMMIT")?,
            (Sql::Sqlite(connection), true) => connection.execute_batch("RELEASE change")?,
            (Sql::Postgres(session), false) => session.commit()?,
            (Sql::Postgres(session), true) => session.release()?,
        }
        self.is_over = true;
        Ok(())
    }

    fn undo(&self) -> Result<()> {
        match (self.sql, self.is_savepoint) {
            (Sql::Sqlite(connection), true) => {
                Ok(connection.execute_batch("ROLLBACK TO change; RELEASE change")?)
            }
            (Sql::Sqlite(connection), false) => Ok(connection.execute_batch("ROLLBACK")?),
            (Sql::Postgres(session), true) => session.roll_back_to_savepoint(),
            (Sql::Postgres(session), false) => {
                session.roll_back();
                Ok(())
            }
        }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_over || !self.sql.is_in_transaction() {
            return;
        }
        if let Err(error) = self.undo() {
            tracing::error!(%error, "a transaction could not be undone");
        }
    }
}
