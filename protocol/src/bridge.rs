//! What the page and the reader bridge say to each other on this machine.
//!
//! JSON text messages over a `WebSocket` on loopback ([`SOCKET_PATH`]), one value
//! of [`FromPage`] or [`FromBridge`] each. They are verbs of the field, never a
//! card's own commands: a page that is let in can have the user-authentication
//! certificate of a card read, and nothing else done to it.
//!
//! 1. The page opens the socket. Its origin must be on the bridge's list; anything
//!    else is refused with a status of 403 and a [`Refusal`] as JSON.
//! 2. [`FromPage::Hello`] within five seconds. The bridge answers with
//!    [`FromBridge::Challenge`]: the version to be spoken, and its own proof.
//! 3. [`FromPage::Proof`]: the page signs [`pairing::page_statement`].
//! 4. A page that the bridge does not know gets [`FromBridge::PairingWanted`]. Both
//!    sides show the code of [`pairing::code`]; a person who sees both accepts it at
//!    the bridge within two minutes.
//! 5. [`FromBridge::Welcome`] with every reader, then events, and an answer to each
//!    [`Request`]. The page says something at least every [`KEEP_ALIVE_SECONDS`];
//!    after [`IDLE_SECONDS`] of silence its connection is closed.
//!
//! A connection that ends takes its leases and its requests with it.

mod failure;
mod greeting;
pub mod pairing;
mod reader;
mod request;

pub use failure::{ErrorCode, Failure, Refusal, RefusalReason};
pub use greeting::{Bytes, Challenge, Hello, PairingWanted, Proof, VersionRange, Welcome};
pub use reader::{
    CardGeneration, CardKind, CardState, Holder, HoldingId, ReaderId, ReaderState, ServiceState,
};
pub use request::{Answer, Event, Lease, LossReason, PresentedCard, Request, SimulatedCard, Verb};

use serde::{Deserialize, Serialize};

/// The versions of this protocol that this code speaks.
pub const VERSIONS: VersionRange = VersionRange { least: 1, most: 1 };

/// The port that the bridge listens on unless told otherwise (loopback only).
pub const DEFAULT_PORT: u16 = PORTS[0];

/// The ports that a bridge listens on, the first that is free: the page asks all of
/// them at once.
pub const PORTS: [u16; 3] = [8765, 8766, 8767];

/// Where the bridge answers [`Version`], to allowed origins as well (CORS).
pub const VERSION_PATH: &str = "/version";

/// Where the bridge's `WebSocket` is.
pub const SOCKET_PATH: &str = "/socket";

/// A page says something at least this often, in seconds; [`Verb::Readers`] will do.
pub const KEEP_ALIVE_SECONDS: u32 = 60;

/// A page that said nothing for so long, in seconds, is gone: its script no longer
/// runs, though the browser keeps the connection.
pub const IDLE_SECONDS: u32 = 180;

/// A message may have this many bytes.
pub const MOST_MESSAGE_BYTES: usize = 64 * 1024;

/// Codes with which the bridge closes a connection, beside those of RFC 6455. An
/// explanation precedes them as a message where one can be sent.
pub mod close {
    /// Neither [`super::FromPage::Hello`] nor [`super::FromPage::Proof`] came in time.
    pub const TOO_SLOW: u16 = 4000;
    /// The page was silent for [`super::IDLE_SECONDS`], or its machine was.
    pub const IDLE: u16 = 4001;
    /// The greeting failed; the [`super::FromBridge::Failed`] before says why.
    pub const REFUSED: u16 = 4002;
    /// The pairing was revoked, or its code not accepted in time.
    pub const NOT_PAIRED: u16 = 4003;
    /// The page did not take its messages.
    pub const TOO_FAR_BEHIND: u16 = 4004;
}

/// What the bridge is and can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// `shikaku-reader-bridge`.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// Whether it can drive a card reader.
    pub drives_readers: bool,
    /// The versions of this protocol that it speaks.
    pub protocol: VersionRange,
}

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromPage {
    /// Who is there. The first message.
    Hello(Hello),
    /// The page has the key that it named. The second message.
    Proof(Proof),
    /// What it wants. Every message after [`FromBridge::Welcome`].
    Request(Request),
}

/// What the bridge says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromBridge {
    /// To [`FromPage::Hello`].
    Challenge(Challenge),
    /// To [`FromPage::Proof`] of a page that is not paired: a person has to compare.
    PairingWanted(PairingWanted),
    /// The page is let in.
    Welcome(Welcome),
    /// To the request of that number; every request has exactly one.
    Reply {
        /// The request's own number.
        request: u32,
        /// What came of it.
        answer: Answer,
    },
    /// Something happened that nobody asked for.
    Event(Event),
    /// The greeting or a message failed as such; the connection ends.
    Failed(Failure),
}
