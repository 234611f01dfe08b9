//! The stages, and the transitions between them. None can be made but from the one before.

use serde::{Deserialize, Serialize};

use super::{Begun, Completed, IDLE_SECONDS, Party, PersonNumber, Route};
use crate::card_presentation::{CardFailure, CardNotice};
use crate::consent::{ConsentAnswer, consents};
use crate::timestamp::Timestamp;

/// A visual confirmation under way, at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisualConfirmation<Stage> {
    begun: Begun,
    /// When somebody last did something.
    active_at: Timestamp,
    /// 「続けて目視確認」: the next patient's begins when this one ends.
    is_followed: bool,
    stage: Stage,
}

/// Staff have not confirmed yet; no card is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested(());

/// 「目視で本人確認完了」: the way is open for one card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    confirmation: Confirmation,
    /// What became of the card that was placed last.
    failure: Option<CardFailure>,
}

/// A card was accepted; the patient is asked for his consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presented {
    confirmation: Confirmation,
    presentation: Presentation,
}

/// Who confirmed the identity by eye, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// By which account, or at the screen that the passcode had opened.
    pub by: Party,
    /// When.
    pub at: Timestamp,
}

/// カード提示.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presentation {
    /// With whom the card's certificate is linked.
    pub person: PersonNumber,
    /// What staff should tell him.
    pub notice: Option<CardNotice>,
    /// When.
    pub at: Timestamp,
}

impl<Stage> VisualConfirmation<Stage> {
    /// How it began.
    pub const fn begun(&self) -> Begun {
        self.begun
    }

    /// Whether the next patient's begins when this one ends.
    pub const fn is_followed(&self) -> bool {
        self.is_followed
    }

    /// From when on it is over if nobody does anything.
    pub const fn expires_at(&self) -> Timestamp {
        self.active_at.plus_seconds(IDLE_SECONDS)
    }

    pub(super) const fn noting(mut self, now: Timestamp) -> Self {
        self.active_at = now;
        self
    }

    pub(super) const fn followed(mut self, is_followed: bool) -> Self {
        self.is_followed = is_followed;
        self
    }

    fn at_stage<Next>(self, stage: Next, now: Timestamp) -> VisualConfirmation<Next> {
        VisualConfirmation {
            begun: self.begun,
            active_at: now,
            is_followed: self.is_followed,
            stage,
        }
    }
}

impl VisualConfirmation<Requested> {
    /// Begins one.
    pub const fn begin(route: Route, now: Timestamp) -> Self {
        Self {
            begun: Begun { route, at: now },
            active_at: now,
            is_followed: false,
            stage: Requested(()),
        }
    }

    /// 「目視で本人確認完了」.
    pub(super) fn confirm(self, by: Party, now: Timestamp) -> VisualConfirmation<Confirmed> {
        let confirmation = Confirmation { by, at: now };
        self.at_stage(
            Confirmed {
                confirmation,
                failure: None,
            },
            now,
        )
    }
}

impl VisualConfirmation<Confirmed> {
    /// What became of the card that was placed last.
    pub const fn failure(&self) -> Option<CardFailure> {
        self.stage.failure
    }

    /// The tick is taken back: no card is read any more.
    pub(super) fn withdraw(self, now: Timestamp) -> VisualConfirmation<Requested> {
        self.at_stage(Requested(()), now)
    }

    /// The card brought nothing; the same patient may place another one.
    pub(super) fn refuse(self, failure: CardFailure, now: Timestamp) -> Self {
        let confirmation = self.stage.confirmation;
        let failure = Some(failure);
        self.at_stage(
            Confirmed {
                confirmation,
                failure,
            },
            now,
        )
    }

    /// The card is somebody's.
    pub(super) fn accept(
        self,
        person: PersonNumber,
        notice: Option<CardNotice>,
        now: Timestamp,
    ) -> VisualConfirmation<Presented> {
        let confirmation = self.stage.confirmation;
        let presentation = Presentation {
            person,
            notice,
            at: now,
        };
        self.at_stage(
            Presented {
                confirmation,
                presentation,
            },
            now,
        )
    }
}

impl VisualConfirmation<Presented> {
    /// Whose card it is.
    pub const fn presentation(&self) -> Presentation {
        self.stage.presentation
    }

    /// The patient has answered: there is a result.
    pub(super) fn complete(self, answers: &[ConsentAnswer], now: Timestamp) -> Completed {
        Completed::new(
            self.begun,
            self.is_followed,
            self.stage.confirmation,
            self.stage.presentation,
            consents(answers, now),
            now,
        )
    }
}
