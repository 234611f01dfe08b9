//! What a look at the machine's readers shows.

/// One reader, as seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Its name in the system.
    pub name: String,
    /// What is on it.
    pub presence: Presence,
}

/// What is on a reader, with the system's count of cards placed and taken where it keeps
/// one: a card that was taken and placed again between two looks shows by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Nothing.
    Absent,
    /// A card that answers.
    Card {
        /// The count.
        count: u32,
    },
    /// A card that another program keeps to itself.
    Elsewhere {
        /// The count.
        count: u32,
    },
    /// Something that does not answer.
    Mute,
}

impl Presence {
    pub(super) const fn has_card(self) -> bool {
        matches!(self, Self::Card { .. } | Self::Elsewhere { .. })
    }

    pub(super) const fn count(self) -> Option<u32> {
        match self {
            Self::Card { count } | Self::Elsewhere { count } => Some(count),
            Self::Absent | Self::Mute => None,
        }
    }

    /// Whether pages see no difference.
    pub(super) fn is_alike(self, other: Self) -> bool {
        core::mem::discriminant(&self) == core::mem::discriminant(&other)
    }
}
