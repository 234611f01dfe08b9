//! A file being imported, and how far its rows are done with.

use std::io::Read;

use csv::{ByteRecord, Position};

use super::header::Header;
use super::row::RowError;
use super::source::{PrefixDigest, Source};
use super::{Encoding, ImportError, Summary, Target};
use crate::store::{FileKey, ImportProgress, StoredCoverage};

const READ_BUFFER: usize = 128 * 1024;

/// One import in progress.
pub(super) struct Run<'a, R> {
    pub(super) target: Target<'a>,
    pub(super) reader: csv::Reader<Source<R>>,
    pub(super) header: Header,
    /// What the import is found by when it is interrupted; `None` if it can't be resumed.
    pub(super) key: Option<FileKey>,
    pub(super) summary: Summary,
    /// The byte and line at which `reader` began.
    origin: (u64, u64),
    reached: Reached,
}

/// How far the rows are done with.
struct Reached {
    place: u64,
    line: u64,
    /// The SHA-256 of the bytes before.
    prefix: Option<PrefixDigest>,
}

/// A reader that gives the header as a row like the others.
pub(super) fn reader<R: Read>(source: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(READ_BUFFER)
        .from_reader(source)
}

/// Reads the header, the first row.
pub(super) fn header<R: Read>(
    reader: &mut csv::Reader<R>,
    encoding: Encoding,
) -> Result<Header, ImportError> {
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record)?;
    Ok(Header::read(&record, encoding)?)
}

impl<'a, R: Read> Run<'a, R> {
    /// From the header on.
    pub(super) fn begin(
        target: Target<'a>,
        source: Source<R>,
        encoding: Encoding,
        key: Option<FileKey>,
    ) -> Result<Self, ImportError> {
        let mut reader = reader(source);
        let header = header(&mut reader, encoding)?;
        let summary = Summary {
            ignored_columns: header.ignored().to_vec(),
            ..Summary::default()
        };
        Ok(Self::new(target, reader, header, key, (0, 1), summary))
    }

    /// From a row on, at this byte and line of the file.
    pub(super) fn resume(
        target: Target<'a>,
        source: Source<R>,
        header: Header,
        key: FileKey,
        origin: (u64, u64),
        summary: Summary,
    ) -> Self {
        Self::new(target, reader(source), header, Some(key), origin, summary)
    }

    fn new(
        target: Target<'a>,
        reader: csv::Reader<Source<R>>,
        header: Header,
        key: Option<FileKey>,
        origin: (u64, u64),
        summary: Summary,
    ) -> Self {
        Self {
            target,
            reader,
            header,
            key,
            summary,
            origin,
            reached: Reached {
                place: origin.0,
                line: origin.1,
                prefix: None,
            },
        }
    }

    /// Counts a row; one that failed goes to the rejections.
    pub(super) fn checked<T>(
        &mut self,
        record: &ByteRecord,
        parsed: Result<T, RowError>,
        stored: impl Fn(&T) -> &StoredCoverage,
    ) -> Result<Option<T>, ImportError> {
        self.summary.rows += 1;
        let line = record.position().map_or(0, Position::line) + self.origin.1 - 1;
        match parsed {
            Ok(row) => {
                if !stored(&row).coverage.insurer_number.has_valid_check_digit() {
                    self.summary.wrong_check_digits.add(line);
                }
                Ok(Some(row))
            }
            Err(error) => {
                self.summary.rejected += 1;
                let rejections = &mut *self.target.rejections;
                rejections
                    .add(&self.header, line, &error, record)
                    .map_err(ImportError::Rejections)?;
                Ok(None)
            }
        }
    }

    /// All rows before this position of the reader are done with.
    pub(super) fn reached(&mut self, position: &Position) {
        let place = self.origin.0 + position.byte();
        self.reached = Reached {
            place,
            line: self.origin.1 + position.line() - 1,
            prefix: self.reader.get_mut().digest_before(place),
        };
    }

    /// The byte of the file up to which rows have been read.
    pub(super) fn end(&self) -> u64 {
        self.origin.0 + self.reader.position().byte()
    }

    /// The byte of the file that was reached.
    pub(super) const fn place(&self) -> u64 {
        self.reached.place
    }

    /// Brings the rejections to disk; gives where to go on, but for the summary.
    pub(super) fn progress(&mut self) -> Result<Option<ImportProgress>, ImportError> {
        let kept = self.target.rejections.keep();
        let rejected_bytes = kept.map_err(ImportError::Rejections)?;
        Ok(self.reached.prefix.map(|prefix| ImportProgress {
            place: self.reached.place,
            line: self.reached.line,
            prefix,
            rejected_bytes,
            summary: self.summary.noted(),
        }))
    }
}
