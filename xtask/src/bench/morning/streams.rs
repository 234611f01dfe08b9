//! What institutions follow, and how long a state takes to be there.

use std::fs;
use std::io::{BufRead as _, BufReader, ErrorKind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::bench::http::Connection;

/// So often a stream looks whether the morning is over.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Files that are open besides.
const OTHER_FILES: usize = 200;

/// How many streams can be open: each is a file to the service and one here.
pub(super) fn most() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let most = open_files(&limits).unwrap_or(1024);
    most.saturating_sub(OTHER_FILES)
}

/// `Max open files            1024                 524288               files` as 1024.
fn open_files(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// All streams.
pub(super) struct Streams {
    began: Instant,
    /// When an act was sent whose state has not come, in nanoseconds from the beginning; or 0.
    expected: Vec<AtomicU64>,
    waits: Mutex<Vec<Duration>>,
    opened: AtomicUsize,
    broken: AtomicUsize,
}

impl Streams {
    pub(super) fn new(count: usize) -> Self {
        Self {
            began: Instant::now(),
            expected: (0..count).map(|_| AtomicU64::new(0)).collect(),
            waits: Mutex::default(),
            opened: AtomicUsize::new(0),
            broken: AtomicUsize::new(0),
        }
    }

    /// Follows for an institution until all is over.
    pub(super) fn follow(&self, address: &str, number: usize, session: &str, is_over: &AtomicBool) {
        let followed = self.read(address, number, session, is_over);
        if followed.is_err() && !is_over.load(Ordering::Relaxed) {
            self.broken.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn read(
        &self,
        address: &str,
        number: usize,
        session: &str,
        is_over: &AtomicBool,
    ) -> Result<()> {
        let stream = Connection::open(address)?.follow("/api/events", session)?;
        stream.set_read_timeout(Some(LOOK_EVERY))?;
        let mut lines = BufReader::with_capacity(4096, stream);
        let mut line = Vec::new();
        let mut is_first = true;
        while !is_over.load(Ordering::Relaxed) {
            match lines.read_until(b'\n', &mut line) {
                Ok(count) => ensure!(count > 0, "the stream ended"),
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            if line.starts_with(b"event: state") {
                if std::mem::take(&mut is_first) {
                    self.opened.fetch_add(1, Ordering::Relaxed);
                } else {
                    self.told(number);
                }
            }
            line.clear();
        }
        Ok(())
    }

    /// An act is about to be sent that an institution will see.
    pub(super) fn expect(&self, number: usize) {
        self.expected[number].store(self.now(), Ordering::Relaxed);
    }

    fn told(&self, number: usize) {
        let sent = self.expected[number].swap(0, Ordering::Relaxed);
        if sent > 0 {
            let wait = Duration::from_nanos(self.now().saturating_sub(sent));
            let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
            waits.push(wait);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Until so many have their first state.
    pub(super) fn wait_for(&self, count: usize, patience: Duration) -> Result<()> {
        let end = Instant::now() + patience;
        while self.opened.load(Ordering::Relaxed) < count {
            let opened = self.opened.load(Ordering::Relaxed);
            ensure!(
                Instant::now() < end,
                "{opened} of {count} streams were opened"
            );
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// How long states took to come.
    pub(super) fn waits(&self) -> Vec<Duration> {
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *waits)
    }

    /// How many of the first ones never came.
    pub(super) fn undelivered(&self, followed: usize) -> usize {
        let expected = self.expected.iter().take(followed);
        expected
            .filter(|sent| sent.load(Ordering::Relaxed) > 0)
            .count()
    }

    /// How many streams ended too early.
    pub(super) fn broken(&self) -> usize {
        self.broken.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_open_files_is_read() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax processes 1 2 processes\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(open_files(limits), Some(1024));
        assert_eq!(open_files("Max open files unlimited unlimited files"), None);
    }
}
