//! Who uses which reader, and which card lies on it. Pure: what time it is and what
//! was seen is passed in, and what has to be told comes back.

pub mod ids;
mod reader;
mod sighting;
mod told;

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::bridge::{
    CardGeneration, CardKind, ErrorCode, Holder, HoldingId, LossReason, ReaderId, ReaderState,
    ServiceState,
};

pub use sighting::{Presence, Sighting};
pub use told::{Admission, ConnectionId, Ending, Notice, Ticket};

use ids::Ids;
use reader::{Holding, Reader};

/// The desk.
#[derive(Debug)]
pub struct Desk {
    ids: Ids,
    service: ServiceState,
    readers: BTreeMap<ReaderId, Reader>,
    is_closing: bool,
}

impl Desk {
    /// An empty desk whose numbers begin after `ids`.
    pub const fn new(ids: Ids) -> Self {
        Self {
            ids,
            service: ServiceState::Unavailable,
            readers: BTreeMap::new(),
            is_closing: false,
        }
    }

    /// Whether the system's card service answers.
    pub const fn service(&self) -> ServiceState {
        self.service
    }

    /// Every reader, as a connection is to see it.
    pub fn states(&self, connection: ConnectionId, now: Duration) -> Vec<ReaderState> {
        let ids = self.readers.keys();
        ids.filter_map(|id| self.state(*id, connection, now))
            .collect()
    }

    /// One reader, as a connection is to see it.
    pub fn state(
        &self,
        id: ReaderId,
        connection: ConnectionId,
        now: Duration,
    ) -> Option<ReaderState> {
        let reader = self.readers.get(&id)?;
        let holder = reader.holding.as_ref().map(|holding| Holder {
            holding: holding.id,
            label: holding.label.clone(),
            is_you: holding.connection == connection,
            held_for_seconds: u32::try_from(now.saturating_sub(holding.since).as_secs())
                .unwrap_or(u32::MAX),
        });
        Some(ReaderState {
            id,
            name: reader.name.clone(),
            card: reader.card(),
            holder,
        })
    }

