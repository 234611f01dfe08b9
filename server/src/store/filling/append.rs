//! From the sorted runs into the store.

use std::collections::HashSet;
use std::io;

use domain::audit::Action;
use domain::timestamp::Timestamp;
use thiserror::Error;

use super::entry::{self, Entry};
use super::sorter::{Key, Merge, Sorter};
use super::split::split_identifiers;
use super::state::{Counts, State, Step};
use super::{Filling, KEY_BYTES, KEYS, REST, no_room};
use crate::store::persons::{COUNT, Person, certificate_key, keys_of_names, slot_of};
use crate::store::sql::Sql;
use crate::store::{AuditEvent, Audited, StoreError, Upsert};

/// Persons in one transaction, and keys; tests have many transactions.
const PERSONS_TOGETHER: usize = if cfg!(test) { 20 } else { 50_000 };
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
        self.store.database.append_only()?;
        if self.state.step == Step::Reading {
            self.enter(Step::Persons, now())?;
        }
        told(Phase::Sorting, 0, 0);
        let folder = self.folder.clone();
        let failed = |source| no_room(&folder, source);
        for name in [KEYS, REST] {
            Sorter::remove(&folder, name).map_err(failed)?;
        }
        let identifiers = std::mem::replace(
            &mut self.identifiers,
            Sorter::new(&folder, KEYS, KEY_BYTES, 0),
        );
        let split = split_identifiers(identifiers).map_err(failed)?;
        let (keys, rest, mut counts) = Appending::new(&mut self, split).run(now, told)?;
        if self.state.step == Step::Persons {
            self.enter(Step::Keys, now())?;
        }
        self.append_keys(keys, now, told)?;
        if self.state.step == Step::Keys {
            self.enter(Step::Rest, now())?;
        }
        self.keep_rest(rest, now, told)?;
        counts.add(self.state.counts);
        self.store.write_blocking(now(), |writer| {
            State::remove(writer.sql())?;
            last(writer)?;
            Ok::<_, StoreError>(imported((), 0))
        })?;
        self.store.database.write_ahead()?;
        super::remove_runs(&folder)?;
        Ok(counts)
    }

    fn enter(&mut self, step: Step, now: Timestamp) -> Result<(), StoreError> {
        self.commit(step, -1, now, 0, |_| Ok(()))
    }

    /// Makes a change together with how far it comes.
    fn commit(
        &mut self,
        step: Step,
        position: i64,
        now: Timestamp,
        rows: u64,
        change: impl FnOnce(Sql<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let state = State {
            step,
            position,
            ..self.state.clone()
        };
        self.store.write_blocking(now, |writer| {
            change(writer.sql())?;
            state.write(writer.sql())?;
            Ok::<_, StoreError>(imported((), rows))
        })?;
        self.state = state;
        Ok(())
    }

    fn append_keys(
        &mut self,
        keys: Sorter,
        now: &dyn Fn() -> Timestamp,
        told: Told<'_>,
    ) -> Result<(), StoreError> {
        let total = keys.pushed();
        let folder = self.folder.clone();
        let failed = |source| no_room(&folder, source);
        let mut merge = keys.merge().map_err(failed)?;
        let mut done = 0;
        let mut batch: Vec<Key> = Vec::with_capacity(KEYS_TOGETHER);
        loop {
            let next = merge.next().map_err(failed)?.map(|(key, _)| key);
            let is_other = next.map(|(key, _)| key) != batch.last().map(|(key, _)| *key);
            let is_due = next.is_none() || (batch.len() >= KEYS_TOGETHER && is_other);
            if let Some((last, _)) = batch.last().filter(|_| is_due) {
                let last = last.cast_signed();
                if self.state.step == Step::Keys && last > self.state.position {
                    let position = self.state.position;
                    let new = batch.iter().filter(|(key, _)| key.cast_signed() > position);
                    self.commit(Step::Keys, last, now(), 0, |sql| add_keys(sql, new))?;
                }
                done += batch.len() as u64;
                batch.clear();
                told(Phase::Keys, done, total);
            }
            let Some(key) = next else {
                return Ok(());
            };
            batch.push(key);
        }
    }

    /// Keeps those who were put off, in the file's order.
    fn keep_rest(
        &mut self,
        rest: Sorter,
        now: &dyn Fn() -> Timestamp,
        told: Told<'_>,
    ) -> Result<(), StoreError> {
        let total = rest.pushed();
        let folder = self.folder.clone();
        let failed = |source| no_room(&folder, source);
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
            told(Phase::Rest, done, total);
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
    add_keys(sql, keys.iter())?;
    Ok(keys.len())
}

fn add_keys<'k>(
    sql: Sql<'_>,
    keys: impl Iterator<Item = &'k Key> + Clone,
) -> Result<(), StoreError> {
    let rows = keys.clone().copied();
    if sql.copy("person_key (key, person)", rows)? {
        return Ok(());
    }
    let insert = "INSERT INTO person_key (key, person) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    let mut statement = sql.prepare_cached(insert)?;
    for (key, row) in keys {
        statement.execute((key.cast_signed(), row.cast_signed()))?;
    }
    Ok(())
}

