//! Brings the tables up to date, while servers of the version before go on.
//!
//! The rule for each migration: the version before works with what it leaves. So one version
//! only adds (columns that may be empty, tables, indexes, triggers), and what nobody uses any
//! more is taken away by the next one, whose migration says which version is needed from then
//! on: `UPDATE schema_version SET needs = …`. A server starts on tables of a later version as
//! long as they do not need that.
//!
//! None holds the lock that changes take, and none waits for long for a table, because
//! everybody else would wait behind it. Its first line may say how it is made ([`Way`]).

use std::thread::sleep;
use std::time::Duration;

use crate::store::StoreError;
use crate::store::sql::{Session, Sql};

/// In this order for ever: a store knows only how many of them it has.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/postgres/001_initial.sql"),
    include_str!("../../../migrations/postgres/002_filling.sql"),
    include_str!("../../../migrations/postgres/003_news.sql"),
];

/// Servers that start at the same time go on one after the other, however long it takes.
const BEGIN: &str = "SET statement_timeout = 0; SET lock_timeout = 0;
  SELECT pg_advisory_lock(7527445533)";

/// A failed transaction would still be open.
const END: &str = "ROLLBACK; SELECT pg_advisory_unlock(7527445533)";

const VERSION: &str = "CREATE TABLE IF NOT EXISTS schema_version
    (version BIGINT NOT NULL, needs BIGINT NOT NULL DEFAULT 0);
  INSERT INTO schema_version (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)";

/// So long a migration waits for a table, and everybody else behind it; then they go first.
const LOCK_TIMEOUT: &str = "1s";
const PAUSE: Duration = Duration::from_millis(500);
/// So often a table is tried to be had: for ten minutes.
const MOST_TRIES: u32 = 400;

/// How a migration is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// All of it or nothing.
    Together,
    /// `-- one by one`: statements that can't be in a transaction, as those of indexes that are
    /// made beside the work. Interrupted, all are made again.
    OneByOne,
    /// `-- again and again`: a statement that changes some of many rows, until it finds none.
    Repeated,
}

impl Way {
    fn of(migration: &str) -> Self {
        match migration.lines().next() {
            Some("-- one by one") => Self::OneByOne,
            Some("-- again and again") => Self::Repeated,
            _ => Self::Together,
        }
    }
}

/// Makes the tables, or what is missing of them, over a connection of its own.
pub(super) fn to_latest(session: &Session) -> Result<(), StoreError> {
    bring(Sql::Postgres(session), MIGRATIONS)
}

fn bring(sql: Sql<'_>, migrations: &[&str]) -> Result<(), StoreError> {
    sql.execute_batch(BEGIN)?;
    let brought = make(sql, migrations);
    sql.execute_batch(END)?;
    brought
}

fn make(sql: Sql<'_>, migrations: &[&str]) -> Result<(), StoreError> {
    sql.execute_batch(VERSION)?;
    let select = "SELECT version, needs FROM schema_version";
    let (known, needs): (usize, usize) =
        sql.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if needs > migrations.len() {
        return Err(StoreError::Newer);
    }
    for (number, migration) in (1..).zip(migrations).skip(known) {
        let done = format!("UPDATE schema_version SET version = {number}");
        match Way::of(migration) {
            Way::Together => together(sql, &format!("{migration};\n{done}"))?,
            Way::OneByOne => {
                for statement in migration.split(";\n") {
                    sql.execute_batch(statement)?;
                }
                sql.execute_batch(&done)?;
            }
            Way::Repeated => {
                while sql.execute(migration, [])? > 0 {}
                sql.execute_batch(&done)?;
            }
        }
    }
    Ok(())
}

fn together(sql: Sql<'_>, statements: &str) -> Result<(), StoreError> {
    let all = format!("BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}';\n{statements};\nCOMMIT");
    for _ in 1..MOST_TRIES {
        match sql.execute_batch(&all) {
            Ok(()) => return Ok(()),
            Err(error) if error.is_lock_missed() => {
                sql.execute_batch("ROLLBACK")?;
                sleep(PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(sql.execute_batch(&all)?)
}

#[cfg(test)]
mod tests;