    /// The machine's readers as they were just seen: all of them.
    pub fn observe(&mut self, seen: &[Sighting]) -> Vec<Notice> {
        let mut notices = self.set_service(ServiceState::Available);
        let gone: Vec<_> = self
            .readers
            .iter()
            .filter(|(_, reader)| !seen.iter().any(|sighting| reader.is_still(sighting)))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.remove(id, LossReason::ReaderGone, &mut notices);
        }
        for sighting in seen {
            self.see(sighting, &mut notices);
        }
        notices
    }

    fn see(&mut self, sighting: &Sighting, notices: &mut Vec<Notice>) {
        let known = self
            .readers
            .iter_mut()
            .find(|(_, reader)| reader.name == sighting.name);
        if let Some((id, reader)) = known {
            if reader.update(sighting.presence, &mut self.ids) {
                notices.push(Notice::Changed(*id));
            }
            return;
        }
        let id = ReaderId(self.ids.next());
        let mut reader = Reader::new(&sighting.name);
        reader.update(sighting.presence, &mut self.ids);
        self.readers.insert(id, reader);
        notices.push(Notice::Attached(id));
    }

    /// The service is gone, and with it whatever was known of the readers.
    pub fn lose_service(&mut self, state: ServiceState) -> Vec<Notice> {
        let mut notices = self.set_service(state);
        let ids: Vec<_> = self.readers.keys().copied().collect();
        for id in ids {
            self.remove(id, LossReason::ReaderGone, &mut notices);
        }
        notices
    }

    /// The service does not answer: what was known stays until it does, or ends.
    pub fn set_service(&mut self, state: ServiceState) -> Vec<Notice> {
        if self.service == state {
            return Vec::new();
        }
        self.service = state;
        vec![Notice::Service(state)]
    }

    /// The machine slept: every use ends, and every card counts as placed anew.
    pub fn wake(&mut self) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (id, reader) in &mut self.readers {
            let was_held = reader.end_holding(*id, LossReason::MachineSlept, &mut notices);
            if reader.generation.is_some() {
                reader.generation = Some(CardGeneration(self.ids.next()));
                reader.kind = None;
            }
            if was_held || reader.generation.is_some() {
                notices.push(Notice::Changed(*id));
            }
        }
        notices
    }

    /// From now on no reader is lent. True when no command is running.
    pub fn close(&mut self) -> bool {
        self.is_closing = true;
        self.readers.values().all(|reader| reader.command.is_none())
    }

    /// Lends a reader. `instead_of` is the use that ends with it; without one the reader
    /// must be free.
    pub fn acquire(
        &mut self,
        id: ReaderId,
        instead_of: Option<HoldingId>,
        connection: ConnectionId,
        label: &str,
        now: Duration,
    ) -> Result<(HoldingId, Vec<Notice>), ErrorCode> {
        if self.is_closing {
            return Err(ErrorCode::Closing);
        }
        let reader = self.readers.get_mut(&id).ok_or(ErrorCode::NoSuchReader)?;
        let current = reader.holding.as_ref().map(|holding| holding.id);
        if current != instead_of {
            return Err(match instead_of {
                None => ErrorCode::ReaderInUse,
                Some(_) => ErrorCode::HolderChanged,
            });
        }
        // Only a command of the very use that would end is in the way: another one's was
        // given up already and ends by itself.
        if current.is_some() && reader.command == current {
            return Err(ErrorCode::ReaderBusy);
        }
        let mut notices = Vec::new();
        reader.end_holding(id, LossReason::TakenOver, &mut notices);
        let lease = HoldingId(self.ids.next());
        reader.holding = Some(Holding {
            id: lease,
            connection,
            label: label.to_owned(),
            since: now,
        });
        notices.push(Notice::Changed(id));
        Ok((lease, notices))
    }

    /// Takes a reader back that its page gives back.
    pub fn release(
        &mut self,
        lease: HoldingId,
        connection: ConnectionId,
    ) -> Result<Vec<Notice>, ErrorCode> {
        let (id, reader) = self.held(lease, connection)?;
        if reader.command == Some(lease) {
            return Err(ErrorCode::ReaderBusy);
        }
        reader.holding = None;
        Ok(vec![Notice::Changed(id)])
    }

    /// A connection has ended, and its uses with it.
    pub fn disconnect(&mut self, connection: ConnectionId) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (id, reader) in &mut self.readers {
            let is_its = reader
                .holding
                .as_ref()
                .is_some_and(|holding| holding.connection == connection);
            if is_its {
                reader.holding = None;
                notices.push(Notice::Changed(*id));
            }
        }
        notices
    }

    /// Asks for leave to send a command to a card: that one, or whichever comes.
    pub fn begin(
        &mut self,
        lease: HoldingId,
        connection: ConnectionId,
        card: Option<CardGeneration>,
    ) -> Result<Admission, ErrorCode> {
        if self.is_closing {
            return Err(ErrorCode::Closing);
        }
        let service = self.service;
        let (id, reader) = self.held(lease, connection)?;
        if service == ServiceState::Stuck {
            return Err(ErrorCode::ServiceStuck);
        }
        if let Some(command) = reader.command {
            return if command == lease {
                Err(ErrorCode::ReaderBusy)
            } else {
                Ok(Admission::Later)
            };
        }
        let count = match (reader.seen, card) {
            // Services tell late of another program that has the card, or no longer has it:
            // whoever means this card finds out by trying.
            (Presence::Card { count }, _) | (Presence::Elsewhere { count }, Some(_)) => count,
            (_, None) => return Ok(Admission::Later),
            (_, Some(_)) => return Err(ErrorCode::StaleCard),
        };
        let Some(generation) = reader
            .generation
            .filter(|now| card.is_none_or(|card| card == *now))
        else {
            return Err(ErrorCode::StaleCard);
        };
        reader.command = Some(lease);
        Ok(Admission::Now(Ticket {
            reader: id,
            name: reader.name.clone(),
            lease,
            generation,
            count,
        }))
    }

    /// A command is over. Says whether the card and the lease are still those it began
    /// with, and what became known of the card is kept if so.
    pub fn end(&mut self, ticket: &Ticket, kind: Option<CardKind>) -> (Ending, Vec<Notice>) {
        let Some(reader) = self.readers.get_mut(&ticket.reader) else {
            return (Ending::ReaderGone, Vec::new());
        };
        if reader.command == Some(ticket.lease) {
            reader.command = None;
        }
        if reader.generation != Some(ticket.generation) {
            return (Ending::CardGone, vec![]);
        }
        let mut notices = Vec::new();
        if kind.is_some() && reader.kind != kind {
            reader.kind = kind;
            notices.push(Notice::Changed(ticket.reader));
        }
        let is_held = reader
            .holding
            .as_ref()
            .is_some_and(|holding| holding.id == ticket.lease);
        let ending = if is_held {
            Ending::Valid
        } else {
            Ending::LeaseGone
        };
        (ending, notices)
    }

    fn held(
        &mut self,
        lease: HoldingId,
        connection: ConnectionId,
    ) -> Result<(ReaderId, &mut Reader), ErrorCode> {
        self.readers
            .iter_mut()
            .find(|(_, reader)| {
                reader
                    .holding
                    .as_ref()
                    .is_some_and(|held| held.id == lease && held.connection == connection)
            })
            .map(|(id, reader)| (*id, reader))
            .ok_or(ErrorCode::LeaseEnded)
    }

    fn remove(&mut self, id: ReaderId, reason: LossReason, notices: &mut Vec<Notice>) {
        if let Some(mut reader) = self.readers.remove(&id) {
            reader.end_holding(id, reason, notices);
            notices.push(Notice::Removed(id));
        }
    }
}

#[cfg(test)]
mod tests;
