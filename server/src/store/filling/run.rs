//! A sorted run on disk, compressed, in files of a part each ([`Part`]).

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use lz4_flex::frame::{BlockMode, BlockSize, FrameDecoder, FrameEncoder, FrameInfo};
use serde::{Deserialize, Serialize};

use super::sorter::Key;
use crate::store::persons::slot_of;

/// Bytes of the second number of a key.
const NUMBER: usize = 6;
/// Bytes read ahead of each run. Some hundred runs are merged at once.
const READ_BUFFER: usize = 128 * 1024;
const WRITE_BUFFER: usize = 1024 * 1024;

/// Which part of a run a file has: what belongs to some neighbouring slots. A part of all
/// runs can be done with, and removed, before the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Part(u32);

impl Part {
    /// What is not parted.
    pub(super) const ALL: Self = Self(0);

    /// That of a place: seven or eight years of birth.
    pub(super) fn of_place(key: Key) -> Self {
        Self(u32::try_from(slot_of(key.0.cast_signed()) >> 13).unwrap_or_default())
    }
}

/// A file of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) of: &'static str,
    pub(super) part: Part,
    pub(super) run: usize,
}

impl Name {
    pub(super) fn path(self, folder: &Path) -> PathBuf {
        let Self { of, part, run } = self;
        folder.join(format!("{of}-{:02}-{run:05}", part.0))
    }

    /// Those that are in a folder, in order.
    pub(super) fn all(folder: &Path, of: &'static str) -> io::Result<Vec<Self>> {
        let mut names = Vec::new();
        for file in fs::read_dir(folder)? {
            let name = file?.file_name();
            names.extend(name.to_str().and_then(|name| Self::read(of, name)));
        }
        names.sort_unstable();
        Ok(names)
    }

    fn read(of: &'static str, name: &str) -> Option<Self> {
        let numbers = name.strip_prefix(of)?.strip_prefix('-')?;
        let (part, run) = numbers.split_once('-')?;
        let (part, run) = (Part(part.parse().ok()?), run.parse().ok()?);
        Some(Self { of, part, run })
    }
}

/// Writes entries that come in order.
pub(super) struct Writer {
    to: FrameEncoder<BufWriter<File>>,
    entry: Vec<u8>,
    last: u64,
}

impl Writer {
    pub(super) fn new(file: File) -> Self {
        let info = FrameInfo::new()
            .block_size(BlockSize::Max64KB)
            .block_mode(BlockMode::Linked);
        let buffer = BufWriter::with_capacity(WRITE_BUFFER, file);
        Self {
            to: FrameEncoder::with_frame_info(info, buffer),
            entry: Vec::new(),
            last: 0,
        }
    }

    pub(super) fn write(&mut self, key: Key, payload: &[u8]) -> io::Result<()> {
        self.entry.clear();
        number(key.0 - self.last, &mut self.entry);
        self.last = key.0;
        self.entry.extend_from_slice(&key.1.to_le_bytes()[..NUMBER]);
        number(payload.len() as u64, &mut self.entry);
        self.entry.extend_from_slice(payload);
        self.to.write_all(&self.entry)
    }

    /// Everything is on disk when this returns.
    pub(super) fn end(self) -> io::Result<()> {
        let buffer = self.to.finish().map_err(io::Error::other)?;
        buffer.into_inner()?.sync_data()
    }
}

/// Reads the entries of a run.
pub(super) struct Reader {
    from: BufReader<FrameDecoder<BufReader<File>>>,
    last: u64,
}

impl Reader {
    pub(super) fn open(folder: &Path, name: Name) -> io::Result<Self> {
        let file = File::open(name.path(folder))?;
        let file = BufReader::with_capacity(READ_BUFFER, file);
        Ok(Self {
            from: BufReader::new(FrameDecoder::new(file)),
            last: 0,
        })
    }

    /// Reads the next entry; `None` at the end.
    pub(super) fn read(&mut self, payload: &mut Vec<u8>) -> io::Result<Option<Key>> {
        if io::BufRead::fill_buf(&mut self.from)?.is_empty() {
            return Ok(None);
        }
        self.last += self.number()?;
        let mut other = [0; 8];
        self.from.read_exact(&mut other[..NUMBER])?;
        let length = usize::try_from(self.number()?).map_err(io::Error::other)?;
        payload.resize(length, 0);
        self.from.read_exact(payload)?;
        Ok(Some((self.last, u64::from_le_bytes(other))))
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let mut byte = [0];
            self.from.read_exact(&mut byte)?;
            number |= u64::from(byte[0] & 0x7F) << shift;
            if byte[0] < 0x80 {
                break;
            }
        }
        Ok(number)
    }
}

/// Seven bits a byte, the least first.
fn number(mut number: u64, to: &mut Vec<u8>) {
    while number > 0x7F {
        to.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    to.push(number.to_le_bytes()[0]);
}
