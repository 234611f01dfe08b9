//! Where commands go: to a card on the machine's reader, or to a simulated one. From
//! here up there is no difference.

use thiserror::Error;

use crate::desk::Ticket;

/// A way to cards.
pub trait Medium: Send + Sync {
    /// A thread's own way to one reader. It may keep what is costly to open.
    fn reader(&self, name: &str) -> Box<dyn Reader>;
}

/// A thread's way to one reader.
pub trait Reader {
    /// Lets `work` talk to the card that the ticket is for, while nobody else can. Resets
    /// the card in the end, whatever comes of it.
    fn with_card(
        &mut self,
        ticket: &Ticket,
        work: &mut dyn FnMut(&mut dyn Channel),
    ) -> Result<(), Trouble>;
}

/// An open card.
pub trait Channel {
    /// Sends one command and gives the answer.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Trouble>;
}

/// Why a card could not be talked to. What the card itself says is no trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Trouble {
    /// It is another card, or the same placed again.
    #[error("the card is another one by now")]
    Stale,
    /// It was taken away.
    #[error("the card was removed")]
    CardRemoved,
    /// A command got no answer: most often the card has just been taken away, and the
    /// service does not know it yet.
    #[error("a command got no answer")]
    NoAnswer,
    /// It was reset by another program.
    #[error("the card was reset by another program")]
    CardReset,
    /// It does not answer.
    #[error("the card does not answer")]
    Mute,
    /// Another program has it to itself.
    #[error("another program has the card to itself")]
    InUseElsewhere,
    /// The reader is gone.
    #[error("the reader was removed")]
    ReaderRemoved,
    /// The service is gone.
    #[error("the card service is not there")]
    ServiceUnavailable,
    /// The service refuses this user.
    #[error("the card service refuses this user")]
    ServiceDenied,
    /// Something else, said for support.
    #[error("{0}")]
    Other(&'static str),
}
