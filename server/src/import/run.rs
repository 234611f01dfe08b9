//! The rows of one file, batch by batch into the store.

use std::io::Read;
use std::time::{Duration, Instant};

use csv::ByteRecord;
use domain::audit::Action;

use super::header::Header;
use super::source::Source;
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
    target: Target<'a>,
    reader: csv::Reader<Source<R>>,
    header: Header,
    /// What the import is found by when it is interrupted; `None` if it can't be resumed.
    key: Option<FileKey>,
    /// The byte and line at which `reader` began.
    origin: (u64, u64),
    summary: Summary,
    batch: Vec<StoredCoverage>,
    batch_rows: usize,
    most_rows: usize,
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
            origin,
            summary,
            batch: Vec::with_capacity(FIRST_BATCH),
            batch_rows: 0,
            most_rows: FIRST_BATCH,
        }
    }

    /// Imports what is left of the file.
    pub(super) fn finish(mut self) -> Result<Summary, ImportError> {
        let mut record = ByteRecord::new();
        while self.reader.read_byte_record(&mut record)? {
            self.take(&record)?;
            if self.batch_rows == self.most_rows {
                self.commit(false)?;
            }
        }
        self.commit(true)?;
        self.target.progress.index();
        self.target.store.make_indexes()?;
        Ok(self.summary)
    }

    /// One row: to the batch, or to the rejections.
    fn take(&mut self, record: &ByteRecord) -> Result<(), ImportError> {
        self.summary.rows += 1;
        self.batch_rows += 1;
        let line = record.position().map_or(0, csv::Position::line) + self.origin.1 - 1;
        match row::parse(&self.header, record) {
            Ok(row) => {
                if !row.coverage.insurer_number.has_valid_check_digit() {
                    self.summary.wrong_check_digits.add(line);
                }
                self.batch.push(row);
            }
            Err(error) => {
                self.summary.rejected += 1;
                self.target
                    .rejections
                    .add(&self.header, line, &error, record)
                    .map_err(ImportError::Rejections)?;
            }
        }
        Ok(())
    }

    /// Writes the batch, and how far it came, in one transaction.
    fn commit(&mut self, is_last: bool) -> Result<(), ImportError> {
        let rejected_bytes = self
            .target
            .rejections
            .keep()
            .map_err(ImportError::Rejections)?;
        let place = self.origin.0 + self.reader.position().byte();
        let line = self.origin.1 + self.reader.position().line() - 1;
        let prefix = self.reader.get_mut().digest_before(place);
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
                match key.zip(prefix) {
                    Some((key, _)) if is_last => writer.forget_import_progress(&key)?,
                    Some((key, prefix)) => {
                        let progress = ImportProgress {
                            place,
                            line,
                            prefix,
                            rejected_bytes,
                            // Should it ever be unreadable, the file begins anew.
                            summary: serde_json::to_string(&summary).unwrap_or_default(),
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
        self.target.progress.advance(place);
        Ok(())
    }
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
