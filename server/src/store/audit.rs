//! The audit trail: who did what to whose information, when.

use domain::account::Role;
use domain::audit::Action;
use domain::timestamp::Timestamp;
use rusqlite::{Connection, named_params};

use super::{AccountId, PersonId, StoreError};

/// Who acts.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    /// The account.
    pub account_id: AccountId,
    /// The institution it belongs to.
    pub institution_id: i64,
    /// Its role at the time.
    pub role: Role,
}

/// One line of the trail.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    action: Action,
    actor: Option<Actor>,
    person_id: Option<PersonId>,
    outcome: Option<String>,
    request_id: Option<String>,
}

impl AuditEvent {
    /// An act of somebody logged in, or (`None`) of nobody known or of the command line.
    pub fn new(action: Action, actor: Option<Actor>) -> Self {
        Self {
            action,
            actor,
            person_id: None,
            outcome: None,
            request_id: None,
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
    pub fn during(mut self, request_id: &str) -> Self {
        self.request_id = Some(request_id.to_owned());
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

    pub(super) fn into_parts(self) -> (T, Vec<AuditEvent>) {
        (self.value, self.events)
    }
}

pub(super) fn append(
    connection: &Connection,
    at: Timestamp,
    event: &AuditEvent,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO audit (at, action, account_id, institution_id, role, person_id, outcome,
               request_id)
             VALUES (:at, :action, :account_id, :institution_id, :role, :person_id, :outcome,
               :request_id)",
        )?
        .execute(named_params! {
            ":at": at.unix_milliseconds(),
            ":action": event.action.code(),
            ":account_id": event.actor.map(|actor| actor.account_id.0),
            ":institution_id": event.actor.map(|actor| actor.institution_id),
            ":role": event.actor.map(|actor| actor.role.code()),
            ":person_id": event.person_id.map(|person| person.0),
            ":outcome": event.outcome,
            ":request_id": event.request_id,
        })?;
    Ok(())
}
