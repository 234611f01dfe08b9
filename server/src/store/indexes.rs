//! Indexes that wait for the end of an import into an empty store.
//!
//! Names and birth dates come in no order, so that every row changes a page
//! somewhere in each index, and each such page is written twice. Sorting all keys
//! once, at the end, costs a fraction. Which indexes wait is in the store, so that
//! whoever opens it after an import that was killed makes them.

use rusqlite::{Connection, OptionalExtension};

use super::StoreError;

/// Memory for sorting, and for pages besides (kibibytes). What does not fit is sorted in
/// temporary files, which have no name and are where `SQLITE_TMPDIR` says.
const SORTING_CACHE: i64 = 64 * 1024;

/// Puts the indexes off if nobody is insured yet; says whether they are.
pub(super) fn defer(connection: &mut Connection) -> Result<bool, StoreError> {
    if are_deferred(connection)? {
        return Ok(true);
    }
    let is_empty = "SELECT NOT EXISTS (SELECT 1 FROM coverage)";
    if !connection.query_row(is_empty, [], |row| row.get(0))? {
        return Ok(false);
    }
    let transaction = connection.transaction()?;
    // Those that SQLite makes for UNIQUE have no statement, and importing needs them.
    transaction.execute(
        "INSERT INTO deferred_index (name, sql) SELECT name, sql FROM sqlite_schema
         WHERE type = 'index' AND tbl_name IN ('coverage', 'person') AND sql IS NOT NULL",
        [],
    )?;
    for (name, _) in deferred(&transaction)? {
        transaction.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    transaction.commit()?;
    Ok(true)
}

/// Makes the indexes that were put off, each in a transaction of its own.
pub(super) fn make(connection: &mut Connection) -> Result<(), StoreError> {
    if !are_deferred(connection)? {
        return Ok(());
    }
    // Sorting takes as much memory again as the cache may.
    connection.pragma_update(None, "cache_size", -SORTING_CACHE)?;
    for (name, sql) in deferred(connection)? {
        let transaction = connection.transaction()?;
        transaction.execute_batch(&sql)?;
        transaction.execute("DELETE FROM deferred_index WHERE name = ?1", [name])?;
        transaction.commit()?;
    }
    Ok(())
}

/// False for a store from before there was anything to defer.
fn are_deferred(connection: &Connection) -> Result<bool, StoreError> {
    let table = "SELECT 1 FROM sqlite_schema WHERE name = 'deferred_index'";
    let table = connection.query_row(table, [], |_| Ok(())).optional()?;
    Ok(table.is_some() && !deferred(connection)?.is_empty())
}

fn deferred(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut statement = connection.prepare("SELECT name, sql FROM deferred_index")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
