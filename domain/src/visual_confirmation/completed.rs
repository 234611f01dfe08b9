//! A visual confirmation that has a result, and who may open it.

use serde::{Deserialize, Serialize};

use super::{
    Begun, Confirmation, Presentation, Refusal, Requested, Route, SessionNumber, VisualConfirmation,
};
use crate::consent::Consent;
use crate::timestamp::Timestamp;

/// How long a result waits to be opened, and can be opened again, in seconds.
pub const RESULT_SECONDS: i64 = 10 * 60;

/// Done: the reader is back to normal, and one session may open the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    begun: Begun,
    is_followed: bool,
    confirmation: Confirmation,
    presentation: Presentation,
    consents: Vec<Consent>,
    at: Timestamp,
    /// Where it was opened first, and from then on only.
    opened_in: Option<SessionNumber>,
}

impl Completed {
    pub(super) const fn new(
        begun: Begun,
        is_followed: bool,
        confirmation: Confirmation,
        presentation: Presentation,
        consents: Vec<Consent>,
        at: Timestamp,
    ) -> Self {
        Self {
            begun,
            is_followed,
            confirmation,
            presentation,
            consents,
            at,
            opened_in: None,
        }
    }

    /// How it began.
    pub const fn begun(&self) -> Begun {
        self.begun
    }

    /// Who confirmed the identity.
    pub const fn confirmation(&self) -> Confirmation {
        self.confirmation
    }

    /// Whose card was presented.
    pub const fn presentation(&self) -> Presentation {
        self.presentation
    }

    /// What the patient said.
    pub fn consents(&self) -> &[Consent] {
        &self.consents
    }

    /// When the patient had answered.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether a session has opened the result.
    pub const fn is_opened(&self) -> bool {
        self.opened_in.is_some()
    }

    /// Whether a session may open the result: of the terminal route the one that began
    /// it, of the reader route the first of the institution that does.
    pub fn is_for(&self, session: SessionNumber, now: Timestamp) -> bool {
        let is_theirs = match (self.begun.route, self.opened_in) {
            (_, Some(opened_in)) => opened_in == session,
            (Route::Terminal { session: began, .. }, None) => began == session,
            (Route::Reader { .. }, None) => true,
        };
        is_theirs && now < self.at.plus_seconds(RESULT_SECONDS)
    }

    /// Opens the result in a session; from then on it is that session's.
    pub fn open(mut self, session: SessionNumber, now: Timestamp) -> Result<Self, Refusal> {
        if self.is_for(session, now) {
            self.opened_in = Some(session);
            Ok(self)
        } else {
            Err(Refusal::ResultOfAnother)
        }
    }

    /// The next patient's, when 「続けて目視確認」 was chosen: with a confirmation of its own.
    pub fn next(&self, now: Timestamp) -> Option<VisualConfirmation<Requested>> {
        let next = VisualConfirmation::begin(self.begun.route, now).followed(true);
        self.is_followed.then_some(next)
    }
}
