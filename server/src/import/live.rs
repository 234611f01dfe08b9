//! The rows of a file into a store that others use meanwhile.
//!
//! Rows that come in no order would each change pages all over the store. So some seconds'
//! worth of them is put into the store's order first, and goes there in transactions so
//! short that a search that waits for one is not felt. With each of them it is noted how
//! many of these rows are in: who takes the import up again reads the same rows, and puts
//! them into the same order.

use std::collections::HashMap;
use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use csv::ByteRecord;
use domain::audit::Action;

use super::run::Run;
use super::{ImportError, Summary, row};
use crate::store::{AuditEvent, Audited, ImportProgress, Prepared, StoreError};

/// Rows of the file that are put into order together, about a kilobyte each.
const ROWS_TOGETHER: u64 = 50_000;

/// Rows in the first transaction; the next ones have as many as fit the time.
const FIRST_BATCH: usize = 200;
const SMALLEST_BATCH: usize = 20;
const LARGEST_BATCH: usize = 4_000;

/// A transaction should take so long: a search must not be felt to wait for it.
const BATCH_TIME: Duration = Duration::from_millis(6);
/// Then whoever waits gets his turn: the service looks twice as often.
const PAUSE: Duration = Duration::from_millis(1);

/// Imports what is left of the file.
pub(super) fn keep<R: Read>(mut run: Run<'_, R>) -> Result<Summary, ImportError> {
    let mut size = FIRST_BATCH;
    loop {
        let begin = run.reader.position().clone();
        run.reached(&begin);
        let start = run.progress()?;
        let mut standing = run.summary.clone();
        run.summary.ahead = 0;
        let read = run.summary.rows;
        let rows = next_rows(&mut run)?;
        let is_last = run.summary.rows == read;
        let mut left = rows
            .get(usize::try_from(standing.ahead).unwrap_or(usize::MAX)..)
            .unwrap_or_default();
        while !left.is_empty() {
            let (batch, next) = left.split_at(size.min(left.len()));
            let began = Instant::now();
            let noted = start.clone();
            standing = commit(&run, batch, standing, noted)?;
            size = next_size(batch.len(), began.elapsed());
            left = next;
            thread::sleep(PAUSE);
        }
        let summary = &mut run.summary;
        (summary.added, summary.changed) = (standing.added, standing.changed);
        summary.unchanged = standing.unchanged;
        run.target.progress.advance(run.end());
        if is_last {
            return end_of(run);
        }
    }
}

/// The next rows, in the order in which they go into the store: of one person, and of those
/// who belong to one place, as in the file.
fn next_rows<R: Read>(run: &mut Run<'_, R>) -> Result<Vec<Prepared>, ImportError> {
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    for _ in 0..ROWS_TOGETHER {
        if !run.reader.read_byte_record(&mut record)? {
            break;
        }
        let parsed = row::parse(&run.header, &record).map(Prepared::new);
        rows.extend(run.checked(&record, parsed, Prepared::stored)?);
    }
    let mut places = HashMap::new();
    for (first, row) in rows.iter().enumerate() {
        places
            .entry(row.identifier())
            .or_insert((row.place(), first));
    }
    rows.sort_by_key(|row| places.get(&row.identifier()).copied());
    Ok(rows)
}

/// Brings some rows into the store, and how far that comes; `standing` is what was counted
/// before them.
fn commit<R>(
    run: &Run<'_, R>,
    batch: &[Prepared],
    standing: Summary,
    progress: Option<ImportProgress>,
) -> Result<Summary, ImportError> {
    let target = &run.target;
    let key = run.key;
    let summary = target.store.write_blocking(target.clock.now(), |writer| {
        let mut standing = standing;
        for row in batch {
            standing.count(writer.keep_coverage(row.stored())?);
        }
        standing.ahead += batch.len() as u64;
        if let Some((key, progress)) = key.zip(progress) {
            let summary = standing.noted();
            writer.note_import_progress(
                &key,
                &ImportProgress {
                    summary,
                    ..progress
                },
            )?;
        }
        let event = AuditEvent::new(Action::Imported, None);
        let event = event.outcome(format!("{} rows", batch.len()));
        Ok::<_, StoreError>(Audited::new(standing, event))
    })?;
    Ok(summary)
}

fn end_of<R: Read>(mut run: Run<'_, R>) -> Result<Summary, ImportError> {
    run.progress()?;
    let target = &run.target;
    // What is reported as imported is on disk.
    target.store.settle()?;
    target.store.write_blocking(target.clock.now(), |writer| {
        if let Some(key) = &run.key {
            writer.forget_import_progress(key)?;
        }
        let event = AuditEvent::new(Action::Imported, None);
        Ok::<_, StoreError>(Audited::new((), event.outcome("0 rows".to_owned())))
    })?;
    Ok(run.summary)
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
            (500, 1, 1000),
            (500, 5, 500),
            (500, 20, 250),
            (30, 20, 20),
            (4000, 1, 4000),
            (0, 0, 20),
        ] {
            assert_eq!(next_size(rows, Duration::from_millis(milliseconds)), next);
        }
    }
}
