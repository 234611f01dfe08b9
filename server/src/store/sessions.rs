//! Sessions: who is logged in where.
//!
//! Kept in the store rather than in a session library's opaque blobs, because
//! they are ended by account, and candidates hang on them.

use domain::account::UserId;
use domain::timestamp::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::{Account, AccountId, Reader, StoreError, Writer};

/// The store's number of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionId(pub(super) i64);

/// A session in force, and its account.
#[derive(Debug, Clone)]
pub struct SessionAccount {
    /// The session.
    pub id: SessionId,
    /// When it was last seen, to the minute.
    pub last_seen_at: Timestamp,
    /// The account.
    pub account: Account,
}

/// When a session has ended by itself.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// It was last seen before this.
    pub last_seen_since: Timestamp,
    /// It was begun before this.
    pub created_since: Timestamp,
}

impl Reader<'_> {
    /// The session of a token, unless it has ended or its account was disabled.
    pub fn session(
        &self,
        token_hash: &[u8; 32],
        limits: SessionLimits,
    ) -> Result<Option<SessionAccount>, StoreError> {
        let found = self
            .sql()
            .prepare_cached(
                "SELECT s.id, s.last_seen_at, a.user_id FROM session s
                 JOIN account a ON a.id = s.account_id
                 WHERE s.token_hash = :token_hash AND s.last_seen_at >= :last_seen_since
                   AND s.created_at >= :created_since AND a.disabled_at IS NULL",
            )?
            .query_row(
                named_params! {
                    ":token_hash": token_hash,
                    ":last_seen_since": limits.last_seen_since.unix_milliseconds(),
                    ":created_since": limits.created_since.unix_milliseconds(),
                },
                |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)),
            )
            .optional()?;
        let Some((id, last_seen_at, user_id)) = found else {
            return Ok(None);
        };
        let inconsistent = StoreError::Inconsistent {
            table: "session",
            column: "account_id",
            id,
        };
        let Ok(user_id) = user_id.parse::<UserId>() else {
            return Err(inconsistent);
        };
        let account = self.account(&user_id)?.ok_or(inconsistent)?;
        let last_seen_at = Timestamp::from_unix_milliseconds(last_seen_at);
        Ok(Some(SessionAccount {
            id: SessionId(id),
            last_seen_at,
            account,
        }))
    }
}

impl Writer<'_> {
    /// Begins a session, and forgets those that have ended.
    pub fn begin_session(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
        limits: SessionLimits,
    ) -> Result<SessionId, StoreError> {
        self.sql().execute(
            "DELETE FROM session WHERE last_seen_at < ?1 OR created_at < ?2",
            (
                limits.last_seen_since.unix_milliseconds(),
                limits.created_since.unix_milliseconds(),
            ),
        )?;
        self.sql().execute(
            "INSERT INTO session (token_hash, account_id, created_at, last_seen_at)
             VALUES (?1, ?2, ?3, ?3)",
            (token_hash, account.0, self.now().unix_milliseconds()),
        )?;
        Ok(SessionId(self.sql().last_insert_rowid()))
    }

    /// Ends a session; its candidates go with it.
    pub fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.sql()
            .execute("DELETE FROM session WHERE id = ?1", [id.0])?;
        Ok(())
    }

    /// Ends the session of a token, if there is one.
    pub fn end_session_of_token(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        self.sql()
            .execute("DELETE FROM session WHERE token_hash = ?1", [token_hash])?;
        Ok(())
    }

    pub(super) fn end_sessions_of(&self, account: AccountId) -> Result<(), StoreError> {
        self.sql()
            .execute("DELETE FROM session WHERE account_id = ?1", [account.0])?;
        Ok(())
    }
}

pub(super) fn touch(
    connection: &Connection,
    id: SessionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE session SET last_seen_at = max(last_seen_at, ?2) WHERE id = ?1")?
        .execute((id.0, now.unix_milliseconds()))?;
    Ok(())
}
