//! How many streams one browser may have open.
//!
//! At each server: the places keep connections of that server free, and a stream holds nothing
//! elsewhere. A browser that comes back to another server leaves a dead connection behind, which
//! its server finds out by itself (`http/listener.rs`); to end it from there would need a message
//! to all for each stream that begins.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::Events;

/// Streams of one session, and of one screen. When one more comes the oldest ends:
/// a page that reconnects must not be refused because of its own dead connections.
const MOST: usize = 4;

/// SHA-256 of the token that a stream was begun with.
type Owner = [u8; 32];

/// The streams that are open.
#[derive(Default)]
pub(super) struct Slots(Mutex<HashMap<Owner, VecDeque<Taken>>>);

struct Taken {
    number: u64,
    /// Dropped to end the stream.
    _keeps: oneshot::Sender<()>,
}

/// As long as this is kept, a stream has a place.
pub(crate) struct Slot {
    events: Events,
    owner: Owner,
    number: u64,
    ousted: oneshot::Receiver<()>,
}

impl Slot {
    /// Takes a place, from the owner's oldest stream if he has too many.
    pub(crate) fn take(events: &Events, owner: Owner) -> Self {
        let number = events.next_stream();
        let (keeps, ousted) = oneshot::channel();
        let mut slots = events.slots().lock();
        let streams = slots.entry(owner).or_default();
        streams.push_back(Taken {
            number,
            _keeps: keeps,
        });
        if streams.len() > MOST {
            streams.pop_front();
        }
        drop(slots);
        events.open_streams().inc();
        Self {
            events: events.clone(),
            owner,
            number,
            ousted,
        }
    }

    /// The stream's number.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Until the place is taken away.
    pub(crate) async fn lost(&mut self) {
        // Nothing is ever sent: the other end is dropped.
        let _ = (&mut self.ousted).await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.events.open_streams().dec();
        let mut slots = self.events.slots().lock();
        if let Some(streams) = slots.get_mut(&self.owner) {
            streams.retain(|taken| taken.number != self.number);
            if streams.is_empty() {
                slots.remove(&self.owner);
            }
        }
    }
}

impl Slots {
    fn lock(&self) -> MutexGuard<'_, HashMap<Owner, VecDeque<Taken>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
