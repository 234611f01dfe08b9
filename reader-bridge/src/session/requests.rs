//! What a page that was let in wants.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::bridge::{
    Answer, CardGeneration, CardKind, ErrorCode, Failure, FromBridge, HoldingId, PresentedCard,
    Request, SimulatedCard, Verb,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::say;
use crate::desk::{ConnectionId, Ending, Ticket};
use crate::failures::{failure, of_reading};
use crate::hub::{Hub, Outcome};
use crate::pairing::keys::encode;
use crate::socket::Outgoing;
use crate::state::AppState;

/// Requests without an answer that a page may have.
const MOST_REQUESTS: usize = 8;
/// How long the reading of a card may take.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The requests of one connection. Dropped with it, and then nobody waits for the rest.
pub(super) struct Requests {
    state: AppState,
    connection: ConnectionId,
    outbox: mpsc::Sender<Outgoing>,
    waiting: Waiting,
}

/// What ends each request that waits for a card.
type Waiting = Arc<Mutex<HashMap<u32, oneshot::Sender<()>>>>;

impl Requests {
    pub(super) fn new(
        state: AppState,
        connection: ConnectionId,
        outbox: mpsc::Sender<Outgoing>,
    ) -> Self {
        Self {
            state,
            connection,
            outbox,
            waiting: Waiting::default(),
        }
    }

    /// Answers at once, or sees to it that the answer comes.
    pub(super) async fn take(&mut self, request: Request) {
        let hub = &self.state.hub;
        let answer = match request.verb {
            Verb::Readers => {
                let (service, readers) = hub.readers(self.connection);
                Answer::Readers { service, readers }
            }
            Verb::Acquire { reader } => {
                let lent = hub.acquire(self.connection, reader, None);
                lent.map_or_else(refused, Answer::Acquired)
            }
            Verb::TakeOver { reader, holding } => {
                let lent = hub.acquire(self.connection, reader, Some(holding));
                lent.map_or_else(refused, Answer::Acquired)
            }
            Verb::Release { lease } => {
                let released = hub.release(self.connection, lease);
                released.map_or_else(refused, |()| Answer::Released)
            }
            Verb::Read {
                lease,
                card,
                with_ca,
            } => match self.begin_reading(request.id, lease, card, with_ca) {
                Ok(()) => return,
                Err(code) => refused(code),
            },
            Verb::Cancel { request } => {
                // One that is not there has been answered.
                locked(&self.waiting, |waiting| waiting.remove(&request));
                Answer::Done
            }
            Verb::Simulate { card } => self.simulate(card),
        };
        reply(&self.outbox, request.id, answer).await;
    }

    fn simulate(&self, card: Option<SimulatedCard>) -> Answer {
        let Some(simulator) = &self.state.simulator else {
            return refused(ErrorCode::NoSimulator);
        };
        simulator.put(card, &*self.state.hub);
        Answer::Done
    }

    fn begin_reading(
        &self,
        id: u32,
        lease: HoldingId,
        card: Option<CardGeneration>,
        with_ca: bool,
    ) -> Result<(), ErrorCode> {
        let (cancel, mut cancelled) = oneshot::channel();
        locked(&self.waiting, |waiting| {
            if waiting.len() >= MOST_REQUESTS || waiting.contains_key(&id) {
                return Err(ErrorCode::TooManyRequests);
            }
            waiting.insert(id, cancel);
            Ok(())
        })?;
        let (hub, outbox) = (Arc::clone(&self.state.hub), self.outbox.clone());
        let (connection, waiting) = (self.connection, Arc::clone(&self.waiting));
        tokio::spawn(async move {
            let answer = read(&hub, connection, lease, card, with_ca, &mut cancelled).await;
            let answer = match answer {
                Ok(card) => Answer::Presented(card),
                Err(failure) => Answer::Failed(failure),
            };
            // Free for another request before the page has the answer.
            locked(&waiting, |waiting| waiting.remove(&id));
            reply(&outbox, id, answer).await;
        });
        Ok(())
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        locked(&self.waiting, HashMap::clear);
    }
}

/// Reads a card once it is there. Nothing is sent twice. `cancelled` tells when the page
/// wants it no more, or is gone.
async fn read(
    hub: &Arc<Hub>,
    connection: ConnectionId,
    lease: HoldingId,
    card: Option<CardGeneration>,
    with_ca: bool,
    cancelled: &mut oneshot::Receiver<()>,
) -> Result<PresentedCard, Failure> {
    let ticket = tokio::select! {
        ticket = hub.begin(connection, lease, card) => ticket.map_err(failure)?,
        _ = &mut *cancelled => return Err(failure(ErrorCode::Cancelled)),
    };
    let mut job = hub.read(ticket.clone(), with_ca);
    let outcome = tokio::select! {
        outcome = timeout(READ_TIMEOUT, job.outcome()) => outcome.map_err(|_| ErrorCode::TimedOut),
        _ = cancelled => Err(ErrorCode::Cancelled),
    };
    let has_sent = job.has_sent();
    let code = match outcome {
        Ok(Some(outcome)) => return presented(&ticket, outcome, has_sent),
        Ok(None) => ErrorCode::Internal,
        // The service did not even let the card be opened.
        Err(ErrorCode::TimedOut) if !has_sent => ErrorCode::ServiceStuck,
        Err(code) => code,
    };
    Err(Failure {
        may_have_executed: has_sent,
        ..failure(code)
    })
}

fn presented(ticket: &Ticket, outcome: Outcome, has_sent: bool) -> Result<PresentedCard, Failure> {
    match outcome {
        Outcome {
            read: Ok(read),
            ending: Ending::Valid,
        } => Ok(PresentedCard {
            lease: ticket.lease,
            reader: ticket.reader,
            card: ticket.generation,
            kind: match read.card.kind {
                card::jpki::CardKind::MyNumberCard => CardKind::MyNumberCard,
            },
            certificate: encode(read.card.certificate.as_der()),
            ca_certificate: read
                .card
                .ca_certificate
                .map(|certificate| encode(certificate.as_der())),
            card_microseconds: u32::try_from(read.card_time.as_micros()).unwrap_or(u32::MAX),
        }),
        Outcome { read, ending } => Err(of_reading(read.as_ref().err(), ending, has_sent)),
    }
}

fn refused(code: ErrorCode) -> Answer {
    Answer::Failed(failure(code))
}

async fn reply(outbox: &mpsc::Sender<Outgoing>, request: u32, answer: Answer) {
    say(outbox, FromBridge::Reply { request, answer }).await;
}

fn locked<T>(
    waiting: &Waiting,
    work: impl FnOnce(&mut HashMap<u32, oneshot::Sender<()>>) -> T,
) -> T {
    work(&mut waiting.lock().unwrap_or_else(PoisonError::into_inner))
}
