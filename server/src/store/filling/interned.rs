//! The store's insurers in memory, for a filling: nobody else adds any.

use std::collections::HashMap;

use crate::store::StoreError;
use crate::store::persons::Insurers;
use crate::store::sql::Sql;
use domain::identifier::InsurerNumber;

/// All insurers, and which of them the store does not have yet.
#[derive(Default)]
pub(super) struct Interned {
    numbers: HashMap<String, Vec<(InsurerNumber, i64)>>,
    insurers: HashMap<i64, (InsurerNumber, String)>,
    last: i64,
    last_kept: i64,
}

impl Interned {
    pub(super) fn read(sql: Sql<'_>) -> Result<Self, StoreError> {
        let mut interned = Self::default();
        let mut statement = sql.prepare_cached("SELECT id, number, name FROM insurer")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, number, name): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let insurer = number.parse().map_err(|_| StoreError::Inconsistent {
                table: "insurer",
                column: "number",
                id,
            })?;
            interned.add(id, insurer, name);
        }
        interned.last_kept = interned.last;
        Ok(interned)
    }

    /// Puts the new ones into the store.
    pub(super) fn keep(&self, sql: Sql<'_>) -> Result<(), StoreError> {
        let insert = "INSERT INTO insurer (id, number, name) VALUES (?1, ?2, ?3)";
        let mut statement = sql.prepare_cached(insert)?;
        for id in self.last_kept + 1..=self.last {
            if let Some((insurer, name)) = self.insurers.get(&id) {
                statement.execute((id, insurer.as_str(), name))?;
            }
        }
        Ok(())
    }

    /// They are in the store.
    pub(super) const fn kept(&mut self) {
        self.last_kept = self.last;
    }

    fn add(&mut self, id: i64, insurer: InsurerNumber, name: String) {
        let numbers = self.numbers.entry(name.clone()).or_default();
        numbers.push((insurer.clone(), id));
        self.insurers.insert(id, (insurer, name));
        self.last = self.last.max(id);
    }
}

impl Insurers for Interned {
    fn number_of(&mut self, insurer: &InsurerNumber, name: &str) -> Result<i64, StoreError> {
        let known = self.numbers.get(name).into_iter().flatten();
        let mut known = known.filter(|(known, _)| known == insurer);
        if let Some((_, id)) = known.next() {
            return Ok(*id);
        }
        let id = self.last + 1;
        self.add(id, insurer.clone(), name.to_owned());
        Ok(id)
    }

    fn insurer(&mut self, number: i64) -> Result<(InsurerNumber, String), StoreError> {
        let known = self.insurers.get(&number).cloned();
        known.ok_or(StoreError::Inconsistent {
            table: "insurer",
            column: "id",
            id: number,
        })
    }
}
