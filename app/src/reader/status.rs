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
    /// No reader is attached, or not the one that was chosen.
    Absent,
    /// Another page uses it, in whatever browser, or another tab of this one.
    InUse {
        /// What that page calls itself.
        by: String,
        /// For how long it had used it when it was last told, in seconds.
        held_for_seconds: u32,
    },
    /// This browser has no such way, or only where the page's address is https.
    Unsupported,
    /// The browser lets this page use no device yet: somebody has to choose one.
    DeviceWanted,
    /// The device is there, and the browser can't have it: another program or the system's driver has.
    Occupied,
    /// It has failed again and again. It is tried again by itself.
    NotResponding,
    /// It was let go while nobody saw this page, and comes back when somebody does.
    Away,
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

/// Who is told what a reading brought: a certificate as DER in standard base64.
pub(super) type Done = Box<dyn FnOnce(Result<String, ReadFailure>)>;