fn add_persons<'p>(
    sql: Sql<'_>,
    persons: impl Iterator<Item = &'p (i64, Vec<u8>)> + Clone,
) -> Result<(), StoreError> {
    let rows = persons.clone().map(|(row, record)| (row, record));
    if sql.copy("person (id, record)", rows)? {
        return Ok(());
    }
    let insert = "INSERT INTO person (id, record) VALUES (?1, ?2)";
    let mut statement = sql.prepare_cached(insert)?;
    for (row, record) in persons {
        statement.execute((row, record))?;
    }
    Ok(())
}

/// Persons on their way into the store. After an interruption everything is gone through
/// again, and what is in the store already is left as it is.
struct Appending<'f> {
    filling: &'f mut Filling,
    split: HashSet<u64>,
    keys: Sorter,
    rest: Sorter,
    counts: Counts,
    /// Whole slots only, but for the last one.
    persons: Vec<(i64, Vec<u8>)>,
    names: Vec<Key>,
    /// The row that the next person of a place gets.
    next: i64,
}

impl<'f> Appending<'f> {
    fn new(filling: &'f mut Filling, split: HashSet<u64>) -> Self {
        Self {
            keys: Sorter::new(&filling.folder, KEYS, KEY_BYTES, 0),
            rest: Sorter::new(&filling.folder, REST, KEY_BYTES / 3, 0),
            filling,
            split,
            counts: Counts::default(),
            persons: Vec::new(),
            names: Vec::new(),
            next: -1,
        }
    }

    fn run(
        mut self,
        now: &dyn Fn() -> Timestamp,
        told: Told<'_>,
    ) -> Result<(Sorter, Sorter, Counts), StoreError> {
        let folder = self.filling.folder.clone();
        let failed = |source| no_room(&folder, source);
        let total = self.filling.rows;
        let empty = Sorter::new(&folder, super::PERSONS, 0, 0);
        let persons = std::mem::replace(&mut self.filling.persons, empty);
        let mut merge = persons.merge().map_err(failed)?;
        let mut group: Vec<Entry> = Vec::new();
        let mut group_key = None;
        let mut done = 0;
        loop {
            let next = merge.next().map_err(failed)?;
            let next = next.map(|(key, bytes)| (key, Entry::unpack(bytes)));
            let key = next.as_ref().map(|(key, _)| *key);
            if let Some(last) = group_key.filter(|last| Some(*last) != key) {
                self.take(last, &mut group)?;
                let is_new_slot = key.is_none_or(|key| slot(key) != slot(last));
                if is_new_slot && (self.persons.len() >= PERSONS_TOGETHER || key.is_none()) {
                    self.commit(slot(last), now())?;
                    told(Phase::Persons, done, total);
                }
            }
            let Some((key, entry)) = next else {
                return Ok((self.keys, self.rest, self.counts));
            };
            group_key = Some(key);
            group.push(entry.ok_or(StoreError::Inconsistent {
                table: "filling",
                column: "runs",
                id: 1,
            })?);
            done += 1;
        }
    }

