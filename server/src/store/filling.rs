//! The first import: a whole country into an empty store.
//!
//! Rows that come in no order would each change pages all over the store. So they are
//! sorted first, in runs on disk beside the store ([`sorter`]), by where they belong;
//! then persons are appended in that order, then the keys of identifiers and certificates,
//! sorted too. How far it came is in the store ([`state`]), and everything that is done
//! again after an interruption comes to the same.
//!
//! Rows of one person come together by sorting where they have the same kana, birth date
//! and sex. Where they differ the person's rows are put off to the end, and kept there one
//! by one in the file's order, as in a store that is in use.

mod append;
mod entry;
mod interned;
mod sorter;
mod split;
mod state;

use std::io;
use std::path::{Path, PathBuf};

use super::persons::{Rows, certificate_key, identifier_key};
use super::sql::{Kind, Sql};
use super::{FileKey, Store, StoreError, Writer};
use domain::timestamp::Timestamp;
use interned::Interned;
use sorter::Sorter;
use state::{State, Step};

pub use append::Phase;
pub use entry::Prepared;
pub use state::Counts;

/// Rows in the first run. The next ones have twice as many each, as far as memory goes: a
/// short import can be taken up again too.
const FIRST_RUN: u64 = if cfg!(test) { 10 } else { 1_000 };
/// Bytes of memory for a run. Other sorters take a share of it.
const RUN_BYTES: usize = 192 * 1024 * 1024;
const IDENTIFIER_BYTES: usize = RUN_BYTES;
const KEY_BYTES: usize = 96 * 1024 * 1024;

/// The runs of persons, and those of the places where a person's rows belong.
const PERSONS: &str = "persons";
const IDENTIFIERS: &str = "identifiers";
/// Made from the others, and made again after an interruption.
const KEYS: &str = "keys";
const REST: &str = "rest";

/// An empty store being filled.
pub struct Filling {
    store: Store,
    folder: PathBuf,
    state: State,
    insurers: Interned,
    persons: Sorter,
    identifiers: Sorter,
    /// Rows in the runs, and in memory.
    rows: u64,
}

impl Filling {
    /// Begins to fill the store, or goes on if `file` was interrupted there; `None` if
    /// others may use the store or somebody is insured in it.
    ///
    /// Whether an earlier filling still stands comes with it: what it did not bring to its
    /// end for another file is brought in order, and counts as rows like others.
    pub fn begin(
        store: &Store,
        file: Option<FileKey>,
        may_resume: bool,
    ) -> Result<(Option<Self>, bool), StoreError> {
        let Some(folder) = store.database.folder_of_filling() else {
            return Ok((None, true));
        };
        let before = store.database.with(State::read)?;
        let is_empty = store.database.with(is_empty)?;
        let stands = before.as_ref().is_none_or(|state| {
            // Somebody may have come in by another way since.
            let is_as_it_was = is_empty || state.step > Step::Reading;
            let has = |name: &&str| Sorter::has(&folder, name, state.runs);
            let has_runs = [PERSONS, IDENTIFIERS].iter().all(has);
            may_resume && state.file == file && is_as_it_was && has_runs
        });
        if !stands {
            store.database.with(|sql| settle(sql, &folder))?;
        }
        let state = before.filter(|_| stands);
        if state.is_none() && !is_empty {
            return Ok((None, stands));
        }
        if state.is_none() {
            remove_runs(&folder)?;
        }
        let filling = Self::new(store, folder, state.unwrap_or_else(|| State::new(file)))?;
        Ok((Some(filling), stands))
    }

    fn new(store: &Store, folder: PathBuf, state: State) -> Result<Self, StoreError> {
        super::pool::make_private_directory(&folder)?;
        Ok(Self {
            insurers: store.database.with(Interned::read)?,
            store: store.clone(),
            persons: Sorter::new(&folder, PERSONS, RUN_BYTES, state.runs),
            identifiers: Sorter::new(&folder, IDENTIFIERS, IDENTIFIER_BYTES, state.runs),
            rows: state.rows,
            folder,
            state,
        })
    }

    /// Takes a row, in the file's order.
    pub fn add(&mut self, prepared: &Prepared) -> Result<(), StoreError> {
        self.rows += 1;
        let bytes = prepared.pack(self.rows, &mut self.insurers)?;
        self.persons.push(prepared.key(), &bytes);
        let (place, identifier) = prepared.key();
        self.identifiers.push((identifier, place), &[]);
        Ok(())
    }

