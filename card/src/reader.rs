//! Readers of contactless cards that a page drives itself, over WebUSB or WebHID.
//!
//! Nothing here does I/O. [`Reader`] has the few things that are to be done with a reader; each
//! begins a [`Run`], which says what [`Transfer`] to do next and takes what became of it as an
//! [`Event`]. A page loops this around awaited transfers:
//!
//! ```
//! use card::reader::{Event, Model, Reader, ReaderError, Step, Transfer};
//!
//! fn transfer(_: Transfer) -> Event {
//!     Event::Unplugged // a page awaits `transferOut`, `transferIn` or a timer
//! }
//!
//! let mut step = Reader::new(Model::RcS380).start_up();
//! let outcome = loop {
//!     match step {
//!         Ok(Step::Transfer(run, wanted)) => step = run.resume(transfer(wanted)),
//!         Ok(Step::Done(reader, ())) => break Ok(reader),
//!         Err(error) => break Err(error),
//!     }
//! };
//! assert!(matches!(outcome, Err(ReaderError::Unplugged)));
//! ```
//!
//! The order: open the device, [`Reader::start_up`], [`Reader::find_card`] again and again with a
//! pause of the page's own between, [`Reader::read_certificate`], [`Reader::is_card_present`]
//! until the card is gone, and on every way out [`Reader::release`] and close the device; where nothing
//! can be waited for any more, [`Model::farewell`] in place of it. After an error the
//! old [`Reader`] is gone: release a new one, and start anew.
//!
//! What a page has to see to:
//!
//! - WebUSB: select configuration 1, claim the interface of class FF (the RC-S300's other one is for
//!   smart cards, which browsers keep to themselves), and take its pair of bulk endpoints from the descriptor.
//! - WebHID: collect input reports from before the first write on, in a queue that reads take from; the
//!   report's number is `reportId` here and the first byte there.
//! - A read whose time ran out can't be taken back in WebUSB: keep its promise, and let the next read wait for it.
//!   Then a late answer is never lost to a read that nobody waits for any more.
//! - A write is given a second; after that it is [`Event::Late`].
//! - One page at a time: nothing here notices another page that speaks to the same reader, but for the RC-S300.
//!
//! | reader | way | state |
//! |---|---|---|
//! | [`Model::RcS380`] | WebUSB | others read cards of type B by the same frames; this code met emulation only |
//! | [`Model::RcS300`] | WebUSB | experimental: nobody is known to have read a card of type B by it this way |
//! | [`Model::Baltech`] | WebHID | by its maker's documents; this code met emulation only |
//!
//! What is garbled on its way is an error as far as a checksum can tell: a sum for the RC-S380, CRC-16
//! for BALTECH, none but USB's own for the RC-S300. What gets past them shows when the certificate's
//! signature is verified.

pub mod brp;
mod error;
pub mod iso_dep;
mod model;
pub mod port100;
mod radio;
pub mod rc_s300;
mod received;
mod run;

pub use error::{Malformed, ReaderError};
pub use model::{Medium, Model};
pub use run::{Event, Run, Step, Transfer};

use crate::apdu::Command;
use crate::jpki::{self, Limits, PresentedCard, ReadError, Reading};
use run::Port;

/// A reader, as far as it is known: what it was told and which card it has selected.
#[derive(Debug)]
pub struct Reader(Driver);

#[derive(Debug)]
enum Driver {
    Port100(port100::Port100),
    RcS300(rc_s300::RcS300),
    Brp(brp::Brp),
}

/// What is on the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// No card of type B. (Place the card.)
    Nothing,
    /// A card, which is selected now.
    Card,
    /// Something answers, but not clearly: two cards, metal, or a card at the edge. (Place one
    /// card only, flat on the reader.)
    Unclear,
    /// A card of type B that does not speak ISO/IEC 14443-4. (Place a My Number Card.)
    OtherCard,
}

/// The first step of a run, or why there is none.
type Begun<T> = Result<Step<T>, ReaderError>;

impl Reader {
    /// A reader of which nothing is known.
    pub fn new(model: Model) -> Self {
        Self(match model {
            Model::RcS380 => Driver::Port100(port100::Port100::default()),
            Model::RcS300 => Driver::RcS300(rc_s300::RcS300::default()),
            Model::Baltech => Driver::Brp(brp::Brp::default()),
        })
    }

