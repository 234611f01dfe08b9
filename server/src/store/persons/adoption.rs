//! Persons from before their rows were packed.

use rusqlite::{Connection, Transaction};
use rusqlite_migration::{HookError, HookResult};

use super::{Person, Rows};
use crate::store::StoreError;
use crate::store::sql::Sql;

/// Packs the old rows, and drops their tables. Persons keep the numbers that the audit
/// trail has of them.
pub(in crate::store) fn pack_old_rows(transaction: &Transaction<'_>) -> HookResult {
    pack(transaction).map_err(|error| HookError::Hook(error.to_string()))?;
    Ok(transaction.execute_batch("DROP TABLE coverage_unpacked; DROP TABLE person_unpacked")?)
}

fn pack(connection: &Connection) -> Result<(), StoreError> {
    let mut persons = connection.prepare(
        "SELECT id, person_identifier, certificate_serial_number FROM person_unpacked ORDER BY id",
    )?;
    let mut records = connection
        .prepare("SELECT record FROM coverage_unpacked WHERE person_id = ?1 ORDER BY id")?;
    let mut rows = persons.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let mut person = Person {
            identifier: row.get(1)?,
            certificate_serial_number: row.get(2)?,
            former_number: Some(number),
            coverages: Vec::new(),
        };
        let mut records = records.query([number])?;
        while let Some(record) = records.next()? {
            let record: String = record.get(0)?;
            let coverage = serde_json::from_str(&record);
            person
                .coverages
                .push(coverage.map_err(|_| StoreError::Inconsistent {
                    table: "coverage",
                    column: "record",
                    id: number,
                })?);
        }
        Rows(Sql::Sqlite(connection)).add(&person)?;
    }
    Ok(())
}