    /// Whether [`Self::end_run`] is due.
    pub fn is_full(&self) -> bool {
        let doubled = FIRST_RUN << self.state.runs.min(20);
        self.rows - self.state.rows >= doubled || self.persons.is_full()
    }

    /// Brings the rows so far to disk. `note` notes in the same transaction what the caller
    /// has to know to go on behind them.
    pub fn end_run(
        &mut self,
        now: Timestamp,
        note: impl FnOnce(&Writer<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.write_run()
            .map_err(|source| no_room(&self.folder, source))?;
        let state = State {
            runs: self.persons.runs(),
            rows: self.rows,
            ..self.state.clone()
        };
        let insurers = &self.insurers;
        let rows = state.rows - self.state.rows;
        self.store.write_blocking(now, |writer| {
            insurers.keep(writer.sql())?;
            state.write(writer.sql())?;
            note(writer)?;
            Ok::<_, StoreError>(append::imported((), rows))
        })?;
        self.insurers.kept();
        self.state = state;
        Ok(())
    }

    fn write_run(&mut self) -> io::Result<()> {
        self.persons.end_run()?;
        self.identifiers.end_run()
    }
}

/// Brings a filling in order that nobody will go on with: whoever is in the store is found
/// like everybody else, and importing his file again changes nothing. One that has put
/// nobody into the store stays, to be gone on with.
pub(super) fn settle_begun(sql: Sql<'_>, folder: &Path) -> Result<(), StoreError> {
    match State::read(sql)? {
        Some(state) if state.step > Step::Reading => settle(sql, folder),
        _ => Ok(()),
    }
}

fn settle(sql: Sql<'_>, folder: &Path) -> Result<(), StoreError> {
    let Some(state) = State::read(sql)? else {
        return Ok(());
    };
    remove_runs(folder)?;
    if state.step > Step::Reading {
        super::pool::make_private_directory(folder)?;
        add_missing_keys(sql, folder)?;
        remove_runs(folder)?;
    }
    let transaction = sql.begin(Kind::Write)?;
    sql.execute("DELETE FROM import_progress WHERE file = ?1", [state.file])?;
    State::remove(sql)?;
    Ok(transaction.commit()?)
}

/// The keys of identifiers and certificates, which come after all persons.
fn add_missing_keys(sql: Sql<'_>, folder: &Path) -> Result<(), StoreError> {
    let failed = |source| no_room(folder, source);
    let mut keys = Sorter::new(folder, KEYS, KEY_BYTES, 0);
    Rows(sql).each(|row, person| {
        let serial = person.certificate_serial_number.as_deref();
        let certificate = serial.map(certificate_key);
        for key in [identifier_key(&person.identifier)]
            .into_iter()
            .chain(certificate)
        {
            keys.push((key.cast_unsigned(), row.cast_unsigned()), &[]);
        }
        if keys.is_full() {
            keys.end_run().map_err(failed)?;
        }
        Ok(())
    })?;
    let mut merge = keys.merge().map_err(failed)?;
    loop {
        let transaction = sql.begin(Kind::Write)?;
        let count = append::some_keys(sql, &mut merge).map_err(|error| match error {
            append::KeysError::Read(source) => failed(source),
            append::KeysError::Store(error) => error,
        })?;
        transaction.commit()?;
        if count == 0 {
            return Ok(());
        }
    }
}

/// Whether a first import may begin or go on.
pub(super) fn may_fill(sql: Sql<'_>) -> Result<bool, StoreError> {
    Ok(State::read(sql)?.is_some() || is_empty(sql)?)
}

/// Whether nobody is insured yet.
fn is_empty(sql: Sql<'_>) -> Result<bool, StoreError> {
    let is_empty = "SELECT NOT EXISTS (SELECT 1 FROM person)";
    Ok(sql.query_row(is_empty, [], |row| row.get(0))?)
}

fn remove_runs(folder: &Path) -> Result<(), StoreError> {
    let removed = match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    };
    removed.map_err(|source| no_room(folder, source))
}

fn no_room(folder: &Path, source: io::Error) -> StoreError {
    StoreError::Sorting {
        path: folder.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
