//! Sorting of more than fits into memory: sorted runs on disk beside the store, then one
//! pass that merges them. A run is sorted and written while the next one is collected.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use super::merge::Merge;
use super::run::{Name, Part, Reader, Writer};

/// What is sorted by, each below 2^48. Of the same key, what was added first comes first.
pub(super) type Key = (u64, u64);

/// Takes entries in any order.
pub(super) struct Sorter {
    folder: PathBuf,
    name: &'static str,
    part: fn(Key) -> Part,
    /// Bytes of memory, about, and as many again while a run is being written.
    budget: usize,
    collected: Entries,
    writing: Option<JoinHandle<io::Result<()>>>,
    runs: usize,
    pushed: u64,
}

impl Sorter {
    /// Beside `runs` that are on disk already.
    pub(super) fn new(folder: &Path, name: &'static str, budget: usize, runs: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            name,
            part: |_| Part::ALL,
            budget,
            collected: Entries::default(),
            writing: None,
            runs,
            pushed: 0,
        }
    }

    /// The same with each run in files of a part.
    pub(super) fn parted(mut self, part: fn(Key) -> Part) -> Self {
        self.part = part;
        self
    }

    pub(super) fn push(&mut self, key: Key, payload: &[u8]) {
        self.collected.push(key, payload);
        self.pushed += 1;
    }

    /// How many entries it was given.
    pub(super) const fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Whether what is in memory should become a run.
    pub(super) fn is_full(&self) -> bool {
        self.collected.memory() >= self.budget
    }

    /// How many runs there are, with the one that is being written.
    pub(super) const fn runs(&self) -> usize {
        self.runs
    }

    /// Begins to write what is in memory. The run before is on disk when this returns.
    pub(super) fn begin_run(&mut self) -> io::Result<()> {
        self.end_runs()?;
        // It is known at once whether the folder can be used.
        fs::read_dir(&self.folder)?;
        let entries = std::mem::take(&mut self.collected);
        let (folder, of, run) = (self.folder.clone(), self.name, self.runs);
        let part = self.part;
        self.writing = Some(thread::spawn(move || {
            let name = |key| Name {
                of,
                part: part(key),
                run,
            };
            entries.write(&folder, name)
        }));
        self.runs += 1;
        Ok(())
    }

    /// Waits until every run that was begun is on disk.
    pub(super) fn end_runs(&mut self) -> io::Result<()> {
        let Some(writing) = self.writing.take() else {
            return Ok(());
        };
        let failed = |_| Err(io::Error::other("the thread that sorts has panicked"));
        writing.join().unwrap_or_else(failed)
    }

    /// Everything that was pushed is on disk when this returns.
    pub(super) fn end(&mut self) -> io::Result<()> {
        if !self.collected.is_empty() {
            self.begin_run()?;
        }
        self.end_runs()
    }

    /// Everything in order.
    pub(super) fn merge(mut self) -> io::Result<Merge> {
        self.end()?;
        Self::merge_part(&self.folder, self.name, Part::ALL)
    }

    /// A part of all runs in order.
    pub(super) fn merge_part(folder: &Path, of: &'static str, part: Part) -> io::Result<Merge> {
        let names = Name::all(folder, of)?.into_iter();
        let names = names.filter(|name| name.part == part);
        let runs = names.map(|name| Reader::open(folder, name));
        Merge::of(runs.collect::<io::Result<_>>()?)
    }

    /// The parts that there are, in order.
    pub(super) fn parts(folder: &Path, of: &'static str) -> io::Result<Vec<Part>> {
        let names = Name::all(folder, of)?.into_iter();
        let mut parts: Vec<_> = names.map(|name| name.part).collect();
        parts.dedup();
        Ok(parts)
    }

    /// Removes every file of some runs.
    pub(super) fn remove(
        folder: &Path,
        of: &'static str,
        is: impl Fn(Name) -> bool,
    ) -> io::Result<()> {
        let mut names = Name::all(folder, of)?.into_iter().filter(|name| is(*name));
        names.try_for_each(|name| fs::remove_file(name.path(folder)))
    }

    /// Whether so many runs are there, the first ones.
    pub(super) fn has(folder: &Path, of: &'static str, runs: usize) -> bool {
        let names = Name::all(folder, of).unwrap_or_default();
        let found: HashSet<usize> = names.into_iter().map(|name| name.run).collect();
        (0..runs).all(|run| found.contains(&run))
    }
}

/// Nobody writes into the folder any more when a sorter is gone.
impl Drop for Sorter {
    fn drop(&mut self) {
        // Whoever wanted the run has waited for it.
        let _ = self.end_runs();
    }
}

/// Entries in memory.
#[derive(Default)]
struct Entries {
    bytes: Vec<u8>,
    places: Vec<(Key, u32, u32)>,
}

impl Entries {
    fn push(&mut self, key: Key, payload: &[u8]) {
        // A payload is a few hundred bytes and the budget far below 4 GiB.
        let place = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(payload);
        self.places.push((key, place, length));
    }

    fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn memory(&self) -> usize {
        self.bytes.len() + self.places.len() * size_of::<(Key, u32, u32)>()
    }

    /// Writes them in order, so that they are on disk, each into the file of its name.
    fn write(mut self, folder: &Path, name: impl Fn(Key) -> Name) -> io::Result<()> {
        // By place too: the same keys stay in their order.
        self.places.sort_unstable();
        for part in self
            .places
            .chunk_by(|one, other| name(one.0) == name(other.0))
        {
            let Some((first, ..)) = part.first() else {
                continue;
            };
            let mut writer = Writer::new(File::create(name(*first).path(folder))?);
            for (key, place, length) in part {
                let begin = *place as usize;
                let payload = self.bytes.get(begin..begin + *length as usize);
                writer.write(*key, payload.unwrap_or_default())?;
            }
            writer.end()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn runs_come_back_in_order(
            entries in prop::collection::vec(((0_u64..9, 0_u64..1 << 48), any::<u16>()), 0..400),
            each in 1_usize..90,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::new(folder.path(), "test", usize::MAX, 0);
            for (number, (key, payload)) in entries.iter().enumerate() {
                sorter.push(*key, &payload.to_le_bytes()[..=number % 2]);
                if number % each == each - 1 {
                    sorter.begin_run().unwrap();
                }
            }
            let mut expected: Vec<_> = entries.iter().enumerate().map(|(number, (key, payload))| {
                (*key, payload.to_le_bytes()[..=number % 2].to_vec())
            }).collect();
            expected.sort_by_key(|(key, _)| *key);
            let mut merge = sorter.merge().unwrap();
            for (key, payload) in expected {
                prop_assert_eq!(merge.next().unwrap(), Some((key, &payload[..])));
            }
            prop_assert!(merge.next().unwrap().is_none());
            Sorter::remove(folder.path(), "test", |_| true).unwrap();
            prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
