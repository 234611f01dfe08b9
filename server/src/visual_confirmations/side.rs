//! Who acts on a visual confirmation, and which ones are his.

use domain::audit::Action;

use crate::extract::{Authenticated, ReaderScreen};
use crate::store::{AuditEvent, VisualConfirmationRow};

/// Who acts, in one request.
#[derive(Clone)]
pub(crate) enum Side {
    /// Somebody at a terminal.
    Terminal(Authenticated),
    /// Somebody at a reader's own screen.
    Screen(ReaderScreen),
}

impl Side {
    pub(crate) fn event(&self, action: Action) -> AuditEvent {
        match self {
            Self::Terminal(somebody) => somebody.event(action),
            Self::Screen(screen) => screen.event(action),
        }
    }

    pub(crate) const fn institution_id(&self) -> i64 {
        match self {
            Self::Terminal(somebody) => somebody.session.account.institution_id,
            Self::Screen(screen) => screen.registered.institution_id,
        }
    }

    /// Whether this side may know of a visual confirmation at all: a terminal of those of
    /// its institution, a screen of its own.
    pub(crate) fn may_know(&self, row: &VisualConfirmationRow) -> bool {
        match self {
            Self::Terminal(_) => row.institution_id == self.institution_id(),
            Self::Screen(screen) => row.screen == screen.registered.number,
        }
    }
}