    /// Brings the reader from any state into that in which cards can be found.
    pub fn start_up(self) -> Begun<()> {
        self.run(async |driver, port| match driver {
            Driver::Port100(reader) => reader.start_up(port).await,
            Driver::RcS300(reader) => reader.start_up(port).await,
            Driver::Brp(reader) => reader.start_up(port).await,
        })
    }

    /// Looks once for a card, and selects it. A card that was selected before is reset first:
    /// it may be another one.
    pub fn find_card(self) -> Begun<Found> {
        self.run(async |driver, port| match driver {
            Driver::Port100(reader) => reader.find_card(port).await,
            Driver::RcS300(reader) => reader.find_card(port).await,
            Driver::Brp(reader) => reader.find_card(port).await,
        })
    }

    /// Sends a command to the card that was found, and brings its answer. One that another
    /// command's late answer replaces is noticed by [`Self::read_certificate`] only.
    pub fn exchange(self, command: &Command) -> Begun<Vec<u8>> {
        let command = command.clone();
        self.run(async move |driver, port| driver.exchange(port, command.as_bytes()).await)
    }

    /// Reads the certificate of the card that was found. What is wrong with the card, not with
    /// the reader, is in the inner result.
    pub fn read_certificate(self, with_ca: bool) -> Begun<Result<PresentedCard, ReadError>> {
        self.run(async move |driver, port| {
            let limits = Limits {
                chunk: driver.chunk(),
                with_ca,
            };
            let (mut reading, mut command) = Reading::start(limits);
            loop {
                let answer = driver.exchange(port, command.as_bytes()).await?;
                match reading.answer(&answer) {
                    Ok(jpki::Step::Transmit(next, following)) => {
                        (reading, command) = (next, following);
                    }
                    Ok(jpki::Step::Done(card)) => {
                        break driver.confirm(port).await.map(|()| Ok(card));
                    }
                    Err(error) => break driver.confirm(port).await.map(|()| Err(error)),
                }
            }
        })
    }

    /// Whether the card that was found is still there. `false` if none was.
    pub fn is_card_present(self) -> Begun<bool> {
        self.run(async |driver, port| match driver {
            Driver::Port100(reader) => reader.is_card_present(port).await,
            Driver::RcS300(reader) => reader.is_card_present(port).await,
            Driver::Brp(reader) => reader.is_card_present(port).await,
        })
    }

    /// Dismisses the card and switches the field off, as far as the reader can be told to. A
    /// new reader is released from any state, after an error too; what goes wrong then can be ignored.
    pub fn release(self) -> Begun<()> {
        self.run(async |driver, port| match driver {
            Driver::Port100(reader) => reader.release(port).await,
            Driver::RcS300(reader) => reader.release(port).await,
            Driver::Brp(reader) => reader.release(port).await,
        })
    }

    /// The most bytes of an answer that go well through this reader, as
    /// [`Limits::chunk`] wants it.
    pub fn chunk(&self) -> u8 {
        self.0.chunk()
    }

    fn run<T: 'static>(
        self,
        task: impl AsyncFnOnce(&mut Driver, &Port) -> Result<T, ReaderError> + 'static,
    ) -> Begun<T> {
        let Self(mut driver) = self;
        Run::begin(async move |port: Port| {
            let value = task(&mut driver, &port).await?;
            Ok((Self(driver), value))
        })
    }
}

impl Driver {
    fn chunk(&self) -> u8 {
        match self {
            // With PCB, status word and CRC well within a frame of 256 bytes.
            Self::Port100(_) => 0xF0,
            Self::RcS300(_) => rc_s300::CHUNK,
            Self::Brp(reader) => reader.chunk(),
        }
    }

    /// Sees to it that what was exchanged so far belongs together, where messages have no numbers.
    async fn confirm(&mut self, port: &Port) -> Result<(), ReaderError> {
        match self {
            Self::Port100(reader) => reader.confirm(port).await,
            Self::RcS300(_) => Ok(()),
            Self::Brp(reader) => reader.confirm(port).await,
        }
    }

    async fn exchange(&mut self, port: &Port, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        match self {
            Self::Port100(reader) => reader.exchange(port, command).await,
            Self::RcS300(reader) => reader.exchange(port, command).await,
            Self::Brp(reader) => reader.exchange(port, command).await,
        }
    }
}