    /// The rows of one person; or of several whose keys are alike, who are put off.
    fn take(&mut self, key: Key, group: &mut Vec<Entry>) -> Result<(), StoreError> {
        let (place, identifier) = key;
        let place = place.cast_signed();
        let row = self.next.max(place);
        let person = match group.as_slice() {
            _ if self.split.contains(&identifier) || row > place + COUNT => None,
            [_] => Some((std::mem::take(&mut group[0].record), one_of(&group[0]))),
            several => self.joined(several, row)?,
        };
        let Some((
            record,
            Joined {
                keys,
                certificate,
                counts,
            },
        )) = person
        else {
            return self.put_off(group);
        };
        self.next = row + 1;
        self.counts.add(counts);
        let keys = keys
            .into_iter()
            .map(|key| (key.cast_unsigned(), row.cast_unsigned()));
        self.names.extend(keys);
        self.persons.push((row, record));
        self.lead((identifier, row.cast_unsigned()))?;
        if let Some(certificate) = certificate {
            self.lead((certificate.cast_unsigned(), row.cast_unsigned()))?;
        }
        group.clear();
        Ok(())
    }

    /// One person of several rows; `None` if they are of several persons.
    fn joined(
        &mut self,
        group: &[Entry],
        row: i64,
    ) -> Result<Option<(Vec<u8>, Joined)>, StoreError> {
        let insurers = &mut self.filling.insurers;
        let mut person: Option<Person> = None;
        let mut counts = Counts::default();
        for entry in group {
            let next = entry.person(insurers)?;
            match &mut person {
                None => {
                    person = Some(next);
                    counts.count(Upsert::Added);
                }
                Some(person) if person.identifier == next.identifier => {
                    if let Some(stored) = entry::stored(next) {
                        counts.count(person.keep(&stored));
                    }
                }
                Some(_) => return Ok(None),
            }
        }
        let Some(person) = person else {
            return Ok(None);
        };
        let serial = person.certificate_serial_number.as_deref();
        let joined = Joined {
            keys: keys_of_names(row, &person),
            certificate: serial.map(certificate_key),
            counts,
        };
        Ok(Some((person.pack(insurers)?, joined)))
    }

    fn put_off(&mut self, group: &mut Vec<Entry>) -> Result<(), StoreError> {
        for entry in group.drain(..) {
            self.rest.push((entry.row, 0), &entry.record);
        }
        self.end_full_runs()
    }

    fn lead(&mut self, key: Key) -> Result<(), StoreError> {
        self.keys.push(key, &[]);
        self.end_full_runs()
    }

    fn end_full_runs(&mut self) -> Result<(), StoreError> {
        for sorter in [&mut self.keys, &mut self.rest] {
            if sorter.is_full() {
                sorter
                    .end_run()
                    .map_err(|source| no_room(&self.filling.folder, source))?;
            }
        }
        Ok(())
    }

    /// Whole slots up to this one.
    fn commit(&mut self, slot: i64, now: Timestamp) -> Result<(), StoreError> {
        if self.filling.state.step == Step::Persons && slot > self.filling.state.position {
            let position = self.filling.state.position;
            let is_new = |row: i64| slot_of(row) > position;
            self.names.sort_unstable();
            let (persons, names) = (&self.persons, &self.names);
            let rows = persons.len() as u64;
            self.filling.commit(Step::Persons, slot, now, rows, |sql| {
                let new = persons.iter().filter(|(row, _)| is_new(*row));
                add_persons(sql, new)?;
                add_keys(
                    sql,
                    names.iter().filter(|(key, _)| is_new(key.cast_signed())),
                )
            })?;
        }
        self.persons.clear();
        self.names.clear();
        Ok(())
    }
}

/// What leads to a person, and what his rows came to.
struct Joined {
    keys: Vec<i64>,
    certificate: Option<i64>,
    counts: Counts,
}

fn one_of(entry: &Entry) -> Joined {
    let mut counts = Counts::default();
    counts.count(Upsert::Added);
    Joined {
        keys: entry.keys.clone(),
        certificate: entry.certificate,
        counts,
    }
}

fn slot(key: Key) -> i64 {
    slot_of(key.0.cast_signed())
}
