//! Tells whoever follows an institution that something changed there.
//!
//! Nothing is sent but that: who is told reads the whole state anew. So a follower
//! that is slow skips states and can't fill memory, and what was committed while the
//! service was down is in the first state.

mod elsewhere;
mod others;
mod presence;
mod slots;
mod stream;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use prometheus_client::metrics::gauge::Gauge;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

pub(crate) use presence::{Online, Presence};
pub(crate) use slots::Slot;
pub(crate) use stream::{Source, follow};

use slots::Slots;

/// Changes that are counted from one start of the service on; with 2^21 starts all
/// revisions are whole numbers in a page's arithmetic, too.
const CHANGES_PER_START: u64 = 1 << 32;

/// Who follows the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Audience {
    /// The terminals and screens of an institution, by its number.
    Institution(i64),
    /// The operators.
    Operators,
}

/// The hub, cheap to clone.
#[derive(Clone)]
pub(crate) struct Events(Arc<Hub>);

struct Hub {
    /// The number of this start.
    epoch: u64,
    revision: AtomicU64,
    audiences: Mutex<HashMap<Audience, watch::Sender<u64>>>,
    presence: Presence,
    slots: Slots,
    streams: AtomicU64,
    open: Gauge,
    is_ending: watch::Sender<bool>,
    /// Where other servers hear of what is told here, if there may be any.
    others: OnceLock<UnboundedSender<String>>,
}

impl Events {
    /// A hub whose revisions begin above those of earlier starts.
    pub(crate) fn new(epoch: u64) -> Self {
        Self(Arc::new(Hub {
            epoch,
            revision: AtomicU64::new(epoch.saturating_mul(CHANGES_PER_START)),
            audiences: Mutex::default(),
            presence: Presence::default(),
            slots: Slots::default(),
            streams: AtomicU64::new(0),
            open: Gauge::default(),
            is_ending: watch::Sender::new(false),
            others: OnceLock::new(),
        }))
    }

    /// Something that the followers of an institution see has changed. To be said after
    /// the commit.
    pub(crate) fn changed(&self, institution_id: i64) {
        self.tell_everywhere(&[Audience::Institution(institution_id)]);
    }

    /// Where an opening stands, or what the register says of the institution, has changed:
    /// operators see that, too.
    pub(crate) fn opening_changed(&self, institution_id: i64) {
        self.tell_everywhere(&[Audience::Institution(institution_id), Audience::Operators]);
    }

    fn tell(&self, audiences: &[Audience], revision: u64) {
        let senders = self.audiences();
        for sender in audiences.iter().filter_map(|one| senders.get(one)) {
            sender.send_replace(revision);
        }
    }

    /// The number of what is read from now on.
    pub(crate) fn revision(&self) -> u64 {
        self.0.revision.load(Ordering::Relaxed)
    }

    /// Tells of the changes that an audience sees from now on.
    pub(crate) fn follow(&self, audience: Audience) -> watch::Receiver<u64> {
        self.audiences().entry(audience).or_default().subscribe()
    }

    /// The number of the last change that an audience was told of; 0 if nobody of it follows.
    pub(crate) fn last_change(&self, audience: Audience) -> u64 {
        let senders = self.audiences();
        senders.get(&audience).map_or(0, |sender| *sender.borrow())
    }

    /// Which screens are online, and what they said of their card readers.
    pub(crate) fn presence(&self) -> &Presence {
        &self.0.presence
    }

    fn slots(&self) -> &Slots {
        &self.0.slots
    }

    /// How many streams are open.
    pub(crate) fn open_streams(&self) -> &Gauge {
        &self.0.open
    }

    fn next_stream(&self) -> u64 {
        self.0.streams.fetch_add(1, Ordering::Relaxed)
    }

    /// Ends every stream, and every one that is begun from now on: the service stops.
    pub(crate) fn end(&self) {
        self.0.is_ending.send_replace(true);
    }

    /// Tells of the end.
    pub(crate) fn ending(&self) -> watch::Receiver<bool> {
        self.0.is_ending.subscribe()
    }

    fn audiences(&self) -> MutexGuard<'_, HashMap<Audience, watch::Sender<u64>>> {
        let audiences = self.0.audiences.lock();
        audiences.unwrap_or_else(PoisonError::into_inner)
    }
}
