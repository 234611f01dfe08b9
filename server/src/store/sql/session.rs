//! One connection to a `PostgreSQL` server, for threads that may block.
//!
//! The driver's own thread ([`crate::store::server`]) speaks to the server; a call here
//! waits for its answer. (To drive the connection on the calling thread was measured to be a fifth
//! slower.) What needs no answer of its own, like the beginning of a transaction that reads, is
//! sent ahead of the next statement without waiting.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use futures_executor::block_on;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, RowStream, Statement};

use super::params::{Params, Place};
use super::translation::Translation;
use super::value::Value;
use super::{Kind, Result, SqlError};

/// Whoever changes something holds this lock until his transaction is over: the audit
/// trail has one order over all servers, and rules that ask before they write hold: each
/// statement sees what was committed before it, and nobody commits but who has the lock.
const WRITERS: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
  SELECT pg_advisory_xact_lock(7527445531)";

/// A connection.
pub(in crate::store) struct Session {
    client: Client,
    prepared: RefCell<HashMap<Box<str>, Arc<Prepared>>>,
    /// What never changes, by the statement that reads it.
    constants: RefCell<HashMap<Box<str>, Vec<u8>>>,
    is_in_transaction: Cell<bool>,
    /// How many savepoints there were. No two have one name: to go back to one that a failure
    /// kept from being made must not lead to another.
    savepoints: Cell<u64>,
    /// Whether a statement failed since the last savepoint, or the transaction's beginning:
    /// the server then does nothing more until it is rolled back.
    is_spoilt: Cell<bool>,
    /// Whether the server takes no changes any more: it is no primary, or was fenced off.
    is_demoted: Cell<bool>,
}

/// A statement that the server has planned.
pub(in crate::store) struct Prepared {
    statement: Statement,
    names: Vec<String>,
}

impl Session {
    /// On a connection that somebody drives.
    pub(in crate::store) fn new(client: Client) -> Self {
        Self {
            client,
            prepared: RefCell::default(),
            constants: RefCell::default(),
            is_in_transaction: Cell::new(false),
            savepoints: Cell::new(0),
            is_spoilt: Cell::new(false),
            is_demoted: Cell::new(false),
        }
    }

    /// Whether it can be lent again.
    pub(in crate::store) fn is_usable(&self) -> bool {
        !(self.client.is_closed() || self.is_in_transaction.get() || self.is_demoted.get())
    }

    pub(super) fn prepare(&self, sql: &str) -> Result<Arc<Prepared>> {
        if let Some(prepared) = self.prepared.borrow().get(sql) {
            return Ok(Arc::clone(prepared));
        }
        let Translation {
            sql: translated,
            names,
        } = Translation::of(sql);
        let statement = self.noted(block_on(self.client.prepare(&translated)))?;
        let prepared = Arc::new(Prepared { statement, names });
        let mut all = self.prepared.borrow_mut();
        all.insert(sql.into(), Arc::clone(&prepared));
        Ok(prepared)
    }

    /// What is known already, or is read now.
    pub(super) fn constant(
        &self,
        sql: &str,
        read: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        if let Some(known) = self.constants.borrow().get(sql) {
            return Ok(known.clone());
        }
        let value = read()?;
        let mut all = self.constants.borrow_mut();
        all.insert(sql.into(), value.clone());
        Ok(value)
    }

    pub(super) fn query(&self, prepared: &Prepared, params: &impl Params) -> Result<Vec<Row>> {
        let values = prepared.values(params)?;
        let values = as_dyn(&values);
        self.noted(block_on(self.client.query(&prepared.statement, &values)))
    }

    pub(super) fn query_streamed(
        &self,
        prepared: &Prepared,
        params: &impl Params,
    ) -> Result<RowStream> {
        let values = prepared.values(params)?;
        let rows = self.client.query_raw(&prepared.statement, as_dyn(&values));
        self.noted(block_on(rows))
    }

    /// The next row of a stream.
    pub(super) fn next(rows: &mut Pin<Box<RowStream>>) -> Result<Option<Row>> {
        Ok(block_on(rows.next()).transpose()?)
    }

    pub(super) fn execute(&self, prepared: &Prepared, params: &impl Params) -> Result<usize> {
        let values = prepared.values(params)?;
        let values = as_dyn(&values);
        let changed = block_on(self.client.execute(&prepared.statement, &values));
        let changed = self.noted(changed)?;
        usize::try_from(changed).map_err(|_| SqlError::TooGreat)
    }

