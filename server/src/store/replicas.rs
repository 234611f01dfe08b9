//! Read-only replicas of a `PostgreSQL` primary.
//!
//! What they are asked may be a little old, and never decides whether something may be done:
//! that, and the audit trail, is the primary's. How far behind one is, the two databases' logs
//! tell: every half second the primary is asked up to where its log is on disk, and a replica
//! up to where it has replayed it. So no clocks are compared, and a primary to which nothing
//! is written has no replicas that look late.

mod watch;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::Config;

use super::server::Server;
use super::sql::{Kind, Sql};
use super::{Location, Reader, StoreError};

/// Reads on a replica that one server of this kind has under way at once.
pub(super) const READS_AT_ONCE: usize = 8;

/// The longest that an answer of a replica is waited for; then the primary is asked.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// The replicas of a store.
#[derive(Default)]
pub(super) struct Replicas {
    all: Vec<Replica>,
    most_lag: Duration,
    turn: AtomicUsize,
}

/// One of them.
struct Replica {
    server: Server,
    standing: Mutex<Standing>,
}

/// What is known of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Standing {
    /// Everything that was committed before then is there; `None` when it can't be reached, is
    /// no replica of this primary, or failed.
    whole_until: Option<Instant>,
}

impl Replicas {
    /// Replicas at these places, which need not answer yet, as long as the task of
    /// [`Self::watch`] runs.
    pub(super) fn new(locations: &[Location], most_lag: Duration) -> Result<Self, StoreError> {
        let servers = locations.iter().filter_map(|location| match location {
            Location::Server(config) => Some(config),
            Location::File(_) => None,
        });
        let all = servers.map(|config| Replica::new(config));
        Ok(Self {
            all: all.collect::<Result<_, _>>()?,
            most_lag,
            turn: AtomicUsize::new(0),
        })
    }

    /// Whether there are any.
    pub(super) const fn are_none(&self) -> bool {
        self.all.is_empty()
    }

    /// Follows how far they are behind a primary, until it is closed.
    pub(super) fn watch(self: &Arc<Self>, primary: &Server) {
        primary.spawn(watch::keep(primary.endpoint(), Arc::downgrade(self)));
    }

    /// Reads from one that is whole enough; `None` if there is none, or all of these fail.
    pub(super) fn read<T>(
        &self,
        work: &impl Fn(&Reader<'_>) -> Result<T, StoreError>,
    ) -> Option<T> {
        let count = self.all.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        (0..count)
            .filter_map(|number| self.all.get((first + number) % count))
            .filter(|replica| replica.standing().is_within(self.most_lag))
            .find_map(|replica| replica.read(work))
    }

    /// None is asked any more until it was heard of again.
    pub(super) fn suspect_all(&self) {
        for replica in &self.all {
            replica.set(Standing::default());
        }
    }
}

impl Replica {
    fn new(config: &Config) -> Result<Self, StoreError> {
        Ok(Self {
            server: Server::replica(config)?,
            standing: Mutex::default(),
        })
    }

    fn read<T>(&self, work: &impl Fn(&Reader<'_>) -> Result<T, StoreError>) -> Option<T> {
        let read = self.server.with(|sql: Sql<'_>| {
            let _transaction = sql.begin(Kind::Read)?;
            work(&Reader::new(sql))
        });
        read.inspect_err(|error| {
            tracing::warn!(%error, "a replica failed, the primary is asked");
            self.set(Standing::default());
        })
        .ok()
    }

    fn standing(&self) -> Standing {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, standing: Standing) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
    }
}

impl Standing {
    fn is_within(self, most_lag: Duration) -> bool {
        self.whole_until
            .is_some_and(|until| until.elapsed() <= most_lag)
    }
}
