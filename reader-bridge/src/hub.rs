//! The desk with everybody around it: connections, readers, threads.

mod workers;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use protocol::bridge::{
    CardGeneration, ErrorCode, Event, FromBridge, HoldingId, Lease, ReaderId, ReaderState,
    ServiceState,
};
use tokio::sync::{mpsc, watch};

use crate::desk::{Admission, ConnectionId, Desk, Ending, Notice, Sighting, Ticket, ids::Ids};
use crate::medium::Medium;
use crate::pcsc::Watching;
use crate::reading::{Failed, Read};
use crate::socket::Outgoing;

pub use workers::Job;

/// The hub.
pub struct Hub {
    state: Mutex<State>,
    workers: workers::Workers,
    /// Counts up with every change, for those who wait for a card.
    changes: watch::Sender<u64>,
    started: Instant,
}

struct State {
    desk: Desk,
    connections: HashMap<ConnectionId, Seat>,
    last_connection: u64,
}

/// A connection that was let in.
struct Seat {
    outbox: mpsc::Sender<Outgoing>,
    end: Arc<watch::Sender<Option<u16>>>,
    pairing: String,
    label: String,
    origin: String,
}

/// Who is let in.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The pairing by which it was let in.
    pub pairing: String,
    /// How the page calls itself.
    pub label: String,
    /// Where it comes from.
    pub origin: String,
}

/// A seat taken.
pub struct Seated {
    /// The connection's number.
    pub connection: ConnectionId,
    /// The readers at that moment; events tell what follows.
    pub readers: Vec<ReaderState>,
    /// The service at that moment.
    pub service: ServiceState,
    /// Set to a code when the connection has to end at once.
    pub end: watch::Receiver<Option<u16>>,
}

impl Hub {
    /// A hub with readers of that kind, whose numbers begin at that time.
    pub fn new(medium: Arc<dyn Medium>, unix_milliseconds: u64) -> Self {
        Self {
            state: Mutex::new(State {
                desk: Desk::new(Ids::since(unix_milliseconds)),
                connections: HashMap::new(),
                last_connection: 0,
            }),
            workers: workers::Workers::new(medium),
            changes: watch::Sender::new(0),
            started: Instant::now(),
        }
    }

    /// Lets a page in.
    pub fn enter(&self, guest: Guest, outbox: mpsc::Sender<Outgoing>) -> Seated {
        let now = self.now();
        let (end, ended) = watch::channel(None);
        self.locked(|state| {
            state.last_connection += 1;
            let connection = ConnectionId(state.last_connection);
            let seat = Seat {
                outbox,
                end: Arc::new(end),
                pairing: guest.pairing,
                label: guest.label,
                origin: guest.origin,
            };
            state.connections.insert(connection, seat);
            Seated {
                connection,
                readers: state.desk.states(connection, now),
                service: state.desk.service(),
                end: ended,
            }
        })
    }

    /// A page has gone.
    pub fn leave(&self, connection: ConnectionId) {
        self.change(|state| {
            state.connections.remove(&connection);
            ((), state.desk.disconnect(connection))
        });
    }

    /// Every reader now, and the service.
    pub fn readers(&self, connection: ConnectionId) -> (ServiceState, Vec<ReaderState>) {
        let now = self.now();
        self.locked(|state| (state.desk.service(), state.desk.states(connection, now)))
    }

    /// Lends a reader; see [`Desk::acquire`].
    pub fn acquire(
        &self,
        connection: ConnectionId,
        reader: ReaderId,
        instead_of: Option<HoldingId>,
    ) -> Result<Lease, ErrorCode> {
        let now = self.now();
        self.change(|state| {
            let label = state.connections.get(&connection);
            let label = label.map(|seat| seat.label.clone()).unwrap_or_default();
            let lent = state
                .desk
                .acquire(reader, instead_of, connection, &label, now);
            match lent {
                Ok((lease, notices)) => {
                    let reader = state.desk.state(reader, connection, now);
                    let lent = reader.map(|reader| Lease { lease, reader });
                    (lent.ok_or(ErrorCode::NoSuchReader), notices)
                }
                Err(code) => (Err(code), Vec::new()),
            }
        })
    }

    /// Takes a reader back.
    pub fn release(&self, connection: ConnectionId, lease: HoldingId) -> Result<(), ErrorCode> {
        self.change(|state| match state.desk.release(lease, connection) {
            Ok(notices) => (Ok(()), notices),
            Err(code) => (Err(code), Vec::new()),
        })
    }

    /// Waits for leave to use a card; see [`Desk::begin`].
    pub async fn begin(
        &self,
        connection: ConnectionId,
        lease: HoldingId,
        card: Option<CardGeneration>,
    ) -> Result<Ticket, ErrorCode> {
        let mut changes = self.changes.subscribe();
        loop {
            match self.locked(|state| state.desk.begin(lease, connection, card))? {
                Admission::Now(ticket) => return Ok(ticket),
                Admission::Later => {}
            }
            if changes.changed().await.is_err() {
                return Err(ErrorCode::Closing);
            }
        }
    }

    /// Has a card read by the reader's thread. The ticket is given back when the thread is
    /// done with it, whoever still waits for the answer.
    pub fn read(self: &Arc<Self>, ticket: Ticket, with_ca: bool) -> Job {
        let hub = Arc::clone(self);
        self.workers.read(ticket, with_ca, move |ticket, outcome| {
            hub.change(|state| state.desk.end(ticket, known_kind(outcome)))
        })
    }

