//! What a page can want, and what it is told.

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::greeting::Bytes;
use super::reader::{
    CardGeneration, CardKind, Holder, HoldingId, ReaderId, ReaderState, ServiceState,
};

/// What a page wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The page's own number for it, different from those of its other unanswered
    /// requests.
    pub id: u32,
    /// What.
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Every reader as it is now → [`Answer::Readers`]. Also keeps the connection alive.
    Readers,
    /// Use a reader that nobody uses → [`Answer::Acquired`], or `reader_in_use`.
    Acquire {
        /// Which one.
        reader: ReaderId,
    },
    /// Use a reader that another page uses, which is told at once → [`Answer::Acquired`],
    /// or `holder_changed` when somebody else uses it by now. Never in the middle of a
    /// command (`reader_busy`). Only when a person asked for it.
    TakeOver {
        /// Which one.
        reader: ReaderId,
        /// The use that the person saw and wants ended.
        holding: HoldingId,
    },
    /// Let a reader go → [`Answer::Released`].
    Release {
        /// Which use.
        lease: HoldingId,
    },
    /// Read the user-authentication certificate of a card → [`Answer::Presented`]. No
    /// PIN, no signature, nothing personal but what the certificate holds.
    Read {
        /// The page's use of the reader.
        lease: HoldingId,
        /// The card that is meant (`stale_card` when it is another by now), or `null` for
        /// the one that is there or placed next: then the answer comes with the card, for
        /// which the bridge waits until the request is cancelled.
        card: Option<CardGeneration>,
        /// Whether the CA's certificate is wanted too.
        with_ca: bool,
    },
    /// End a request: it fails with `cancelled`, unless its own answer is already under
    /// way → [`Answer::Done`] in any case.
    Cancel {
        /// The request to end.
        request: u32,
    },
    /// Place or take a simulated card → [`Answer::Done`]. Only with a simulated reader.
    Simulate {
        /// The card that lies on the reader from now on, or none.
        card: Option<SimulatedCard>,
    },
}

/// The cards of the simulated reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SimulatedCard {
    /// 「有効なカード」.
    Valid,
    /// 「期限切れのカード」: its certificate has expired.
    Expired,
    /// 「未登録のカード」: valid, and linked with nobody.
    NotLinked,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Every reader as it is now.
    Readers {
        /// Whether the machine's card service answers.
        service: ServiceState,
        /// The readers.
        readers: Vec<ReaderState>,
    },
    /// The reader is the page's.
    Acquired(Lease),
    /// It no longer is.
    Released,
    /// The card was read.
    Presented(PresentedCard),
    /// It is done.
    Done,
    /// It is not.
    Failed(Failure),
}

/// A page's use of a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The use, which later requests name.
    pub lease: HoldingId,
    /// The reader as it is now.
    pub reader: ReaderState,
}

/// A card that was placed, and what it said. It was shown, not authenticated: anybody can
/// copy a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentedCard {
    /// The page's use of the reader.
    pub lease: HoldingId,
    /// The reader.
    pub reader: ReaderId,
    /// The placing of the card.
    pub card: CardGeneration,
    /// What it is.
    pub kind: CardKind,
    /// The user-authentication certificate (EF 000A), DER.
    pub certificate: Bytes,
    /// The certificate of its CA (EF 000B), DER, if wanted.
    pub ca_certificate: Option<Bytes>,
    /// How long the card itself took to answer, in microseconds.
    pub card_microseconds: u32,
}

/// What happens without a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A reader was plugged in.
    ReaderAttached(ReaderState),
    /// A reader was pulled out; said once.
    ReaderRemoved {
        /// Which one.
        reader: ReaderId,
    },
    /// A card was placed or taken, or the reader's user changed.
    ReaderChanged(ReaderState),
    /// The machine's card service.
    Service(ServiceState),
    /// The page no longer has its reader.
    LeaseLost {
        /// The use that ended.
        lease: HoldingId,
        /// The reader.
        reader: ReaderId,
        /// Why.
        reason: LossReason,
        /// Who has it now, if it was taken over.
        holder: Option<Holder>,
    },
    /// The bridge ends soon: no reader is lent any more; connect again in a few seconds.
    Closing,
}

/// Why a page lost its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossReason {
    /// A person at another page took it over.
    TakenOver,
    /// The reader was pulled out, or its service ended.
    ReaderGone,
    /// The machine slept: what was on the reader before is not known.
    MachineSlept,
}
