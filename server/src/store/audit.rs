//! The audit trail: who did what to whose information, when, from which device.
//!
//! Its lines are a chain ([`chain`]) that is read ([`read`]), and shortened from
//! its beginning by the retention only ([`retention`]).

pub(super) mod adoption;
mod chain;
mod read;
mod retention;

use domain::account::Role;
use domain::audit::Action;

use super::{Account, AccountId, PersonId, ReaderScreenNumber};

pub(super) use chain::Trail;
pub use chain::{Break, Flaw, Verification};
pub use read::{AuditFilter, AuditScope};

/// Who acts.
#[derive(Debug, Clone, Copy)]
pub enum Actor {
    /// Somebody with an account.
    Account {
        /// The account.
        id: AccountId,
        /// The institution it belongs to.
        institution_id: i64,
        /// Its role at the time.
        role: Role,
    },
    /// Somebody at a reader's own screen, which stands for a person nobody knows.
    ReaderScreen(ReaderScreenNumber),
    /// Nobody: time did it, at an institution.
    Nobody {
        /// Which.
        institution_id: i64,
    },
}

/// One line of the trail.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    action: Action,
    actor: Option<Actor>,
    /// Who it was as the trail says it, where that is known and need not be looked up.
    names: Option<Names>,
    person_id: Option<PersonId>,
    outcome: Option<String>,
    origin: Option<Origin>,
}

/// Who it was: ユーザID, or what staff call the screen; and 医療機関コード.
type Names = (Option<String>, Option<String>);

/// Where an act came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Names the request.
    pub request_id: String,
    /// The random id that the service gave to the browser.
    pub device: String,
}

impl AuditEvent {
    /// An act of somebody logged in, or (`None`) of nobody known or of the command line.
    pub fn new(action: Action, actor: Option<Actor>) -> Self {
        Self {
            action,
            actor,
            names: None,
            person_id: None,
            outcome: None,
            origin: None,
        }
    }

    /// An act of somebody whose account was read for it.
    pub fn of(action: Action, account: &Account) -> Self {
        let user_id = account.user_id.as_str().to_owned();
        let code = account.institution.medical_institution_code.as_str();
        Self {
            names: Some((Some(user_id), Some(code.to_owned()))),
            ..Self::new(action, Some(account.actor()))
        }
    }

    /// Whose information.
    #[must_use]
    pub fn about(mut self, person: PersonId) -> Self {
        self.person_id = Some(person);
        self
    }

    /// How it ended; never anything personal.
    #[must_use]
    pub fn outcome(mut self, outcome: impl Into<String>) -> Self {
        self.outcome = Some(outcome.into());
        self
    }

    /// The request that it happened in.
    #[must_use]
    pub fn during(mut self, origin: &Origin) -> Self {
        self.origin = Some(origin.clone());
        self
    }
}

/// A result together with the events that must be written with it.
#[derive(Debug)]
pub struct Audited<T> {
    value: T,
    events: Vec<AuditEvent>,
}

impl<T> Audited<T> {
    /// A result and its first event; there is no way to have none.
    pub fn new(value: T, event: AuditEvent) -> Self {
        Self {
            value,
            events: vec![event],
        }
    }

    /// Further events.
    #[must_use]
    pub fn and(mut self, events: impl IntoIterator<Item = AuditEvent>) -> Self {
        self.events.extend(events);
        self
    }

    /// The same events with another result.
    pub fn map<U>(self, value: impl FnOnce(T) -> U) -> Audited<U> {
        Audited {
            value: value(self.value),
            events: self.events,
        }
    }

    pub(super) fn into_parts(self) -> (T, Vec<AuditEvent>) {
        (self.value, self.events)
    }
}
