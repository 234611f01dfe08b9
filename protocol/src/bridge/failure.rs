//! What can go wrong, and what to do then.

use serde::{Deserialize, Serialize};

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// For programs.
    pub code: ErrorCode,
    /// What happened, in Japanese, for the person at the screen.
    pub message: String,
    /// What to do now, in Japanese.
    pub remedy: String,
    /// Whether the same request can succeed when it is made again.
    pub retryable: bool,
    /// Whether a command may have reached the card. Reading changes nothing on it, so
    /// this tells only whether the card was in use. Nothing is ever sent again by itself.
    pub may_have_executed: bool,
    /// The status word (ISO/IEC 7816-4) that a card answered with, for support.
    pub status_word: Option<u16>,
}

/// The kinds of failure. The list is closed for a version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not a message of this protocol, or not one that may come now.
    BadMessage,
    /// No version is spoken by both.
    VersionUnsupported,
    /// The key or the nonce is none.
    BadKey,
    /// The signature is not of the key that was named.
    BadSignature,
    /// Nobody accepted the code in time, or the pairing was revoked.
    NotPaired,
    /// Too many requests without an answer, or a number that is in use.
    TooManyRequests,
    /// The bridge is about to end.
    Closing,
    /// There is no such reader (any more).
    NoSuchReader,
    /// Another page uses the reader.
    ReaderInUse,
    /// Somebody else uses it than the person saw.
    HolderChanged,
    /// A command is running on the reader.
    ReaderBusy,
    /// The lease is not this page's, or has ended.
    LeaseEnded,
    /// The card is another than was meant, or was taken and placed again.
    StaleCard,
    /// The card was taken away while it was read.
    CardRemoved,
    /// The reader was pulled out while it worked.
    ReaderRemoved,
    /// What lies on the reader does not answer.
    CardMute,
    /// Another program keeps the card to itself.
    CardInUseElsewhere,
    /// The card was reset by another program while it was read.
    CardReset,
    /// The machine's card service is not there.
    ServiceUnavailable,
    /// The machine's card service does not answer.
    ServiceStuck,
    /// The machine's card service refuses this user.
    ServiceDenied,
    /// The card did not answer in time.
    TimedOut,
    /// The page cancelled the request.
    Cancelled,
    /// A card, but not a My Number Card.
    NotAMyNumberCard,
    /// 住基カード.
    JukiCard,
    /// A phone, whose certificate can't be read without its PIN.
    PhoneNotSupported,
    /// A card of the same application, of a kind that this version does not know.
    UnknownToken,
    /// A My Number Card without a certificate for user authentication.
    NoCertificate,
    /// The card refused a command; [`Failure::status_word`] has its answer.
    CardRefused,
    /// The card's answer makes no sense.
    CardUnreadable,
    /// Only a simulated reader can do that.
    NoSimulator,
    /// A fault of the bridge itself.
    Internal,
}

/// Why the door stayed shut: the body of an answer with status 403, 404 or 503.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// For programs.
    pub reason: RefusalReason,
    /// For people, in Japanese.
    pub message: String,
}

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// The `Host` header is not exactly this bridge's own address (DNS rebinding).
    HostNotOwn,
    /// There is no `Origin` header.
    OriginMissing,
    /// The `Origin` header is `null`, several, or no origin at all.
    OriginMalformed,
    /// The origin is not on the list.
    OriginNotAllowed,
    /// A page may not ask for this.
    NotForPages,
    /// There is nothing at this address.
    NotFound,
    /// Too many connections, of this origin or at all.
    TooManyConnections,
}
