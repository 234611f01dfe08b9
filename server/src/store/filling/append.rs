//! From the sorted runs into the store.

use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use domain::audit::Action;
use domain::timestamp::Timestamp;
use thiserror::Error;

use super::appending::{Appending, Batch};
use super::entry;
use super::insert::{add_keys, add_persons};
use super::merge::Merge;
use super::reached::Reached;
use super::run::Name;
use super::sorter::{Key, Sorter};
use super::split::split_identifiers;
use super::state::{Counts, State, Step};
use super::{Filling, IDENTIFIERS, KEYS, PERSONS, REST, no_room};
use crate::store::persons::{Person, slot_of};
use crate::store::sql::Sql;
use crate::store::{AuditEvent, Audited, StoreError};

/// Batches that are ready before they are written.
const BATCHES_AHEAD: usize = 1;
/// Keys in one transaction; tests have many transactions.
const KEYS_TOGETHER: usize = if cfg!(test) { 30 } else { 400_000 };
/// Those who are put off are kept one by one.
const REST_TOGETHER: usize = if cfg!(test) { 7 } else { 2_000 };

/// What an import into an empty store is doing, once the file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Finding who has rows in several places.
    Sorting,
    /// Persons are going into the store.
    Persons,
    /// Keys are.
    Keys,
    /// Persons whose rows were apart are.
    Rest,
}

/// Is told what is done, how much of it, and of how much.
pub(super) type Told<'a> = &'a mut dyn FnMut(Phase, u64, u64);

