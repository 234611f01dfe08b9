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
mod appending;
mod entry;
mod insert;
mod interned;
mod merge;
mod reached;
mod run;
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
use run::Part;
use sorter::Sorter;
use state::{State, Step};

pub use append::Phase;
pub use entry::Prepared;
pub use state::Counts;

/// Rows in the first run. The next ones have twice as many each, as far as memory goes: a
/// short import can be taken up again too.
const FIRST_RUN: u64 = if cfg!(test) { 10 } else { 1_000 };
/// Bytes of memory for a run, and as many for the one that is being written. Other sorters
/// take a share of it.
const RUN_BYTES: usize = 96 * 1024 * 1024;
const IDENTIFIER_BYTES: usize = RUN_BYTES;
const KEY_BYTES: usize = 48 * 1024 * 1024;

/// The runs of persons, and those of the places where a person's rows belong.
const PERSONS: &str = "persons";
const IDENTIFIERS: &str = "identifiers";
/// Made from the others, and until all persons are in the store made again after an
/// interruption.
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
    /// The run that is being written.
    begun: Option<Begun>,
}

/// What is noted of a run once it is on disk.
struct Begun {
    runs: usize,
    rows: u64,
    note: Note,
}

/// Notes what the caller has to know to go on.
type Note = Box<dyn FnOnce(&Writer<'_>) -> Result<(), StoreError>>;

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
            let has = |name: &&'static str| Sorter::has(&folder, name, state.runs);
            let has_runs = state.step.needs().iter().all(has);
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
        if state.step == Step::Reading {
            for of in [PERSONS, IDENTIFIERS] {
                let removed = Sorter::remove(&folder, of, |name| name.run >= state.runs);
                removed.map_err(|source| no_room(&folder, source))?;
            }
        }
        let persons = Sorter::new(&folder, PERSONS, RUN_BYTES, state.runs);
        Ok(Self {
            insurers: store.database.with(Interned::read)?,
            store: store.clone(),
            persons: persons.parted(Part::of_place),
            identifiers: Sorter::new(&folder, IDENTIFIERS, IDENTIFIER_BYTES, state.runs),
            rows: state.rows,
            folder,
            state,
            begun: None,
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

    /// Whether [`Self::begin_run`] is due.
    pub fn is_full(&self) -> bool {
        let runs = self.persons.runs();
        let before = self.begun.as_ref().map_or(self.state.rows, |run| run.rows);
        let doubled = FIRST_RUN << runs.min(20);
        self.rows - before >= doubled || self.persons.is_full()
    }

    /// Begins to bring the rows so far to disk. `note` notes what the caller has to know to
    /// go on behind them, in the transaction that takes them for done: that is when the next
    /// run begins, or with [`Self::end_runs`].
    pub fn begin_run(
        &mut self,
        now: Timestamp,
        note: impl FnOnce(&Writer<'_>) -> Result<(), StoreError> + 'static,
    ) -> Result<(), StoreError> {
        self.end_runs(now)?;
        let failed = |source| no_room(&self.folder, source);
        self.persons.begin_run().map_err(failed)?;
        self.identifiers.begin_run().map_err(failed)?;
        self.begun = Some(Begun {
            runs: self.persons.runs(),
            rows: self.rows,
            note: Box::new(note),
        });
        Ok(())
    }

    /// What was begun is on disk when this returns.
    pub fn end_runs(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let Some(Begun { runs, rows, note }) = self.begun.take() else {
            return Ok(());
        };
        let failed = |source| no_room(&self.folder, source);
        self.persons.end_runs().map_err(failed)?;
        self.identifiers.end_runs().map_err(failed)?;
        let state = State {
            runs,
            rows,
            ..self.state.clone()
        };
        // Those of the rows that came since as well: that does no harm.
        let insurers = &self.insurers;
        self.store.write_blocking(now, |writer| {
            insurers.keep(writer.sql())?;
            state.write(writer.sql())?;
            note(writer)?;
            Ok::<_, StoreError>(append::imported((), rows - self.state.rows))
        })?;
        self.insurers.kept();
        self.state = state;
        Ok(())
    }
}

/// Brings a filling in order that nobody will go on with: whoever is in the store is found
/// like everybody else, and importing his file again changes nothing. One that has put
/// nobody into the store stays, to be gone on with; runs that nothing is known of go.
pub(super) fn settle_begun(sql: Sql<'_>, folder: &Path) -> Result<(), StoreError> {
    match State::read(sql)? {
        Some(state) if state.step > Step::Reading => settle(sql, folder),
        Some(_) => Ok(()),
        None => remove_runs(folder),
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
            keys.begin_run().map_err(failed)?;
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
