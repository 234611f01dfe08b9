//! The machine's readers, through PC/SC.

mod monitor;
mod platform;

use std::ffi::CString;

use pcsc::{Card, Context, Disposition, Error, Protocols, Scope, ShareMode, State, Transaction};

pub use monitor::{Monitor, Watching};

use crate::desk::Ticket;
use crate::medium::{Channel, Medium, Reader, Trouble};

/// Long enough for a short answer: 256 bytes and a status word, and room for a driver
/// that adds to it.
const ANSWER_BYTES: usize = pcsc::MAX_BUFFER_SIZE;

/// Cards on the machine's readers.
#[derive(Debug, Clone, Copy)]
pub struct Pcsc;

impl Medium for Pcsc {
    fn reader(&self, name: &str) -> Box<dyn Reader> {
        Box::new(PcscReader {
            name: name.to_owned(),
            context: None,
        })
    }
}

/// One reader. Its context is its thread's alone: PC/SC lets one call at a time into a
/// context, and a call may wait for as long as the reader likes.
struct PcscReader {
    name: String,
    context: Option<Context>,
}

impl Reader for PcscReader {
    fn with_card(
        &mut self,
        ticket: &Ticket,
        work: &mut dyn FnMut(&mut dyn Channel),
    ) -> Result<(), Trouble> {
        let name =
            CString::new(self.name.as_str()).map_err(|_| Trouble::Other("the reader's name"))?;
        let mut card = self.open(&name, ticket.count)?;
        let result = Self::locked(&mut card, work);
        // The card is reset for the next one, with whatever was selected forgotten.
        let _ = card.disconnect(Disposition::ResetCard);
        result
    }
}

impl PcscReader {
    /// Connects to the card. Nothing has been sent to it yet, so a context that turns out
    /// to be dead is replaced, once.
    fn open(&mut self, name: &CString, count: u32) -> Result<Card, Trouble> {
        let kept = self.context.take();
        let was_kept = kept.is_some();
        let context = match kept {
            Some(context) => context,
            None => establish()?,
        };
        match connect(&context, name, count) {
            Ok(card) => {
                self.context = Some(context);
                card.ok_or(Trouble::Stale)
            }
            Err(error) if was_kept && is_of_context(error) => {
                drop(context);
                self.open(name, count)
            }
            Err(error) => {
                if !is_of_context(error) {
                    self.context = Some(context);
                }
                Err(trouble(error))
            }
        }
    }

    fn locked(card: &mut Card, work: &mut dyn FnMut(&mut dyn Channel)) -> Result<(), Trouble> {
        let transaction = card.transaction().map_err(trouble)?;
        let mut channel = PcscChannel { transaction };
        work(&mut channel);
        // A card that is gone can't be given back; the work has found that out.
        let _ = channel.transaction.end(Disposition::LeaveCard);
        Ok(())
    }
}

/// A new context for the calling thread.
pub(crate) fn establish() -> Result<Context, Trouble> {
    Context::establish(Scope::User).map_err(trouble)
}

/// Connects to the card that the count is of; `None` if another one is there by now.
fn connect(context: &Context, name: &CString, count: u32) -> Result<Option<Card>, Error> {
    let mut states = [pcsc::ReaderState::new(name.clone(), State::UNAWARE)];
    context.get_status_change(std::time::Duration::ZERO, &mut states)?;
    if states.iter().any(|state| state.event_count() != count) {
        return Ok(None);
    }
    let card = context.connect(name, ShareMode::Shared, Protocols::ANY)?;
    Ok(Some(card))
}

struct PcscChannel<'card> {
    transaction: Transaction<'card>,
}

impl Channel for PcscChannel<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Trouble> {
        let mut buffer = [0; ANSWER_BYTES];
        let answer = self.transaction.transmit(command, &mut buffer);
        let answer = answer.map_err(trouble)?;
        // No card answers with less than a status word: some drivers say so that it is gone.
        if answer.len() < 2 {
            return Err(Trouble::NoAnswer);
        }
        Ok(answer.to_vec())
    }
}

/// Whether the context is no longer good for anything. `is_valid` does not tell: it asks
/// the library, not the service.
pub(crate) const fn is_of_context(error: Error) -> bool {
    matches!(
        error,
        Error::NoService
            | Error::ServiceStopped
            | Error::InvalidHandle
            | Error::CommError
            | Error::InternalError
            | Error::UnknownError
            | Error::NoMemory
            | Error::Shutdown
            | Error::SystemCancelled
            | Error::ServerTooBusy
            | Error::NoAccess
            | Error::SecurityViolation
    )
}

/// What an error of PC/SC means here.
pub(crate) const fn trouble(error: Error) -> Trouble {
    match error {
        Error::RemovedCard | Error::NoSmartcard => Trouble::CardRemoved,
        Error::ResetCard => Trouble::CardReset,
        Error::UnresponsiveCard
        | Error::UnpoweredCard
        | Error::UnsupportedCard
        | Error::ProtoMismatch => Trouble::Mute,
        Error::SharingViolation => Trouble::InUseElsewhere,
        Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable => {
            Trouble::ReaderRemoved
        }
        Error::NoAccess | Error::SecurityViolation => Trouble::ServiceDenied,
        Error::NoService
        | Error::ServiceStopped
        | Error::InvalidHandle
        | Error::Shutdown
        | Error::SystemCancelled
        | Error::CommError => Trouble::ServiceUnavailable,
        Error::NotTransacted => Trouble::NoAnswer,
        Error::NotReady => Trouble::Other("the reader is not ready"),
        Error::Timeout => Trouble::Other("the reader took too long"),
        _ => Trouble::Other("the card service failed"),
    }
}