    /// Ends every connection of a pairing; tells how many.
    pub fn expel(&self, pairing: &str) -> usize {
        self.locked(|state| {
            let seats = state.connections.values();
            let its: Vec<_> = seats.filter(|seat| seat.pairing == pairing).collect();
            for seat in &its {
                seat.end
                    .send_replace(Some(protocol::bridge::close::NOT_PAIRED));
            }
            its.len()
        })
    }

    /// The machine was asleep.
    pub fn wake(&self) {
        self.change(|state| ((), state.desk.wake()));
    }

    /// The service does not answer, or does again.
    pub fn set_stuck(&self, is_stuck: bool) {
        self.change(|state| {
            let notices = match (is_stuck, state.desk.service()) {
                (true, _) => state.desk.set_service(ServiceState::Stuck),
                (false, ServiceState::Stuck) => state.desk.set_service(ServiceState::Available),
                (false, _) => Vec::new(),
            };
            ((), notices)
        });
    }

    /// From now on nothing is lent. True as soon as nothing is under way.
    pub fn close(&self) -> bool {
        self.locked(|state| {
            for seat in state.connections.values() {
                let closing = FromBridge::Event(Event::Closing);
                let _ = seat.outbox.try_send(Outgoing::of(&closing));
            }
            state.desk.close()
        })
    }

    /// Whether a command is under way while the bridge closes.
    pub fn is_at_rest(&self) -> bool {
        self.locked(|state| state.desk.close())
    }

    /// Ends every connection.
    pub fn end_all(&self, code: u16) {
        self.locked(|state| {
            for seat in state.connections.values() {
                seat.end.send_replace(Some(code));
            }
        });
    }

    /// Who is connected, for the status page: label and origin.
    pub fn guests(&self) -> Vec<(String, String)> {
        self.locked(|state| {
            let mut guests: Vec<_> = state.connections.iter().collect();
            guests.sort_by_key(|(id, _)| **id);
            let seats = guests.into_iter();
            seats
                .map(|(_, seat)| (seat.label.clone(), seat.origin.clone()))
                .collect()
        })
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn locked<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the desk and tells everybody concerned, in one step: nobody gets notices
    /// in another order than that of the changes.
    fn change<T>(&self, work: impl FnOnce(&mut State) -> (T, Vec<Notice>)) -> T {
        let now = self.now();
        let (result, notices) = self.locked(|state| {
            let (result, notices) = work(state);
            for notice in &notices {
                state.tell(notice, now);
            }
            (result, notices)
        });
        for notice in &notices {
            if let Notice::Removed(reader) = notice {
                self.workers.dismiss(*reader);
            }
        }
        // A command that ends has no notice, and lets another begin.
        self.changes
            .send_modify(|changes| *changes = changes.wrapping_add(1));
        result
    }
}

impl State {
    fn tell(&self, notice: &Notice, now: Duration) {
        for (connection, seat) in &self.connections {
            let Some(event) = self.event(notice, *connection, now) else {
                continue;
            };
            let message = Outgoing::of(&FromBridge::Event(event));
            if seat.outbox.try_send(message).is_err() {
                seat.end
                    .send_replace(Some(protocol::bridge::close::TOO_FAR_BEHIND));
            }
        }
    }

    /// What a notice is for that connection.
    fn event(&self, notice: &Notice, connection: ConnectionId, now: Duration) -> Option<Event> {
        let state = |reader: ReaderId| self.desk.state(reader, connection, now);
        match notice {
            Notice::Attached(reader) => state(*reader).map(Event::ReaderAttached),
            Notice::Removed(reader) => Some(Event::ReaderRemoved { reader: *reader }),
            Notice::Changed(reader) => state(*reader).map(Event::ReaderChanged),
            Notice::Service(service) => Some(Event::Service(*service)),
            Notice::Lost {
                connection: whose,
                lease,
                reader,
                reason,
            } => (*whose == connection).then(|| Event::LeaseLost {
                lease: *lease,
                reader: *reader,
                reason: *reason,
                holder: state(*reader).and_then(|reader| reader.holder),
            }),
        }
    }
}

impl Watching for Hub {
    fn seen(&self, readers: &[Sighting]) {
        self.change(|state| ((), state.desk.observe(readers)));
    }

    fn lost(&self, service: ServiceState) {
        self.change(|state| ((), state.desk.lose_service(service)));
    }
}

/// What is known of a card after a reading.
fn known_kind(outcome: &Result<Read, Failed>) -> Option<protocol::bridge::CardKind> {
    use card::jpki::ReadError;
    use protocol::bridge::CardKind;
    match outcome {
        Ok(_) | Err(Failed::Card(ReadError::NoCertificate)) => Some(CardKind::MyNumberCard),
        Err(Failed::Card(ReadError::JukiCard)) => Some(CardKind::JukiCard),
        Err(Failed::Card(ReadError::Phone(_))) => Some(CardKind::Phone),
        Err(Failed::Card(ReadError::NotAMyNumberCard | ReadError::UnknownToken)) => {
            Some(CardKind::Other)
        }
        Err(_) => None,
    }
}

/// How a reading ended, and how things stood then.
#[derive(Debug)]
pub struct Outcome {
    /// What the reading gave.
    pub read: Result<Read, Failed>,
    /// Whether card and lease were still those it began with.
    pub ending: Ending,
}
