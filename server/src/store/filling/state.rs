//! How far a filling came, in the store.

use serde::{Deserialize, Serialize};

use super::{IDENTIFIERS, KEYS, PERSONS};
use crate::store::sql::{OptionalExtension as _, Sql};
use crate::store::{FileKey, StoreError, Upsert};

/// What is being done; in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The file is read into sorted runs; nobody is in the store.
    Reading,
    /// Persons go into the store in the order of their rows, with the keys of their names.
    Persons,
    /// Then the keys of identifiers and certificates.
    Keys,
    /// Then those few who need the others to be there.
    Rest,
}

impl Step {
    const ALL: [Self; 4] = [Self::Reading, Self::Persons, Self::Keys, Self::Rest];

    /// The runs that it reads, of those that are counted.
    pub(super) const fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Reading => &[PERSONS, IDENTIFIERS],
            Self::Persons => &[IDENTIFIERS],
            Self::Keys => &[KEYS],
            Self::Rest => &[],
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Persons => "persons",
            Self::Keys => "keys",
            Self::Rest => "rest",
        }
    }
}

/// What was counted of the file's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Coverages that were new.
    pub added: u64,
    /// Coverages that were there and differed.
    pub changed: u64,
    /// Coverages that were there just so.
    pub unchanged: u64,
}

impl Counts {
    pub(super) const fn add(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }

    pub(super) const fn count(&mut self, upsert: Upsert) {
        match upsert {
            Upsert::Added => self.added += 1,
            Upsert::Changed => self.changed += 1,
            Upsert::Unchanged => self.unchanged += 1,
        }
    }
}

/// How far it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    pub(super) file: Option<FileKey>,
    /// Those of persons, or of keys once all persons are in the store.
    pub(super) runs: usize,
    /// The entries in these runs.
    pub(super) rows: u64,
    pub(super) step: Step,
    pub(super) position: i64,
    /// Once all persons are in the store.
    pub(super) counts: Counts,
}

impl State {
    pub(super) const fn new(file: Option<FileKey>) -> Self {
        Self {
            file,
            runs: 0,
            rows: 0,
            step: Step::Reading,
            position: -1,
            counts: Counts {
                added: 0,
                changed: 0,
                unchanged: 0,
            },
        }
    }

    /// That of a filling that has not ended.
    pub(super) fn read(sql: Sql<'_>) -> Result<Option<Self>, StoreError> {
        let select =
            "SELECT file, runs, rows, step, position, added, changed, unchanged FROM filling";
        let found = sql
            .query_row(select, [], |row| {
                let step: String = row.get(3)?;
                let step = Step::ALL.into_iter().find(|one| one.code() == step);
                Ok(Self {
                    file: row.get(0)?,
                    runs: row.get(1)?,
                    rows: row.get(2)?,
                    step: step.unwrap_or(Step::Rest),
                    position: row.get(4)?,
                    counts: Counts {
                        added: row.get(5)?,
                        changed: row.get(6)?,
                        unchanged: row.get(7)?,
                    },
                })
            })
            .optional()?;
        Ok(found)
    }

    pub(super) fn write(&self, sql: Sql<'_>) -> Result<(), StoreError> {
        sql.prepare_cached(
            "INSERT INTO filling
                   (id, file, runs, rows, step, position, added, changed, unchanged)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (id) DO UPDATE SET file = excluded.file, runs = excluded.runs,
                   rows = excluded.rows, step = excluded.step, position = excluded.position,
                   added = excluded.added, changed = excluded.changed,
                   unchanged = excluded.unchanged",
        )?
        .execute((
            self.file,
            self.runs,
            self.rows,
            self.step.code(),
            self.position,
            self.counts.added,
            self.counts.changed,
            self.counts.unchanged,
        ))?;
        Ok(())
    }

    pub(super) fn remove(sql: Sql<'_>) -> Result<(), StoreError> {
        sql.execute("DELETE FROM filling", [])?;
        Ok(())
    }
}
