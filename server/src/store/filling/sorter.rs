//! Sorting of more than fits into memory: sorted runs on disk beside the store, then one
//! pass that merges them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _};
use std::path::{Path, PathBuf};

/// What is sorted by, each below 2^48. Of the same key, what was added first comes first.
pub(super) type Key = (u64, u64);

/// Bytes of a number of a key in a run.
const NUMBER: usize = 6;
/// Bytes read ahead of each run. A hundred runs are merged at once.
const READ_BUFFER: usize = 128 * 1024;
const WRITE_BUFFER: usize = 1024 * 1024;

/// Takes entries in any order.
pub(super) struct Sorter {
    folder: PathBuf,
    name: &'static str,
    /// Bytes of memory, about.
    budget: usize,
    bytes: Vec<u8>,
    entries: Vec<(Key, u32, u32)>,
    runs: usize,
    pushed: u64,
}

impl Sorter {
    /// Beside `runs` that are on disk already.
    pub(super) fn new(folder: &Path, name: &'static str, budget: usize, runs: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            name,
            budget,
            bytes: Vec::new(),
            entries: Vec::new(),
            runs,
            pushed: 0,
        }
    }

    pub(super) fn push(&mut self, key: Key, payload: &[u8]) {
        // A payload is a few hundred bytes and the budget far below 4 GiB.
        let place = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(payload);
        self.entries.push((key, place, length));
        self.pushed += 1;
    }

    /// How many entries it was given.
    pub(super) const fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Whether what is in memory should become a run.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() + self.entries.len() * size_of::<(Key, u32, u32)>() >= self.budget
    }

    /// How many runs there are.
    pub(super) const fn runs(&self) -> usize {
        self.runs
    }

    /// Writes what is in memory, so that it is on disk when this returns.
    pub(super) fn end_run(&mut self) -> io::Result<()> {
        // By place too: the same keys stay in their order.
        self.entries.sort_unstable();
        let file = File::create(run(&self.folder, self.name, self.runs))?;
        let mut writer = BufWriter::with_capacity(WRITE_BUFFER, file);
        for (key, place, length) in &self.entries {
            let begin = *place as usize;
            let payload = self.bytes.get(begin..begin + *length as usize);
            write_entry(&mut writer, *key, payload.unwrap_or_default())?;
        }
        writer.into_inner()?.sync_data()?;
        self.runs += 1;
        self.bytes.clear();
        self.entries.clear();
        Ok(())
    }

    /// Everything in order.
    pub(super) fn merge(mut self) -> io::Result<Merge> {
        if !self.entries.is_empty() {
            self.end_run()?;
        }
        let runs = (0..self.runs).map(|number| {
            let file = File::open(run(&self.folder, self.name, number))?;
            Ok(BufReader::with_capacity(READ_BUFFER, file))
        });
        Merge::of(runs.collect::<io::Result<_>>()?)
    }

    /// Removes every run.
    pub(super) fn remove(folder: &Path, name: &str) -> io::Result<()> {
        for number in 0.. {
            match fs::remove_file(run(folder, name, number)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether so many runs are there.
    pub(super) fn has(folder: &Path, name: &str, runs: usize) -> bool {
        (0..runs).all(|number| run(folder, name, number).exists())
    }
}

fn run(folder: &Path, name: &str, number: usize) -> PathBuf {
    folder.join(format!("{name}-{number:05}"))
}

/// Entries in their order.
pub(super) struct Merge {
    runs: Vec<BufReader<File>>,
    /// The next entry of each run.
    heads: Vec<Vec<u8>>,
    order: BinaryHeap<Reverse<(Key, usize)>>,
    current: Vec<u8>,
}

impl Merge {
    fn of(runs: Vec<BufReader<File>>) -> io::Result<Self> {
        let count = runs.len();
        let mut merge = Self {
            runs,
            heads: vec![Vec::new(); count],
            order: BinaryHeap::with_capacity(count),
            current: Vec::new(),
        };
        for number in 0..count {
            merge.read(number)?;
        }
        Ok(merge)
    }

    /// The next entry.
    pub(super) fn next(&mut self) -> io::Result<Option<(Key, &[u8])>> {
        let Some(Reverse((key, number))) = self.order.pop() else {
            return Ok(None);
        };
        if let Some(head) = self.heads.get_mut(number) {
            std::mem::swap(head, &mut self.current);
        }
        self.read(number)?;
        Ok(Some((key, &self.current)))
    }

    fn read(&mut self, number: usize) -> io::Result<()> {
        let (Some(run), Some(head)) = (self.runs.get_mut(number), self.heads.get_mut(number))
        else {
            return Ok(());
        };
        if let Some(key) = read_entry(run, head)? {
            self.order.push(Reverse((key, number)));
        }
        Ok(())
    }
}

fn write_entry(writer: &mut impl io::Write, key: Key, payload: &[u8]) -> io::Result<()> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    writer.write_all(&key.0.to_le_bytes()[..NUMBER])?;
    writer.write_all(&key.1.to_le_bytes()[..NUMBER])?;
    writer.write_all(&length.to_le_bytes()[..3])?;
    writer.write_all(payload)
}

/// `None` at the end.
fn read_entry(reader: &mut BufReader<File>, payload: &mut Vec<u8>) -> io::Result<Option<Key>> {
    let mut head = [0; 2 * NUMBER + 3];
    match reader.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let number = |from: usize, count: usize| {
        let mut bytes = [0; 8];
        bytes[..count].copy_from_slice(&head[from..from + count]);
        u64::from_le_bytes(bytes)
    };
    let length = usize::try_from(number(2 * NUMBER, 3)).map_err(io::Error::other)?;
    payload.resize(length, 0);
    reader.read_exact(payload)?;
    Ok(Some((number(0, NUMBER), number(NUMBER, NUMBER))))
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
                    sorter.end_run().unwrap();
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
            Sorter::remove(folder.path(), "test").unwrap();
            prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
