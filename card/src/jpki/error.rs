//! Why a card was not read.

use core::fmt;

use thiserror::Error;

use super::{File, PhoneKind};
use crate::der::DerError;
use crate::status_word::StatusWord;

/// Which part of a reading an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Selecting the application.
    SelectApplication,
    /// Selecting a file.
    SelectFile(File),
    /// Reading a file.
    ReadFile(File),
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SelectApplication => f.write_str("SELECT of the application"),
            Self::SelectFile(file) => write!(f, "SELECT of EF {:04X}", file.identifier()),
            Self::ReadFile(file) => write!(f, "READ BINARY of EF {:04X}", file.identifier()),
        }
    }
}

/// Why a card was not read. What the desk is told is in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReadError {
    /// Some other card: it has no JPKI application. (Place a My Number Card.)
    #[error("not a My Number Card")]
    NotAMyNumberCard,
    /// An old 住民基本台帳カード, which carries no insurance. (Place a My Number Card.)
    #[error("a Juki card")]
    JukiCard,
    /// A phone with the certificates on it. (Place the card itself.)
    #[error("a phone ({0:?})")]
    Phone(PhoneKind),
    /// It has the application, under a label that is not known: perhaps a card of a later
    /// generation than this program. (Use another way; tell the operator.)
    #[error("a JPKI token of an unknown kind")]
    UnknownToken,
    /// A My Number Card without a user-authentication certificate: none was issued, or it has
    /// been erased. (Use another way; the municipality issues one.)
    #[error("the card holds no user-authentication certificate")]
    NoCertificate,
    /// The card refuses. (Place it again; if that does not help, use another way.)
    #[error("{stage} is answered with {:04X}", u16::from(*status_word))]
    Unreadable {
        /// What it refuses.
        stage: Stage,
        /// How.
        status_word: StatusWord,
    },
    /// The card answers what makes no sense. (Place it again; if that does not help, use
    /// another way.)
    #[error("{stage}: {reason}")]
    Malformed {
        /// To what.
        stage: Stage,
        /// What is wrong with the answer.
        reason: Malformed,
    },
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// It is shorter than a status word.
    #[error("the answer has no status word")]
    NoStatusWord,
    /// It holds more bytes than were asked for.
    #[error("the answer holds more than was asked for")]
    MoreThanAsked,
    /// The card says that there is more, and gives nothing.
    #[error("the card promises data and gives none")]
    NoProgress,
    /// The file ends before what is in it does.
    #[error("the file ends after {0} bytes, in the middle of its contents")]
    EndsEarly(usize),
    /// The file claims to hold a certificate longer than any.
    #[error("a certificate of {0} bytes is longer than any")]
    TooLong(usize),
    /// The file holds no certificate.
    #[error("no certificate: {0}")]
    NotACertificate(#[from] DerError),
}
