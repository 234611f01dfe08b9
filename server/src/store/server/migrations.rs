//! Brings the tables up to date.

use crate::store::StoreError;
use crate::store::sql::{Kind, Sql};

/// In this order for ever: a store knows only how many of them it has.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/postgres/001_initial.sql"),
    include_str!("../../../migrations/postgres/002_filling.sql"),
];

/// Makes the tables, or what is missing of them. Servers that start at the same time do so
/// one after the other: it is a change like others.
pub(super) fn to_latest(sql: Sql<'_>) -> Result<(), StoreError> {
    let transaction = sql.begin(Kind::Write)?;
    sql.execute_batch(
        "SET LOCAL statement_timeout = 0;
         CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL);
         INSERT INTO schema_version (version)
           SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)",
    )?;
    let known = "SELECT version FROM schema_version";
    let known: usize = sql.query_row(known, [], |row| row.get(0))?;
    if known > MIGRATIONS.len() {
        return Err(StoreError::Newer);
    }
    for migration in MIGRATIONS.iter().skip(known) {
        sql.execute_batch(migration)?;
    }
    sql.execute("UPDATE schema_version SET version = ?1", [MIGRATIONS.len()])?;
    Ok(transaction.commit()?)
}
