//! What the desk says.

use protocol::bridge::{CardGeneration, HoldingId, LossReason, ReaderId, ServiceState};

/// One connection of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What somebody has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Everybody: a reader is there.
    Attached(ReaderId),
    /// Everybody: it is gone.
    Removed(ReaderId),
    /// Everybody: it has changed.
    Changed(ReaderId),
    /// Everybody: the service has.
    Service(ServiceState),
    /// That connection: its lease has ended.
    Lost {
        /// Whose it was.
        connection: ConnectionId,
        /// Which.
        lease: HoldingId,
        /// Of which reader.
        reader: ReaderId,
        /// Why.
        reason: LossReason,
    },
}

/// Leave to send one command to one card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The reader.
    pub reader: ReaderId,
    /// Its name in the system.
    pub name: String,
    /// The use it is done for.
    pub lease: HoldingId,
    /// The card that is meant.
    pub generation: CardGeneration,
    /// The system's count of cards placed and taken, for that card.
    pub count: u32,
}

/// What came of asking for a [`Ticket`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Go on.
    Now(Ticket),
    /// Ask again when something has changed: no card yet, or somebody else's command ends.
    Later,
}

/// How things stand when a command is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As at its beginning.
    Valid,
    /// The lease has ended meanwhile.
    LeaseGone,
    /// The card was taken meanwhile.
    CardGone,
    /// The reader was pulled out meanwhile.
    ReaderGone,
}
