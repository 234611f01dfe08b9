//! How much an import into a store in use does at a time.

use std::thread;
use std::time::{Duration, Instant};

use crate::store::{Store, StoreError};

/// Rows in the first transaction; the next ones have as many as fit the time.
const FIRST_BATCH: usize = 200;
const SMALLEST_BATCH: usize = 20;
const LARGEST_BATCH: usize = 10_000;

/// Who has searched within this time will soon search again.
const HUSH: Duration = Duration::from_secs(5);

/// Whom an import gives way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Whoever writes waits for the transaction, on a server: then it is his turn.
    InTurns,
    /// Nobody waits for the transaction, but for the disk: little is brought there at once.
    Beside,
    /// Nobody is there.
    Alone,
}

impl Pace {
    /// Whether rows have their line of the trail before they come, not with them.
    pub(super) fn is_announced(self) -> bool {
        self != Self::InTurns
    }

    /// How long a transaction should take.
    const fn batch(self) -> Duration {
        Duration::from_millis(match self {
            Self::InTurns => 6,
            Self::Beside => 3,
            Self::Alone => 100,
        })
    }

    /// After a transaction.
    pub(super) fn give_way(self, store: &Store) -> Result<(), StoreError> {
        match self {
            Self::InTurns => thread::sleep(Duration::from_millis(1)),
            Self::Beside => store.write_back_persons()?,
            Self::Alone => {}
        }
        Ok(())
    }
}

/// Watches the others, and how long transactions take.
pub(super) struct Pacer {
    pace: Pace,
    size: usize,
    /// What the store said of the others, and when it last said something new.
    version: Option<i64>,
    heard: Option<Instant>,
}

impl Pacer {
    pub(super) const fn new() -> Self {
        Self {
            pace: Pace::Alone,
            size: FIRST_BATCH,
            version: None,
            heard: None,
        }
    }

    /// Looks who is there.
    pub(super) fn look(&mut self, store: &Store) -> Result<Pace, StoreError> {
        let version = store.version_of_others()?;
        Ok(self.hear(version, Instant::now()))
    }

    fn hear(&mut self, version: Option<i64>, now: Instant) -> Pace {
        let before = std::mem::replace(&mut self.version, version);
        if before.is_some() && before != version {
            self.heard = Some(now);
        }
        let is_recent = |heard| now.saturating_duration_since(heard) < HUSH;
        let pace = match version {
            None => Pace::InTurns,
            Some(_) if self.heard.is_some_and(is_recent) => Pace::Beside,
            Some(_) => Pace::Alone,
        };
        if std::mem::replace(&mut self.pace, pace) != pace {
            self.size = FIRST_BATCH;
        }
        pace
    }

    /// How many rows fit the time.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// So many rows took so long.
    pub(super) fn took(&mut self, rows: usize, took: Duration) {
        let wanted = self.pace.batch();
        let rows = if took > wanted {
            rows / 2
        } else if took < wanted / 2 {
            rows * 2
        } else {
            rows
        };
        self.size = rows.clamp(SMALLEST_BATCH, LARGEST_BATCH);
    }
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
            (10_000, 1, 10_000),
            (0, 0, 20),
        ] {
            let mut pacer = Pacer::new();
            pacer.hear(None, Instant::now());
            pacer.took(rows, Duration::from_millis(milliseconds));
            assert_eq!(pacer.size(), next);
        }
    }

    #[test]
    fn it_gives_way_while_others_write_and_a_little_longer() {
        let begin = Instant::now();
        let mut pacer = Pacer::new();
        for (version, seconds, pace) in [
            (Some(7), 0, Pace::Alone),
            (Some(7), 1, Pace::Alone),
            (Some(8), 2, Pace::Beside),
            (Some(8), 6, Pace::Beside),
            (Some(8), 7, Pace::Alone),
            (Some(9), 8, Pace::Beside),
            (None, 8, Pace::InTurns),
        ] {
            let heard = pacer.hear(version, begin + Duration::from_secs(seconds));
            assert_eq!(heard, pace, "{version:?} after {seconds} s");
        }
    }
}
