//! The chain: appending to it, and looking for its first broken link.

use std::cell::Cell;

use domain::audit::{LinkHash, Record};
use domain::timestamp::Timestamp;
use sha2::{Digest as _, Sha256};

use super::read::{RECORD, record};
use super::{Actor, AuditEvent, Names};
use crate::store::sql::{OptionalExtension, Row, Sql, named_params};
use crate::store::{Reader, StoreError};

/// What looking through the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many lines there are.
    pub lines: u64,
    /// How many lines the retention has removed before the first of them.
    pub removed: u64,
    /// The last line's hash, to be noted down where the store's owner can't change it.
    pub head: LinkHash,
    /// The first broken link.
    pub broken: Option<Break>,
}

/// A broken link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// The number of the line.
    pub sequence: u64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The line is not there.
    Missing,
    /// The line is not what it was when it was written, or not in its place.
    Changed,
    /// The end that was noted down is not in the chain: lines after this one were
    /// removed, or the whole was written anew.
    EndMissing,
}

/// The chain's end as one transaction, that no other writer can be beside, has left it: read
/// once, and then known.
#[derive(Default)]
pub(in crate::store) struct Trail(Cell<Option<Link>>);

impl Trail {
    /// Appends events.
    pub(in crate::store) fn append(
        &self,
        sql: Sql<'_>,
        at: Timestamp,
        events: &[AuditEvent],
    ) -> Result<(), StoreError> {
        let mut link = match self.0.get() {
            Some(link) => link,
            None => last(sql)?,
        };
        for event in events {
            let record = resolve(sql, link.sequence + 1, at, event)?;
            link = write(sql, link, &record)?;
        }
        self.0.set(Some(link));
        Ok(())
    }

    /// Something was taken back: the end has to be read again.
    pub(in crate::store) fn forget(&self) {
        self.0.set(None);
    }
}

/// The end of the chain that the next line joins.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) sequence: u64,
    pub(super) hash: LinkHash,
}

pub(super) fn last(sql: Sql<'_>) -> Result<Link, StoreError> {
    let last = sql
        .prepare_cached("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match last {
        Some((sequence, hash)) => Ok(Link {
            sequence,
            hash: LinkHash(hash),
        }),
        None => anchor(sql),
    }
}

fn anchor(sql: Sql<'_>) -> Result<Link, StoreError> {
    let anchor = sql
        .prepare_cached("SELECT sequence, hash FROM audit_anchor")?
        .query_row([], |row| {
            Ok(Link {
                sequence: row.get(0)?,
                hash: LinkHash(row.get(1)?),
            })
        })?;
    Ok(anchor)
}

/// What the trail says where the role of an account stands.
const READER_SCREEN: &str = "reader_screen";

const fn role(actor: Actor) -> Option<&'static str> {
    match actor {
        Actor::Account { role, .. } => Some(role.code()),
        Actor::ReaderScreen(_) => Some(READER_SCREEN),
        Actor::Nobody { .. } => None,
    }
}

fn names(sql: Sql<'_>, actor: Option<Actor>) -> Result<Names, StoreError> {
    let both = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let found = match actor {
        None => return Ok((None, None)),
        Some(Actor::Account {
            id, institution_id, ..
        }) => sql
            .prepare_cached(
                "SELECT a.user_id, i.medical_institution_code
                 FROM account a, institution i WHERE a.id = ?1 AND i.id = ?2",
            )?
            .query_row((id.0, institution_id), both),
        Some(Actor::ReaderScreen(number)) => sql
            .prepare_cached(
                "SELECT r.name, i.medical_institution_code FROM reader_screen r
                 JOIN institution i ON i.id = r.institution_id WHERE r.id = ?1",
            )?
            .query_row([number.0], both),
        Some(Actor::Nobody { institution_id }) => sql
            .prepare_cached("SELECT NULL, medical_institution_code FROM institution WHERE id = ?1")?
            .query_row([institution_id], both),
    };
    Ok(found.optional()?.unwrap_or_default())
}

