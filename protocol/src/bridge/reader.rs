//! Readers, the cards on them, and who uses them.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// One reader from its being plugged in to its being pulled out. Never used again,
    /// not even when the bridge is started anew. At most 2^53 − 1.
    ReaderId
}
number! {
    /// One card from its being placed to its being taken. Never used again, as above.
    CardGeneration
}
number! {
    /// One page's use of a reader, from acquiring to releasing. Never used again, as
    /// above. Knowing it opens nothing: a lease belongs to a connection.
    HoldingId
}

/// Whether the machine's card service (PC/SC) answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceState {
    /// It does. There may be no reader.
    Available,
    /// It does not run, or has just ended. The bridge keeps trying.
    Unavailable,
    /// It runs and does not answer.
    Stuck,
    /// It refuses this user.
    Denied,
}

/// A reader as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderState {
    /// Which one.
    pub id: ReaderId,
    /// The driver's name for it, for people.
    pub name: String,
    /// What is on it.
    pub card: CardState,
    /// Who uses it, if anybody.
    pub holder: Option<Holder>,
}

/// What is on a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Nothing.
    Absent,
    /// A card that answers.
    Present {
        /// This placing of this card.
        generation: CardGeneration,
        /// What it is, once a page has had it read: nothing is sent to a card before.
        kind: Option<CardKind>,
    },
    /// Something that does not answer: upside down, damaged, or two at once.
    Mute,
    /// Another program on this machine keeps the card to itself.
    InUseElsewhere {
        /// This placing of this card.
        generation: CardGeneration,
    },
}

impl CardState {
    /// The placing of the card, if there is one that answers.
    pub const fn generation(self) -> Option<CardGeneration> {
        match self {
            Self::Present { generation, .. } | Self::InUseElsewhere { generation } => {
                Some(generation)
            }
            Self::Absent | Self::Mute => None,
        }
    }
}

/// What a card turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// マイナンバーカード.
    MyNumberCard,
    /// 住基カード, its predecessor, which holds no certificate that counts.
    JukiCard,
    /// A phone with the functions of the card, which can't be read without its PIN.
    Phone,
    /// Anything else.
    Other,
}

/// Who uses a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// This use.
    pub holding: HoldingId,
    /// How the page calls itself ([`super::Hello::label`]).
    pub label: String,
    /// Whether it is this connection.
    pub is_you: bool,
    /// For how long by now, in whole seconds.
    pub held_for_seconds: u32,
}
