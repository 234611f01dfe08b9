//! What is measured of changes: how many wait for their turn, and for the disk how long.

use std::time::Instant;

use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::metrics::SECONDS;

/// Upper bounds of the number of changes in one transaction.
const TOGETHER: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// Measures; clones count together.
#[derive(Clone)]
pub(crate) struct Measures {
    waiting: Gauge,
    commit: Histogram,
    together: Histogram,
}

impl Default for Measures {
    fn default() -> Self {
        Self {
            waiting: Gauge::default(),
            commit: Histogram::new(SECONDS),
            together: Histogram::new(TOGETHER),
        }
    }
}

impl Measures {
    /// Has them told.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "store_queue",
            "Changes that wait for their transaction",
            self.waiting.clone(),
        );
        registry.register_with_unit(
            "store_commit",
            "How long a commit took to be on disk",
            Unit::Seconds,
            self.commit.clone(),
        );
        registry.register(
            "store_changes_together",
            "Changes in one transaction",
            self.together.clone(),
        );
    }

    /// A change waits.
    pub(super) fn begin_waiting(&self) {
        self.waiting.inc();
    }

    /// So many changes wait no more, as they are made together.
    pub(super) fn end_waiting(&self, changes: usize) {
        self.waiting
            .dec_by(i64::try_from(changes).unwrap_or(i64::MAX));
        if let Ok(changes) = u32::try_from(changes)
            && changes > 0
        {
            self.together.observe(changes.into());
        }
    }

    /// Commits, and notes how long that took.
    pub(super) fn commit<T>(&self, commit: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let committed = commit();
        self.commit.observe(began.elapsed().as_secs_f64());
        committed
    }
}