/// Why keys could not be appended.
#[derive(Debug, Error)]
pub(super) enum KeysError {
    #[error("a run can't be read")]
    Read(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Filling {
    /// Puts everybody into the store. `last` is done in the last transaction.
    pub fn finish(
        mut self,
        now: &dyn Fn() -> Timestamp,
        told: &mut dyn FnMut(Phase, u64, u64),
        last: impl FnOnce(&crate::store::Writer<'_>) -> Result<(), StoreError>,
    ) -> Result<Counts, StoreError> {
        self.end_runs(now())?;
        self.store.database.append_only()?;
        if self.state.step == Step::Reading {
            self.enter(Step::Persons, now())?;
        }
        if self.state.step == Step::Persons {
            self.append_persons(now, told)?;
        }
        self.remove(&[PERSONS, IDENTIFIERS])?;
        if self.state.step == Step::Keys {
            self.append_keys(now, told)?;
            self.enter(Step::Rest, now())?;
        }
        self.remove(&[KEYS])?;
        self.keep_rest(now, told)?;
        let counts = self.state.counts;
        self.store.write_blocking(now(), |writer| {
            State::remove(writer.sql())?;
            last(writer)?;
            Ok::<_, StoreError>(imported((), 0))
        })?;
        self.store.database.write_ahead()?;
        super::remove_runs(&self.folder)?;
        Ok(counts)
    }

    fn remove(&self, runs: &[&'static str]) -> Result<(), StoreError> {
        let mut runs = runs.iter();
        let removed = runs.try_for_each(|name| Sorter::remove(&self.folder, name, |_| true));
        removed.map_err(|source| no_room(&self.folder, source))
    }

    fn enter(&mut self, step: Step, now: Timestamp) -> Result<(), StoreError> {
        let state = State {
            step,
            ..self.at(-1)
        };
        self.commit(state, now, 0, |_| Ok(()))
    }

    /// Makes a change together with how far it comes.
    fn commit(
        &mut self,
        state: State,
        now: Timestamp,
        rows: u64,
        change: impl FnOnce(Sql<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.store.write_blocking(now, |writer| {
            change(writer.sql())?;
            state.write(writer.sql())?;
            Ok::<_, StoreError>(imported((), rows))
        })?;
        self.state = state;
        Ok(())
    }

    /// How far it comes with what is committed next.
    fn at(&self, position: i64) -> State {
        State {
            position,
            ..self.state.clone()
        }
    }

    /// Puts persons into the store in order. After an interruption a part is gone through
    /// again, and those of it who are in the store already are left as they are.
    fn append_persons(
        &mut self,
        now: &dyn Fn() -> Timestamp,
        told: Told<'_>,
    ) -> Result<(), StoreError> {
        told(Phase::Sorting, 0, 0);
        let folder = self.folder.clone();
        let failed = |source| no_room(&folder, source);
        let total = self.rows;
        let mut reached = Reached::read(&folder).map_err(failed)?;
        let appending = self.appending(&reached).map_err(failed)?;
        let before = reached;
        self.insurers = thread::scope(|scope| {
            let (batches, ready) = sync_channel(BATCHES_AHEAD);
            let appending = scope.spawn(move || appending.run(&before, &batches));
            for batch in ready {
                self.append(&batch, now())?;
                if let Some(ended) = batch.ended {
                    reached = ended;
                    reached.write(&folder).map_err(failed)?;
                    let is_done = |name: Name| Some(name.part) <= ended.part;
                    Sorter::remove(&folder, PERSONS, is_done).map_err(failed)?;
                }
                told(Phase::Persons, batch.done, total);
            }
            appending.join().unwrap_or(Err(StoreError::Stopped))
        })?;
        let state = State {
            runs: reached.key_runs,
            rows: reached.keys,
            counts: reached.counts,
            step: Step::Keys,
            ..self.at(-1)
        };
        self.commit(state, now(), 0, |_| Ok(()))
    }

    fn appending(&mut self, reached: &Reached) -> io::Result<Appending> {
        let folder = &self.folder;
        Sorter::remove(folder, PERSONS, |name| Some(name.part) <= reached.part)?;
        Sorter::remove(folder, KEYS, |name| name.run >= reached.key_runs)?;
        Sorter::remove(folder, REST, |name| name.run >= reached.rest_runs)?;
        let identifiers = Sorter::new(folder, IDENTIFIERS, 0, self.state.runs);
        let split = split_identifiers(identifiers)?;
        let parts = Sorter::parts(folder, PERSONS)?;
        let insurers = std::mem::take(&mut self.insurers);
        Ok(Appending::new(folder, reached, parts, split, insurers))
    }

    fn append(&mut self, batch: &Batch, now: Timestamp) -> Result<(), StoreError> {
        let position = self.state.position;
        if batch.slot <= position {
            return Ok(());
        }
        let persons: Vec<_> = batch
            .persons()
            .filter(|(row, _)| slot_of(*row) > position)
            .collect();
        let names = batch.names.iter();
        let names: Vec<_> = names
            .filter(|(key, _)| slot_of(key.cast_signed()) > position)
            .collect();
        let rows = persons.len() as u64;
        self.commit(self.at(batch.slot), now, rows, |sql| {
            add_persons(sql, &persons)?;
            add_keys(sql, &names)
        })
    }

    fn append_keys(
        &mut self,
        now: &dyn Fn() -> Timestamp,
        told: Told<'_>,
    ) -> Result<(), StoreError> {
        let total = self.state.rows;
        let folder = self.folder.clone();
        let failed = |source| no_room(&folder, source);
        let keys = Sorter::new(&folder, KEYS, 0, self.state.runs);
        let mut merge = keys.merge().map_err(failed)?;
        thread::scope(|scope| {
            let (batches, ready) = sync_channel(BATCHES_AHEAD);
            let reading = scope.spawn(move || batches_of_keys(&mut merge, &batches));
            let mut done = 0;
            for batch in ready {
                done += batch.len() as u64;
                let position = self.state.position;
                let is_new = |key: &&Key| key.0.cast_signed() > position;
                let new: Vec<_> = batch.iter().filter(is_new).collect();
                if let Some((last, _)) = new.last() {
                    let state = self.at(last.cast_signed());
                    self.commit(state, now(), 0, |sql| add_keys(sql, &new))?;
                }
                told(Phase::Keys, done, total);
            }
            let read = reading.join().unwrap_or(Ok(()));
            read.map_err(failed)
        })
    }

    /// Keeps those who were put off, in the file's order.
    fn keep_rest(&mut self, now: &dyn Fn() -> Timestamp, told: Told<'_>) -> Result<(), StoreError> {
        let folder = self.folder.clone();
        let failed = |source| no_room(&folder, source);
        let rest = Sorter::new(&folder, REST, 0, 0);
        let mut merge = rest.merge().map_err(failed)?;
        let mut done = 0;
        loop {
            let mut batch = Vec::new();
            while batch.len() < REST_TOGETHER
                && let Some(((row, _), record)) = merge.next().map_err(failed)?
            {
                let row = row.cast_signed();
                if row > self.state.position {
                    let person = Person::unpack(row, record, &mut self.insurers)?;
                    batch.extend(entry::stored(person).map(|stored| (row, stored)));
                }
                done += 1;
            }
            told(Phase::Rest, done, done);
            let Some((last, _)) = batch.last() else {
                return Ok(());
            };
            let (mut state, count) = (self.state.clone(), batch.len() as u64);
            state.position = *last;
            self.state = self.store.write_blocking(now(), |writer| {
                for (_, stored) in &batch {
                    state.counts.count(writer.keep_coverage(stored)?);
                }
                state.write(writer.sql())?;
                Ok::<_, StoreError>(imported(state, count))
            })?;
        }
    }
}

/// The event of rows that went in.
pub(super) fn imported<T>(value: T, rows: u64) -> Audited<T> {
    let event = AuditEvent::new(Action::Imported, None);
    Audited::new(value, event.outcome(format!("{rows} rows")))
}

/// Appends the next keys in a transaction; gives how many.
pub(super) fn some_keys(sql: Sql<'_>, merge: &mut Merge) -> Result<usize, KeysError> {
    let mut keys = Vec::with_capacity(KEYS_TOGETHER);
    while keys.len() < KEYS_TOGETHER
        && let Some((key, _)) = merge.next()?
    {
        keys.push(key);
    }
    add_keys(sql, &keys.iter().collect::<Vec<_>>())?;
    Ok(keys.len())
}

/// All keys, those that are the same in one batch.
fn batches_of_keys(merge: &mut Merge, batches: &SyncSender<Vec<Key>>) -> io::Result<()> {
    let mut batch: Vec<Key> = Vec::with_capacity(KEYS_TOGETHER);
    while let Some((key, _)) = merge.next()? {
        let is_other = batch.last().is_some_and(|last| last.0 != key.0);
        if is_other && batch.len() >= KEYS_TOGETHER {
            // Nobody takes it any more after an error.
            if batches.send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
        batch.push(key);
    }
    let _ = batches.send(batch);
    Ok(())
}
