//! One reader on the desk.

use std::time::Duration;

use protocol::bridge::{CardGeneration, CardKind, CardState, HoldingId, LossReason, ReaderId};

use super::ids::Ids;
use super::sighting::{Presence, Sighting};
use super::told::{ConnectionId, Notice};

#[derive(Debug)]
pub(super) struct Reader {
    pub(super) name: String,
    pub(super) seen: Presence,
    pub(super) generation: Option<CardGeneration>,
    pub(super) kind: Option<CardKind>,
    pub(super) holding: Option<Holding>,
    /// The use whose command is running, which may have ended meanwhile.
    pub(super) command: Option<HoldingId>,
}

#[derive(Debug)]
pub(super) struct Holding {
    pub(super) id: HoldingId,
    pub(super) connection: ConnectionId,
    pub(super) label: String,
    pub(super) since: Duration,
}

impl Reader {
    /// One that nothing is known of but its name.
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            seen: Presence::Absent,
            generation: None,
            kind: None,
            holding: None,
            command: None,
        }
    }

    /// Whether a reader of this name is this reader: one whose count begins anew was
    /// pulled out and plugged in again between two looks.
    pub(super) fn is_still(&self, sighting: &Sighting) -> bool {
        let began_anew = matches!(
            (self.seen.count(), sighting.presence.count()),
            (Some(before), Some(now)) if now < before
        );
        self.name == sighting.name && !began_anew
    }

    /// Takes over what was seen; true if it is news.
    pub(super) fn update(&mut self, presence: Presence, ids: &mut Ids) -> bool {
        if self.seen == presence {
            return false;
        }
        let is_same_card = self.generation.is_some()
            && presence.has_card()
            && self.seen.count() == presence.count();
        if !is_same_card {
            self.generation = presence.has_card().then(|| CardGeneration(ids.next()));
            self.kind = None;
        }
        let before = self.seen;
        self.seen = presence;
        !is_same_card || !before.is_alike(presence)
    }

    pub(super) fn end_holding(
        &mut self,
        id: ReaderId,
        reason: LossReason,
        notices: &mut Vec<Notice>,
    ) -> bool {
        let Some(holding) = self.holding.take() else {
            return false;
        };
        notices.push(Notice::Lost {
            connection: holding.connection,
            lease: holding.id,
            reader: id,
            reason,
        });
        true
    }

    pub(super) fn card(&self) -> CardState {
        match (self.seen, self.generation) {
            (Presence::Card { .. }, Some(generation)) => CardState::Present {
                generation,
                kind: self.kind,
            },
            (Presence::Elsewhere { .. }, Some(generation)) => {
                CardState::InUseElsewhere { generation }
            }
            (Presence::Mute, _) => CardState::Mute,
            _ => CardState::Absent,
        }
    }
}
