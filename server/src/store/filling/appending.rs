//! Persons on their way from the sorted runs into the store, batch by batch.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;

use super::entry::{self, Entry};
use super::interned::Interned;
use super::merge::Merge;
use super::reached::Reached;
use super::run::Part;
use super::sorter::{Key, Sorter};
use super::state::Counts;
use super::{KEY_BYTES, KEYS, PERSONS, REST, no_room};
use crate::store::persons::{COUNT, Person, certificate_key, keys_of_names, slot_of};
use crate::store::{StoreError, Upsert};

/// Persons in one transaction; tests have many transactions.
const PERSONS_TOGETHER: usize = if cfg!(test) { 20 } else { 100_000 };

/// Persons of whole slots, in order, with the keys of their names.
#[derive(Default)]
pub(super) struct Batch {
    /// The last slot.
    pub(super) slot: i64,
    /// Keys of names, in order.
    pub(super) names: Vec<Key>,
    /// How many entries it comes to.
    pub(super) done: u64,
    /// What is on disk with the last one of a part.
    pub(super) ended: Option<Reached>,
    persons: Vec<(i64, Range<usize>)>,
    records: Vec<u8>,
}

impl Batch {
    /// Persons by the numbers of their rows, with their records.
    pub(super) fn persons(&self) -> impl Iterator<Item = (i64, &[u8])> {
        let record = |place: &Range<usize>| self.records.get(place.clone()).unwrap_or_default();
        self.persons
            .iter()
            .map(move |(row, place)| (*row, record(place)))
    }

    fn add(&mut self, row: i64, record: &[u8]) {
        let begin = self.records.len();
        self.records.extend_from_slice(record);
        self.persons.push((row, begin..self.records.len()));
    }
}

/// Makes batches.
pub(super) struct Appending {
    folder: PathBuf,
    parts: Vec<Part>,
    split: HashSet<u64>,
    insurers: Interned,
    keys: Sorter,
    rest: Sorter,
    counts: Counts,
    batch: Batch,
    /// The row that the next person of a place gets.
    next: i64,
    done: u64,
}

impl Appending {
    /// From where earlier ones came to an end.
    pub(super) fn new(
        folder: &Path,
        reached: &Reached,
        parts: Vec<Part>,
        split: HashSet<u64>,
        insurers: Interned,
    ) -> Self {
        Self {
            keys: Sorter::new(folder, KEYS, KEY_BYTES, reached.key_runs),
            rest: Sorter::new(folder, REST, KEY_BYTES / 3, reached.rest_runs),
            folder: folder.to_owned(),
            parts,
            split,
            insurers,
            counts: reached.counts,
            batch: Batch::default(),
            next: -1,
            done: reached.done,
        }
    }

    /// Gives everybody to who takes the batches. The last one of each part says what is on
    /// disk then.
    pub(super) fn run(
        mut self,
        before: &Reached,
        batches: &SyncSender<Batch>,
    ) -> Result<Interned, StoreError> {
        for part in std::mem::take(&mut self.parts) {
            let merge = Sorter::merge_part(&self.folder, PERSONS, part);
            let merge = merge.map_err(|source| no_room(&self.folder, source))?;
            self.part(merge, batches)?;
            for sorter in [&mut self.keys, &mut self.rest] {
                sorter
                    .end()
                    .map_err(|source| no_room(&self.folder, source))?;
            }
            self.batch.ended = Some(Reached {
                part: Some(part),
                done: self.done,
                key_runs: self.keys.runs(),
                keys: before.keys + self.keys.pushed(),
                rest_runs: self.rest.runs(),
                counts: self.counts,
            });
            self.give(batches)?;
        }
        Ok(self.insurers)
    }

    fn part(&mut self, mut merge: Merge, batches: &SyncSender<Batch>) -> Result<(), StoreError> {
        let mut group: Vec<Entry> = Vec::new();
        let mut group_key = None;
        loop {
            let next = merge.next();
            let next = next.map_err(|source| no_room(&self.folder, source))?;
            let next = next.map(|(key, bytes)| (key, Entry::unpack(bytes)));
            let key = next.as_ref().map(|(key, _)| *key);
            if let Some(last) = group_key.filter(|last| Some(*last) != key) {
                self.take(last, &mut group)?;
                self.batch.slot = slot(last);
                let is_new_slot = key.is_some_and(|key| slot(key) != slot(last));
                if is_new_slot && self.batch.persons.len() >= PERSONS_TOGETHER {
                    self.give(batches)?;
                }
            }
            let Some((key, entry)) = next else {
                return Ok(());
            };
            group_key = Some(key);
            group.push(entry.ok_or(StoreError::Inconsistent {
                table: "filling",
                column: "runs",
                id: 1,
            })?);
            self.done += 1;
        }
    }

    fn give(&mut self, batches: &SyncSender<Batch>) -> Result<(), StoreError> {
        self.batch.names.sort_unstable();
        self.batch.done = self.done;
        let batch = std::mem::take(&mut self.batch);
        // Whoever does not take it has failed, and says why.
        batches.send(batch).map_err(|_| StoreError::Stopped)
    }

    /// The rows of one person; or of several whose keys are alike, who are put off.
    fn take(&mut self, key: Key, group: &mut Vec<Entry>) -> Result<(), StoreError> {
        let (place, identifier) = key;
        let place = place.cast_signed();
        let row = self.next.max(place);
        let person = match group.as_slice() {
            _ if self.split.contains(&identifier) || row > place + COUNT => None,
            [_] => group.pop().map(one_of),
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
        self.batch.add(row, &record);
        let row = row.cast_unsigned();
        let names = keys.into_iter().map(|key| (key.cast_unsigned(), row));
        self.batch.names.extend(names);
        self.lead((identifier, row))?;
        if let Some(certificate) = certificate {
            self.lead((certificate.cast_unsigned(), row))?;
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
        let insurers = &mut self.insurers;
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
                let begun = sorter.begin_run();
                begun.map_err(|source| no_room(&self.folder, source))?;
            }
        }
        Ok(())
    }
}

/// What leads to a person, and what his rows came to.
struct Joined {
    keys: Vec<i64>,
    certificate: Option<i64>,
    counts: Counts,
}

fn one_of(entry: Entry) -> (Vec<u8>, Joined) {
    let mut counts = Counts::default();
    counts.count(Upsert::Added);
    let joined = Joined {
        keys: entry.keys,
        certificate: entry.certificate,
        counts,
    };
    (entry.record, joined)
}

fn slot(key: Key) -> i64 {
    slot_of(key.0.cast_signed())
}
