//! The rows of a file into an empty store: read here, parsed on threads of their own, and
//! handed to the store in the file's order.

use std::collections::VecDeque;
use std::io::Read;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use csv::{ByteRecord, Position};

use super::header::Header;
use super::row::{self, RowError};
use super::run::Run;
use super::{ImportError, Phase, Summary};
use crate::store::{Filling, Prepared, StoreError};

/// Rows that a thread is given at once.
const ROWS_TOGETHER: usize = 512;
/// Chunks that a thread may have before it.
const CHUNKS_AHEAD: usize = 4;

/// Few rows have more.
const USUAL_BYTES: usize = 512;

/// Rows as they are in the file.
type Chunk = Vec<ByteRecord>;
/// The same with what became of each.
type Parsed = Vec<(ByteRecord, Result<Prepared, RowError>)>;

/// A thread that parses.
struct Parser {
    chunks: SyncSender<Chunk>,
    parsed: Receiver<Parsed>,
}

/// Imports what is left of the file.
pub(super) fn fill<R: Read>(mut run: Run<'_, R>, filling: Filling) -> Result<Summary, ImportError> {
    let header = run.header.clone();
    let filling = thread::scope(|scope| {
        let count = thread::available_parallelism().map_or(1, NonZero::get);
        let parsers: Vec<Parser> = (0..count)
            .map(|_| {
                let (chunks, to_parse) = sync_channel::<Chunk>(CHUNKS_AHEAD);
                let (done, parsed) = sync_channel(CHUNKS_AHEAD);
                let header = &header;
                scope.spawn(move || {
                    for chunk in to_parse {
                        // Nobody takes it any more after an error.
                        if done.send(parse(header, chunk)).is_err() {
                            return;
                        }
                    }
                });
                Parser { chunks, parsed }
            })
            .collect();
        Reading {
            run: &mut run,
            filling,
            under_way: VecDeque::new(),
        }
        .read(&parsers)
    })?;
    finish(run, filling)
}

fn parse(header: &Header, chunk: Chunk) -> Parsed {
    let parsed = chunk.into_iter().map(|record| {
        let prepared = row::parse(header, &record).map(Prepared::new);
        (record, prepared)
    });
    parsed.collect()
}

/// The file being read.
struct Reading<'r, 'a, R> {
    run: &'r mut Run<'a, R>,
    filling: Filling,
    /// Where each chunk ends that a parser has, and which one.
    under_way: VecDeque<(usize, Position)>,
}

impl<R: Read> Reading<'_, '_, R> {
    fn read(mut self, parsers: &[Parser]) -> Result<Filling, ImportError> {
        let mut turns = (0..parsers.len()).cycle();
        loop {
            let chunk = self.chunk()?;
            let is_last = chunk.is_empty();
            if is_last || self.under_way.len() >= parsers.len() * CHUNKS_AHEAD {
                self.take(parsers)?;
            }
            if is_last {
                if self.under_way.is_empty() {
                    self.begin_run()?;
                    return Ok(self.filling);
                }
                continue;
            }
            let parser = turns.next().unwrap_or_default();
            let position = self.run.reader.position().clone();
            self.under_way.push_back((parser, position));
            let given = parsers.get(parser).map(|parser| parser.chunks.send(chunk));
            given.and_then(Result::ok).ok_or(StoreError::Stopped)?;
        }
    }

    fn chunk(&mut self) -> Result<Chunk, ImportError> {
        let mut chunk = Vec::with_capacity(ROWS_TOGETHER);
        while chunk.len() < ROWS_TOGETHER {
            let mut record = ByteRecord::with_capacity(USUAL_BYTES, self.run.header.names().len());
            if !self.run.reader.read_byte_record(&mut record)? {
                break;
            }
            chunk.push(record);
        }
        Ok(chunk)
    }

    /// The rows of the chunk that was read first.
    fn take(&mut self, parsers: &[Parser]) -> Result<(), ImportError> {
        let Some((parser, end)) = self.under_way.pop_front() else {
            return Ok(());
        };
        let parsed = parsers.get(parser).map(|parser| parser.parsed.recv());
        let parsed = parsed.and_then(Result::ok).ok_or(StoreError::Stopped)?;
        for (record, prepared) in parsed {
            let prepared = self.run.checked(&record, prepared, Prepared::stored)?;
            if let Some(prepared) = prepared {
                self.filling.add(&prepared)?;
            }
        }
        self.run.reached(&end);
        if self.filling.is_full() {
            self.begin_run()?;
        }
        self.run.target.progress.advance(self.run.place());
        Ok(())
    }

    fn begin_run(&mut self) -> Result<(), ImportError> {
        let run = &mut *self.run;
        let progress = run.progress()?;
        let now = run.target.clock.now();
        let key = run.key;
        self.filling
            .begin_run(now, move |writer| match key.zip(progress) {
                Some((key, progress)) => writer.note_import_progress(&key, &progress),
                None => Ok(()),
            })?;
        Ok(())
    }
}

/// Everything is read: what is left is the store's work.
fn finish<R: Read>(run: Run<'_, R>, filling: Filling) -> Result<Summary, ImportError> {
    let Run {
        target,
        mut summary,
        key,
        ..
    } = run;
    let progress = target.progress;
    let mut told = |phase: Phase, done: u64, total: u64| progress.phase(phase, done, total);
    let counts = filling.finish(&|| target.clock.now(), &mut told, |writer| match key {
        Some(key) => writer.forget_import_progress(&key),
        None => Ok(()),
    })?;
    summary.added += counts.added;
    summary.changed += counts.changed;
    summary.unchanged += counts.unchanged;
    Ok(summary)
}
