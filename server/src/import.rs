//! Import of insured persons from CSV: UTF-8 with or without a byte order mark,
//! the header the interface's element names (`facts/domain.md` §2.4), plus
//! `PersonIdentifier` and `CertificateSerialNumber`.
//!
//! Rows stream through in batches, so that memory stays flat and a server on
//! the same store waits for a batch at most. A row that fails goes to the
//! rejections, and the rest goes in; the same file again changes nothing.

mod header;
mod rejections;
mod row;

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::ByteRecord;
use domain::audit::Action;
use thiserror::Error;

use crate::clock::Clock;
use crate::store::{AuditEvent, Audited, Store, StoreError, StoredCoverage, Upsert};
use header::Header;

pub use header::HeaderError;
pub use rejections::Rejections;

/// Rows in one transaction.
const BATCH: usize = 500;

/// Why an import stopped. What was committed before stays; importing the file
/// again goes on where it matters.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The header can't be used; nothing was written.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The file can't be read as CSV.
    #[error("the file can't be read as CSV")]
    Csv(#[from] csv::Error),
    /// The rejected rows can't be written.
    #[error("the rejected rows can't be written")]
    Rejections(#[source] io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an import did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows read, the header not counted.
    pub rows: u64,
    /// Coverages that were new.
    pub added: u64,
    /// Coverages that were there and differed.
    pub changed: u64,
    /// Coverages that were there just so.
    pub unchanged: u64,
    /// Rows that failed.
    pub rejected: u64,
    /// Columns that the interface does not have.
    pub ignored_columns: Vec<String>,
}

impl Summary {
    fn count(&mut self, upsert: Upsert) {
        match upsert {
            Upsert::Added => self.added += 1,
            Upsert::Changed => self.changed += 1,
            Upsert::Unchanged => self.unchanged += 1,
        }
    }
}

/// Is told how far the import is.
pub trait Progress {
    /// So many bytes of the file have been read.
    fn advance(&mut self, bytes: u64);
}

/// Imports a file.
pub fn import(
    store: &Store,
    clock: &dyn Clock,
    source: impl Read,
    rejections: &mut Rejections,
    progress: &mut dyn Progress,
) -> Result<Summary, ImportError> {
    let read = Rc::new(Cell::new(0));
    let source = Counted {
        source,
        read: Rc::clone(&read),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
    let header = Header::read(reader.byte_headers()?)?;
    let mut summary = Summary {
        ignored_columns: header.ignored().to_vec(),
        ..Summary::default()
    };
    let mut batch = Vec::with_capacity(BATCH);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        summary.rows += 1;
        match row::parse(&header, &record) {
            Ok(coverage) => batch.push(coverage),
            Err(error) => {
                summary.rejected += 1;
                let line = record.position().map_or(0, csv::Position::line);
                rejections
                    .add(&header, line, &error, &record)
                    .map_err(ImportError::Rejections)?;
            }
        }
        if batch.len() == BATCH {
            keep(store, clock, &mut batch, &mut summary)?;
            progress.advance(read.get());
        }
    }
    keep(store, clock, &mut batch, &mut summary)?;
    rejections.finish().map_err(ImportError::Rejections)?;
    progress.advance(read.get());
    Ok(summary)
}

/// Writes a batch in one transaction and empties it.
fn keep(
    store: &Store,
    clock: &dyn Clock,
    batch: &mut Vec<StoredCoverage>,
    summary: &mut Summary,
) -> Result<(), StoreError> {
    if batch.is_empty() {
        return Ok(());
    }
    let upserts = store.write_blocking(clock.now(), |writer| {
        let upserts: Result<Vec<Upsert>, StoreError> = batch
            .iter()
            .map(|coverage| writer.keep_coverage(coverage))
            .collect();
        let event = AuditEvent::new(Action::Imported, None);
        Ok::<_, StoreError>(Audited::new(
            upserts?,
            event.outcome(format!("{} rows", batch.len())),
        ))
    })?;
    for upsert in upserts {
        summary.count(upsert);
    }
    batch.clear();
    Ok(())
}

/// Counts the bytes that pass.
struct Counted<R> {
    source: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}
