//! What terminals and readers' own screens are shown, read from one moment of the store.
//!
//! A view holds times, not what is left of them: two views are equal when nothing has
//! changed, however much later the second one is.

mod opening;
mod screen;
mod terminal;

pub(crate) use opening::{OpeningView, summary};
pub(crate) use screen::ScreenView;
pub(crate) use terminal::{TerminalView, Viewer};

use domain::consent::ConsentBundle;
use domain::timestamp::Timestamp;
use domain::visual_confirmation::{Open, Route, SessionNumber};
use protocol::http::{Began, Stage, VisualConfirmationId, VisualConfirmationState};

use crate::store::{Reader, Standing, StoreError, VisualConfirmationRow};

/// A visual confirmation that holds its reader.
#[derive(PartialEq, Eq)]
struct OpenView {
    id: VisualConfirmationId,
    open: Open,
    /// What the patient is asked.
    asked: Vec<ConsentBundle>,
}

impl OpenView {
    /// `None` when it is over, if only by its time.
    fn read(
        reader: &Reader<'_>,
        row: VisualConfirmationRow,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Standing::Open(open) = row.standing else {
            return Ok(None);
        };
        if open.is_expired(now) {
            return Ok(None);
        }
        let asked = match open {
            Open::Presented(_) => reader.consents_asked(row.institution_id)?,
            Open::Requested(_) | Open::Confirmed(_) => Vec::new(),
        };
        Ok(Some(Self {
            id: row.id,
            open,
            asked,
        }))
    }

    /// Seen from a session, or from the screen itself.
    fn state(&self, session: Option<SessionNumber>, now: Timestamp) -> VisualConfirmationState {
        let began = match self.open.begun().route {
            Route::Terminal { session: began, .. } if session == Some(began) => Began::Here,
            Route::Terminal { .. } => Began::AtTerminal,
            Route::Reader { .. } => Began::AtReaderScreen,
        };
        VisualConfirmationState {
            id: self.id.clone(),
            began,
            stage: self.stage(),
            is_followed: self.open.is_followed(),
            expires_in_seconds: seconds_until(self.open.expires_at(), now),
        }
    }

    fn stage(&self) -> Stage {
        match &self.open {
            Open::Requested(_) => Stage::Confirmation,
            Open::Confirmed(it) => Stage::Card {
                failure: it.failure(),
            },
            Open::Presented(it) => Stage::Consents {
                asked: self.asked.clone(),
                notice: it.presentation().notice,
            },
        }
    }
}

/// Whole seconds, rounded up: who counts down never says that it is over too early.
fn seconds_until(end: Timestamp, now: Timestamp) -> u32 {
    let milliseconds = end.unix_milliseconds() - now.unix_milliseconds();
    u32::try_from((milliseconds + 999) / 1000).unwrap_or_default()
}
