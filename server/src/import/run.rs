//! The rows of one file, batch by batch into the store.

use std::io::Read;
use std::time::{Duration, Instant};

use csv::{ByteRecord, Position};
use domain::audit::Action;

use super::header::Header;
use super::row::RowError;
use super::source::{PrefixDigest, Source};
use super::{Encoding, ImportError, Summary, Target, row};
use crate::store::{AuditEvent, Audited, FileKey, ImportProgress, StoreError, StoredCoverage};

/// Rows in the first transaction; the next ones have as many as fit the time.
const FIRST_BATCH: usize = 500;
const SMALLEST_BATCH: usize = 50;
const LARGEST_BATCH: usize = 4_000;

/// A transaction should take so long: a search that waits for it must not be
/// felt, and committing costs a wait for the disk each time.
const BATCH_TIME: Duration = Duration::from_millis(60);

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
    batch: Vec<StoredCoverage>,
    batch_rows: usize,
    most_rows: usize,
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
            batch: Vec::with_capacity(FIRST_BATCH),
            batch_rows: 0,
            most_rows: FIRST_BATCH,
        }
    }

    /// Imports what is left of the file, batch by batch.
    pub(super) fn finish(mut self) -> Result<Summary, ImportError> {
        let mut record = ByteRecord::new();
        while self.reader.read_byte_record(&mut record)? {
            let parsed = row::parse(&self.header, &record);
            let row = self.checked(&record, parsed, |row| row)?;
            self.batch.extend(row);
            self.batch_rows += 1;
            if self.batch_rows == self.most_rows {
                self.commit(false)?;
            }
        }
        self.commit(true)?;
        Ok(self.summary)
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
            summary: json(&self.summary),
        }))
    }

    /// Writes the batch, and how far it came, in one transaction.
    fn commit(&mut self, is_last: bool) -> Result<(), ImportError> {
        let position = self.reader.position().clone();
        self.reached(&position);
        let progress = self.progress()?;
        if is_last {
            // What is reported as imported is on disk.
            self.target.store.settle()?;
        }
        let began = Instant::now();
        let (batch, key, summary) = (&self.batch, self.key, &self.summary);
        let summary = self
            .target
            .store
            .write_blocking(self.target.clock.now(), |writer| {
                let mut summary = summary.clone();
                for coverage in batch {
                    summary.count(writer.keep_coverage(coverage)?);
                }
                match key.zip(progress) {
                    Some((key, _)) if is_last => writer.forget_import_progress(&key)?,
                    Some((key, progress)) => {
                        let progress = ImportProgress {
                            summary: json(&summary),
                            ..progress
                        };
                        writer.note_import_progress(&key, &progress)?;
                    }
                    None => {}
                }
                let event = AuditEvent::new(Action::Imported, None);
                let event = event.outcome(format!("{} rows", batch.len()));
                Ok::<_, StoreError>(Audited::new(summary, event))
            })?;
        self.summary = summary;
        self.most_rows = next_size(self.batch_rows, began.elapsed());
        self.batch.clear();
        self.batch_rows = 0;
        self.target.progress.advance(self.place());
        Ok(())
    }
}

/// Should it ever be unreadable, the file begins anew.
fn json(summary: &Summary) -> String {
    serde_json::to_string(summary).unwrap_or_default()
}

/// How many rows fit the time, by how long the last ones took.
fn next_size(rows: usize, took: Duration) -> usize {
    let rows = if took > BATCH_TIME {
        rows / 2
    } else if took < BATCH_TIME / 2 {
        rows * 2
    } else {
        rows
    };
    rows.clamp(SMALLEST_BATCH, LARGEST_BATCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_fit_the_time() {
        for (rows, milliseconds, next) in [
            (500, 10, 1000),
            (500, 50, 500),
            (500, 200, 250),
            (60, 200, 50),
            (4000, 1, 4000),
            (0, 0, 50),
        ] {
            assert_eq!(next_size(rows, Duration::from_millis(milliseconds)), next);
        }
    }
}