    /// Sends it ahead: should it fail, the transaction's commit will.
    pub(super) fn execute_ahead(&self, prepared: &Prepared, params: &impl Params) -> Result<()> {
        let values = prepared.values(params)?;
        let values = as_dyn(&values);
        let sent = self.client.execute(&prepared.statement, &values);
        sent.now_or_never()
            .map_or(Ok(()), |refused| self.noted(refused).map(drop))
    }

    pub(super) fn batch(&self, sql: &str) -> Result<()> {
        self.noted(block_on(self.client.batch_execute(sql)))
    }

    pub(super) fn begin(&self, kind: Kind) -> Result<()> {
        self.is_spoilt.set(false);
        self.is_in_transaction.set(true);
        let begun = match kind {
            Kind::Read => {
                self.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                Ok(())
            }
            Kind::Write | Kind::WritePersons => self.batch(WRITERS),
        };
        if begun.is_err() {
            self.roll_back();
        }
        begun
    }

    pub(super) fn may_take_long(&self) -> Result<()> {
        self.batch("SET LOCAL statement_timeout = 0")
    }

    pub(super) fn is_in_transaction(&self) -> bool {
        self.is_in_transaction.get() && !self.client.is_closed()
    }

    /// Gives its number.
    pub(super) fn savepoint(&self) -> Result<u64> {
        if self.is_spoilt.get() {
            return Err(SqlError::Spoilt);
        }
        let number = self.savepoints.get() + 1;
        self.savepoints.set(number);
        self.send(&format!("SAVEPOINT change{number}"));
        Ok(number)
    }

    /// Should anything of a savepoint have gone wrong unseen, the commit fails.
    pub(super) fn release(&self, number: u64) -> Result<()> {
        if self.is_spoilt.get() {
            return Err(SqlError::Spoilt);
        }
        self.send(&format!("RELEASE change{number}"));
        Ok(())
    }

    /// Fails, as everything does from then on, if an earlier failure that nobody saw kept it
    /// from being made.
    pub(super) fn roll_back_to_savepoint(&self, number: u64) -> Result<()> {
        self.batch(&format!(
            "ROLLBACK TO change{number}; RELEASE change{number}"
        ))?;
        self.is_spoilt.set(false);
        Ok(())
    }

    /// To commit a transaction in which something failed is no error for the server, and
    /// keeps nothing; to select in it is one.
    pub(super) fn commit(&self) -> Result<()> {
        self.batch("SELECT 1; COMMIT")?;
        self.is_in_transaction.set(false);
        Ok(())
    }

    pub(super) fn roll_back(&self) {
        self.send("ROLLBACK");
        self.is_in_transaction.set(false);
    }

    /// Sends ahead; the server answers in the order of asking.
    fn send(&self, sql: &str) {
        // Polled once it will be sent, and the answer is dropped when it comes.
        let _ = self.client.batch_execute(sql).now_or_never();
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn noted<T>(
        &self,
        result: std::result::Result<T, tokio_postgres::Error>,
    ) -> Result<T> {
        result.map_err(|error| {
            self.is_spoilt.set(true);
            if error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
                self.is_demoted.set(true);
            }
            error.into()
        })
    }
}

impl Prepared {
    /// The parameters in the order of their numbers.
    fn values<'v>(&self, params: &'v impl Params) -> Result<Vec<Value<'v>>> {
        let missing = |place: Place<'_>| SqlError::Column(format!("{place:?}"));
        let mut values = vec![None; self.statement.params().len()];
        params.each(&mut |place, value| {
            let index = match place {
                Place::Number(number) => Some(number - 1),
                Place::Name(name) => self.names.iter().position(|known| known == name),
            };
            let slot = index.and_then(|index| values.get_mut(index));
            *slot.ok_or_else(|| missing(place))? = Some(value);
            Ok(())
        })?;
        let all = (1..).zip(values);
        all.map(|(number, value)| value.ok_or_else(|| missing(Place::Number(number))))
            .collect()
    }
}

fn as_dyn<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    let values = values.iter().map(|value| -> &(dyn ToSql + Sync) { value });
    values.collect()
}
