//! What a page knows of its reader.

use domain::card_presentation::CardFailure;
use protocol::bridge::CardGeneration;

/// How the reader is. Everything but [`Status::Ready`] says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Looking for it, for the first time or for a moment.
    Connecting,
    /// No program answers on this machine. It is looked for again by itself.
    NotRunning,
    /// A program answers, and does not let this page in.
    Refused,
    /// The browser will ask a person, who should know why before.
    PermissionWanted,
    /// The browser forbids this page to reach this machine.
    PermissionDenied,
    /// Another program answers than the one that this page was paired with.
    Changed,
    /// The program is too old, or too new, for this page.
    Outdated,
    /// A person has to compare six digits.
    Pairing {
        /// The six digits.
        code: String,
        /// What to type at the program, but for the digits.
        command: String,
    },
    /// Nobody accepted the six digits in time.
    NotPaired,
    /// The machine's card service does not do its work.
    ServiceDown,
    /// No reader is attached.
    Absent,
    /// Another page uses it.
    InUse {
        /// What that page calls itself.
        by: String,
        /// For how long it had used it when it was last told, in seconds.
        held_for_seconds: u32,
    },
    /// It can be used.
    Ready {
        /// What is on it.
        card: Card,
        /// Whether cards can be placed from the page.
        is_simulated: bool,
    },
}

impl Status {
    /// What is on the reader, if it can be used.
    pub(crate) const fn card(&self) -> Card {
        match self {
            Self::Ready { card, .. } => *card,
            _ => Card::Absent,
        }
    }
}

/// What is on a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Card {
    /// Nothing.
    Absent,
    /// A card, by the number of its being placed.
    Present(CardGeneration),
    /// Something that does not answer.
    Mute,
    /// A card that another program keeps to itself.
    Elsewhere,
}

/// Why a reading brought no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadFailure {
    /// The card was taken away too soon.
    Taken,
    /// The reader, or the way to it, is gone or somebody else's; its status says more.
    Interrupted,
    /// The card is the reason.
    Card(CardFailure),
}
