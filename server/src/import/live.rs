//! The rows of a file into a store that others use meanwhile.
//!
//! Rows that come in no order would each change pages all over the store. So some seconds'
//! worth of them is put into the store's order first, and goes there in transactions so
//! short that a search that waits for one, or for the disk to take it, is not felt
//! ([`Pacer`]). With each of them it is noted how many of these rows are in: who takes the
//! import up again reads the same rows, and puts them into the same order.

use std::collections::HashMap;
use std::io::Read;
use std::time::Instant;

use csv::ByteRecord;
use domain::audit::Action;

use super::pace::Pacer;
use super::run::Run;
use super::{ImportError, Summary, row};
use crate::store::{AuditEvent, Audited, ImportProgress, Prepared, StoreError, Writer};

/// Rows of the file that are put into order together, about a kilobyte each.
const ROWS_TOGETHER: u64 = 50_000;

/// Imports what is left of the file.
pub(super) fn keep<R: Read>(mut run: Run<'_, R>) -> Result<Summary, ImportError> {
    let mut pacer = Pacer::new();
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
        let is_announced = pacer.look(run.target.store)?.is_announced();
        if is_announced && !left.is_empty() {
            announce(&run, left.len())?;
        }
        while !left.is_empty() {
            let pace = pacer.look(run.target.store)?;
            let (batch, next) = left.split_at(pacer.size().min(left.len()));
            let began = Instant::now();
            let noted = start.clone();
            standing = commit(&run, batch, standing, noted, is_announced)?;
            pacer.took(batch.len(), began.elapsed());
            left = next;
            pace.give_way(run.target.store)?;
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
    is_announced: bool,
) -> Result<Summary, ImportError> {
    let target = &run.target;
    let now = target.clock.now();
    let keep = |writer: &Writer<'_>| {
        let mut standing = standing;
        for row in batch {
            standing.count(writer.keep_coverage(row.stored())?);
        }
        standing.ahead += batch.len() as u64;
        if let Some((key, progress)) = run.key.zip(progress) {
            let summary = standing.noted();
            writer.note_import_progress(
                &key,
                &ImportProgress {
                    summary,
                    ..progress
                },
            )?;
        }
        Ok::<_, StoreError>(standing)
    };
    Ok(if is_announced {
        target.store.write_persons_blocking(now, keep)?
    } else {
        let event = imported(batch.len());
        let keep = |writer: &Writer<'_>| Ok::<_, StoreError>(Audited::new(keep(writer)?, event));
        target.store.write_blocking(now, keep)?
    })
}

/// Adds the line of the trail of rows that come next.
fn announce<R>(run: &Run<'_, R>, rows: usize) -> Result<(), StoreError> {
    let target = &run.target;
    target
        .store
        .write_blocking(target.clock.now(), |_| Ok(Audited::new((), imported(rows))))
}

fn imported(rows: usize) -> AuditEvent {
    AuditEvent::new(Action::Imported, None).outcome(format!("{rows} rows"))
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
        Ok::<_, StoreError>(Audited::new((), imported(0)))
    })?;
    Ok(run.summary)
}
