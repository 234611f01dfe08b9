//! What is known over an open line, and what is asked over it: a plain value.

#[cfg(test)]
mod tests;

use protocol::bridge::{
    Answer, CardGeneration, CardState, Event, FromBridge, HoldingId, ReaderState, Request,
    ServiceState, Verb, Welcome,
};

use crate::reader::failure::{certificate, of_failure};
use crate::reader::status::{Card, ReadFailure, Status};

/// The bridge's readers, and this page's use of one of them.
#[derive(Clone, Debug)]
pub(super) struct Link {
    is_simulated: bool,
    service: ServiceState,
    readers: Vec<ReaderState>,
    last_request: u32,
    /// The request that wants the reader.
    acquiring: Option<u32>,
    /// The request that reads.
    reading: Option<u32>,
    /// The reader was not to be had, though it seemed so: how it is has to be asked first.
    is_in_doubt: bool,
}

/// What a message leads to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// To be asked now.
    pub(super) request: Option<Request>,
    /// A reading has ended.
    pub(super) read: Option<Result<String, ReadFailure>>,
}

impl Link {
    /// A line over which the page is let in, and what it asks first.
    pub(super) fn new(welcome: Welcome) -> (Self, Option<Request>) {
        let mut link = Self {
            is_simulated: welcome.simulator,
            service: welcome.service,
            readers: welcome.readers,
            last_request: 0,
            acquiring: None,
            reading: None,
            is_in_doubt: false,
        };
        let request = link.acquire_a_free_one();
        (link, request)
    }

    pub(super) fn status(&self) -> Status {
        if let Some(reader) = self.own() {
            return Status::Ready {
                card: card(reader.card),
                is_simulated: self.is_simulated,
            };
        }
        match (self.service, self.readers.first()) {
            (ServiceState::Available, None) => Status::Absent,
            (ServiceState::Available, Some(reader)) => match &reader.holder {
                Some(holder) => Status::InUse {
                    by: holder.label.clone(),
                    held_for_seconds: holder.held_for_seconds,
                },
                // It is being acquired.
                None => Status::Connecting,
            },
            _ => Status::ServiceDown,
        }
    }

    /// What the driver calls this page's reader.
    pub(super) fn name(&self) -> Option<String> {
        Some(self.own()?.name.clone())
    }

    /// A request of the next number.
    pub(super) fn request(&mut self, verb: Verb) -> Request {
        self.last_request = self.last_request.wrapping_add(1);
        Request {
            id: self.last_request,
            verb,
        }
    }

    /// Wants a card read; nothing while another reading is under way or without a reader.
    pub(super) fn read(&mut self, card: CardGeneration) -> Option<Request> {
        if self.reading.is_some() {
            return None;
        }
        let lease = self.lease()?;
        let request = self.request(Verb::Read {
            lease,
            card: Some(card),
            with_ca: false,
        });
        self.reading = Some(request.id);
        Some(request)
    }

    /// Wants the reading ended.
    pub(super) fn stop_reading(&mut self) -> Option<Request> {
        let request = self.reading?;
        Some(self.request(Verb::Cancel { request }))
    }

    /// Wants the reader that another page uses.
    pub(super) fn take_over(&mut self) -> Option<Request> {
        let reader = self.readers.first()?;
        let (reader, holding) = (reader.id, reader.holder.as_ref()?.holding);
        let request = self.request(Verb::TakeOver { reader, holding });
        self.acquiring = Some(request.id);
        Some(request)
    }

    /// The bridge has said something.
    pub(super) fn take(&mut self, message: FromBridge) -> Told {
        let read = match message {
            FromBridge::Reply { request, answer } => self.reply(request, answer),
            FromBridge::Event(event) => {
                self.event(event);
                None
            }
            // Only in a greeting, or before the end of the line.
            _ => None,
        };
        let request = if std::mem::take(&mut self.is_in_doubt) {
            Some(self.request(Verb::Readers))
        } else {
            self.acquire_a_free_one()
        };
        Told { request, read }
    }

    fn reply(&mut self, request: u32, answer: Answer) -> Option<Result<String, ReadFailure>> {
        let is_reading = self.reading == Some(request);
        if is_reading {
            self.reading = None;
        }
        if self.acquiring == Some(request) {
            self.acquiring = None;
            self.is_in_doubt = matches!(answer, Answer::Failed(_));
        }
        match answer {
            Answer::Readers { service, readers } => {
                self.service = service;
                self.readers = readers;
                None
            }
            Answer::Acquired(lease) => {
                self.put(lease.reader);
                None
            }
            Answer::Presented(card) => is_reading.then(|| certificate(&card)),
            Answer::Failed(failure) => is_reading.then(|| Err(of_failure(&failure))),
            Answer::Released | Answer::Done => None,
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::ReaderAttached(reader) | Event::ReaderChanged(reader) => self.put(reader),
            Event::ReaderRemoved { reader } => self.readers.retain(|known| known.id != reader),
            Event::Service(service) => {
                self.service = service;
                if service != ServiceState::Available {
                    self.readers.clear();
                }
            }
            Event::LeaseLost { reader, holder, .. } => {
                let known = self.readers.iter_mut().find(|known| known.id == reader);
                if let Some(known) = known {
                    known.holder = holder;
                }
            }
            Event::Closing => {}
        }
    }

    fn put(&mut self, reader: ReaderState) {
        match self.readers.iter_mut().find(|known| known.id == reader.id) {
            Some(known) => *known = reader,
            None => self.readers.push(reader),
        }
    }

    /// One that nobody uses, if this page has none.
    fn acquire_a_free_one(&mut self) -> Option<Request> {
        if self.acquiring.is_some() || self.own().is_some() {
            return None;
        }
        let reader = self.readers.iter().find(|known| known.holder.is_none())?.id;
        let request = self.request(Verb::Acquire { reader });
        self.acquiring = Some(request.id);
        Some(request)
    }

    fn own(&self) -> Option<&ReaderState> {
        let is_own = |reader: &&ReaderState| {
            let holder = reader.holder.as_ref();
            holder.is_some_and(|holder| holder.is_you)
        };
        self.readers.iter().find(is_own)
    }

    fn lease(&self) -> Option<HoldingId> {
        Some(self.own()?.holder.as_ref()?.holding)
    }
}

const fn card(state: CardState) -> Card {
    match state {
        CardState::Absent => Card::Absent,
        CardState::Present { generation, .. } => Card::Present(generation),
        CardState::Mute => Card::Mute,
        CardState::InUseElsewhere { .. } => Card::Elsewhere,
    }
}
