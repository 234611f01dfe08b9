//! Candidates: persons that a search found, under ids that mean nothing.

use domain::date::Date;
use domain::timestamp::Timestamp;
use protocol::http::CandidateId;

use super::sql::{OptionalExtension, Sql, named_params};
use super::{PersonId, Reader, SessionId, StoreError, Writer};

impl Reader<'_> {
    /// Whom a candidate id names and the 資格確認日 of its search, for the session
    /// that it was given to, until it expires.
    pub fn candidate(
        &self,
        id: &CandidateId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Option<(PersonId, Date)>, StoreError> {
        let found: Option<(i64, String)> = self
            .sql()
            .prepare_cached(
                "SELECT person_id, qualification_confirmation_date FROM candidate
                 WHERE id = :id AND session_id = :session_id AND expires_at > :now",
            )?
            .query_row(
                named_params! {
                    ":id": id.as_str(),
                    ":session_id": session.0,
                    ":now": now.unix_milliseconds(),
                },
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((person, day)) = found else {
            return Ok(None);
        };
        match day.parse() {
            Ok(day) => Ok(Some((PersonId(person), day))),
            Err(_) => Err(StoreError::Inconsistent {
                table: "candidate",
                column: "qualification_confirmation_date",
                id: person,
            }),
        }
    }
}

impl Writer<'_> {
    /// Gives a person a candidate id.
    pub fn add_candidate(
        &self,
        id: &CandidateId,
        session: SessionId,
        person: PersonId,
        day: Date,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO candidate
                   (id, session_id, person_id, qualification_confirmation_date, expires_at)
                 VALUES (:id, :session_id, :person_id, :day, :expires_at)",
            )?
            .execute(named_params! {
                ":id": id.as_str(),
                ":session_id": session.0,
                ":person_id": person.0,
                ":day": day.to_string(),
                ":expires_at": expires_at.unix_milliseconds(),
            })?;
        Ok(())
    }
}

/// Forgets expired candidates, at most so many; tells how many.
pub(super) fn forget(sql: Sql<'_>, now: Timestamp, most: usize) -> Result<usize, StoreError> {
    let forget = "DELETE FROM candidate WHERE id IN
                    (SELECT id FROM candidate WHERE expires_at <= ?1 LIMIT ?2)";
    let mut statement = sql.prepare_cached(forget)?;
    Ok(statement.execute((now.unix_milliseconds(), most))?)
}
