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
    /// The number of a savepoint.
    savepoint: Option<u64>,
    is_over: bool,
}

impl<'c> Sql<'c> {
    /// Begins a transaction.
    pub(in crate::store) fn begin(self, kind: Kind) -> Result<Transaction<'c>> {
        match self {
            Self::Sqlite(connection) => connection.prepare_cached("BEGIN DEFERRED")?.execute([])?,
            Self::Postgres(session) => session.begin(kind).map(|()| 0)?,
        };
        let transaction = Transaction::new(self, None);
        match kind {
            Kind::Read => {}
            Kind::Write => self.take_turn(TURN)?,
            Kind::WritePersons => self.take_turn(TURN_OF_PERSONS)?,
        }
        Ok(transaction)
    }

    /// In a transaction that changes something: before persons are read that will be changed, so
    /// that no import changes them in between.
    pub(in crate::store) fn take_turn_of_persons(self) -> Result<()> {
        self.take_turn(TURN_OF_PERSONS)
    }

    /// A server has one turn for everything, which begins with the transaction.
    fn take_turn(self, turn: &str) -> Result<()> {
        match self {
            Self::Sqlite(_) => self.execute(turn, []).map(drop),
            Self::Postgres(_) => Ok(()),
        }
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
    const fn new(sql: Sql<'c>, savepoint: Option<u64>) -> Self {
        Self {
            sql,
            savepoint,
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
        let number = match self.sql {
            Sql::Sqlite(connection) => {
                connection.execute_batch("SAVEPOINT change")?;
                0
            }
            Sql::Postgres(session) => session.savepoint()?,
        };
        Ok(Transaction::new(self.sql, Some(number)))
    }

    /// Keeps what was done. Of a transaction that changed something it is on disk then; of
    /// a savepoint once its transaction is.
    pub(in crate::store) fn commit(mut self) -> Result<()> {
        match (self.sql, self.savepoint) {
            (Sql::Sqlite(connection), None) => connection.execute_batch("COMMIT")?,
            (Sql::Sqlite(connection), Some(_)) => connection.execute_batch("RELEASE change")?,
            (Sql::Postgres(session), None) => session.commit()?,
            (Sql::Postgres(session), Some(number)) => session.release(number)?,
        }
        self.is_over = true;
        Ok(())
    }

    fn undo(&self) -> Result<()> {
        match (self.sql, self.savepoint) {
            (Sql::Sqlite(connection), Some(_)) => {
                Ok(connection.execute_batch("ROLLBACK TO change; RELEASE change")?)
            }
            (Sql::Sqlite(connection), None) => Ok(connection.execute_batch("ROLLBACK")?),
            (Sql::Postgres(session), Some(number)) => session.roll_back_to_savepoint(number),
            (Sql::Postgres(session), None) => {
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