/// The event with the names that its numbers stand for now.
fn resolve(
    sql: Sql<'_>,
    sequence: u64,
    at: Timestamp,
    event: &AuditEvent,
) -> Result<Record, StoreError> {
    let (user_id, medical_institution_code) = match &event.names {
        Some(names) => names.clone(),
        None => names(sql, event.actor)?,
    };
    let origin = event.origin.clone();
    let (request_id, device) = origin
        .map(|origin| (origin.request_id, origin.device))
        .unzip();
    Ok(Record {
        sequence,
        at,
        action: event.action.code().to_owned(),
        user_id,
        role: event.actor.and_then(role).map(str::to_owned),
        medical_institution_code,
        person_id: event
            .person_id
            .and_then(|person| u64::try_from(person.0).ok()),
        device,
        outcome: event.outcome.clone(),
        request_id,
    })
}

/// Writes a line and gives the chain's new end.
pub(super) fn write(sql: Sql<'_>, previous: Link, record: &Record) -> Result<Link, StoreError> {
    let hash = link(previous.hash, record);
    sql.prepare_cached(
        "INSERT INTO audit (sequence, at, action, user_id, role, medical_institution_code,
               person_id, device, outcome, request_id, hash)
             VALUES (:sequence, :at, :action, :user_id, :role, :medical_institution_code,
               :person_id, :device, :outcome, :request_id, :hash)",
    )?
    .execute_ahead(named_params! {
        ":sequence": record.sequence,
        ":at": record.at.unix_milliseconds(),
        ":action": record.action,
        ":user_id": record.user_id,
        ":role": record.role,
        ":medical_institution_code": record.medical_institution_code,
        ":person_id": record.person_id,
        ":device": record.device,
        ":outcome": record.outcome,
        ":request_id": record.request_id,
        ":hash": hash.0,
    })?;
    Ok(Link {
        sequence: record.sequence,
        hash,
    })
}

/// The hash of a line after another one ([`Record::encode`]).
fn link(previous: LinkHash, record: &Record) -> LinkHash {
    let mut hash = Sha256::new();
    hash.update(previous.0);
    hash.update(record.encode());
    LinkHash(hash.finalize().into())
}

impl Reader<'_> {
    /// Looks through the whole chain, in constant memory, and stops at the first
    /// broken link. With the `noted` head of an earlier look it also sees lines
    /// removed from the end, which leave a chain that is whole.
    pub fn verify_audit(&self, noted: Option<LinkHash>) -> Result<Verification, StoreError> {
        let anchor = anchor(self.sql())?;
        let mut end = anchor;
        let mut is_noted = noted.is_none_or(|noted| noted == anchor.hash);
        let mut broken = None;
        let mut statement = self.sql().prepare_cached(&format!(
            "SELECT {RECORD}, hash FROM audit ORDER BY sequence"
        ))?;
        let mut rows = statement.query_streamed([])?;
        while let Some(row) = rows.next()? {
            let record = record(&row)?;
            let hash = LinkHash(row.get("hash")?);
            let expected = end.sequence + 1;
            let flaw = if record.sequence != expected {
                Some(Flaw::Missing)
            } else if hash != link(end.hash, &record) {
                Some(Flaw::Changed)
            } else {
                None
            };
            if let Some(flaw) = flaw {
                broken = Some(Break {
                    sequence: expected,
                    flaw,
                });
                break;
            }
            is_noted = is_noted || noted == Some(hash);
            end = Link {
                sequence: expected,
                hash,
            };
        }
        if broken.is_none() && !is_noted {
            broken = Some(Break {
                sequence: end.sequence,
                flaw: Flaw::EndMissing,
            });
        }
        Ok(Verification {
            lines: end.sequence - anchor.sequence,
            removed: anchor.sequence,
            head: end.hash,
            broken,
        })
    }
}
