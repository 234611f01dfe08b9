//! Why a reader could not be used.

use thiserror::Error;

use super::iso_dep::IsoDepError;

/// Why a reader could not be used. What the desk is told is in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReaderError {
    /// The device is gone. (Put the reader in again.)
    #[error("the reader is unplugged")]
    Unplugged,
    /// It doesn't answer in time. (Pull the reader out and put it in again.)
    #[error("the reader does not answer")]
    NotResponding,
    /// It answers what makes no sense, or what was garbled on its way. (Try again; if that
    /// does not help, pull the reader out and put it in again.)
    #[error("the reader's answer makes no sense: {0}")]
    Malformed(#[from] Malformed),
    /// It refuses a command, with this code of its own. (Pull the reader out and put it in
    /// again; if that does not help, this reader can't be used.)
    #[error("the reader refuses with {0:08X}")]
    Refused(u32),
    /// Another program holds its radio. (Close other programs and pages that read cards.)
    #[error("another program uses the reader")]
    InUse,
    /// The card went away while it was read. (Place the card again, and leave it there.)
    #[error("the card is gone")]
    CardGone,
    /// The card breaks the rules of its own protocol. (Place the card again; if that does not
    /// help, use another way.)
    #[error("the card breaks the transmission protocol: {0}")]
    Card(#[from] IsoDepError),
    /// A card is to be spoken to and none was found before, or a run was told of a transfer
    /// that it had not asked for: a mistake of the program. (Reload the page; tell the operator.)
    #[error("the program is out of step with the reader")]
    OutOfStep,
}

/// What is wrong with what came from a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// It is no frame of this reader's, or one with a wrong beginning or end.
    #[error("no frame")]
    Frame,
    /// A checksum is wrong.
    #[error("a checksum is wrong")]
    Checksum,
    /// The frame says another length than it has.
    #[error("a length is wrong")]
    Length,
    /// It is longer than any.
    #[error("longer than any")]
    TooLong,
    /// The frame was whole, and of another kind than was waited for.
    #[error("an unexpected frame")]
    Unexpected,
    /// The reader says that it did not understand the command.
    #[error("the reader did not understand")]
    NotUnderstood,
}
