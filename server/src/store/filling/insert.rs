//! Rows that come in order: by `COPY` where there is such a way, else many in one statement,
//! which takes half the time of one by one.

use std::iter;

use super::sorter::Key;
use crate::store::StoreError;
use crate::store::sql::{Sql, ToValue};

/// Rows of a statement.
const TOGETHER: usize = 64;

/// Appends persons: the numbers of their rows, and their records.
pub(super) fn add_persons(sql: Sql<'_>, persons: &[(i64, &[u8])]) -> Result<(), StoreError> {
    if sql.copy("person (id, record)", persons.iter().copied())? {
        return Ok(());
    }
    let insert = Insert {
        into: "person (id, record)",
        or: "",
    };
    for chunk in persons.chunks(TOGETHER) {
        let values = chunk.iter();
        let values = values.flat_map(|(row, record)| [row as &dyn ToValue, record]);
        insert.run(sql, chunk.len(), &values.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Adds keys, those excepted that are there.
pub(super) fn add_keys(sql: Sql<'_>, keys: &[&Key]) -> Result<(), StoreError> {
    if sql.copy("person_key (key, person)", keys.iter().map(|key| **key))? {
        return Ok(());
    }
    let insert = Insert {
        into: "person_key (key, person)",
        or: " ON CONFLICT DO NOTHING",
    };
    for chunk in keys.chunks(TOGETHER) {
        let values = chunk.iter();
        let values = values.flat_map(|(key, row)| [key as &dyn ToValue, row]);
        insert.run(sql, chunk.len(), &values.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Rows of two values each.
struct Insert {
    into: &'static str,
    or: &'static str,
}

impl Insert {
    fn run(&self, sql: Sql<'_>, rows: usize, values: &[&dyn ToValue]) -> Result<(), StoreError> {
        let rows: Vec<_> = iter::repeat_n("(?, ?)", rows).collect();
        let text = format!(
            "INSERT INTO {} VALUES {}{}",
            self.into,
            rows.join(", "),
            self.or
        );
        sql.prepare_cached(&text)?.execute(values)?;
        Ok(())
    }
}
