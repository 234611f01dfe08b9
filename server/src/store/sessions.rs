//! Sessions: who is logged in where.
//!
//! Kept in the store rather than in a session library's opaque blobs, because
//! they are ended by account.

use domain::session::{SessionEnd, SessionRules, Standing};
use domain::timestamp::Timestamp;

use super::accounts::{AccountRow, COLUMNS};
use super::sql::{OptionalExtension, Sql};
use super::{Account, AccountId, Reader, StoreError, Writer};

/// The store's number of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionId(pub(super) i64);

impl SessionId {
    /// The number.
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// How long a session that has ended is kept, so that its page can be told why.
const KEPT_SECONDS: i64 = 24 * 3600;

/// A session and its account. It may have ended: [`domain::session`] tells.
#[derive(Debug, Clone)]
pub struct SessionAccount {
    /// The session.
    pub id: SessionId,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last used, to [`domain::session::SessionRules::note_after_seconds`].
    pub last_seen_at: Timestamp,
    /// The account.
    pub account: Account,
}

impl Reader<'_> {
    /// The session of a token, unless it was ended.
    pub fn session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionAccount>, StoreError> {
        let found = self
            .sql()
            .prepare_cached(&format!(
                "SELECT {COLUMNS}, s.id AS session_id, s.created_at, s.last_seen_at
                 FROM session s JOIN account a ON a.id = s.account_id
                 JOIN institution i ON i.id = a.institution_id
                 WHERE s.token_hash = ?1 AND a.disabled_at IS NULL"
            ))?
            .query_row([token_hash], |row| {
                Ok((
                    row.get("session_id")?,
                    row.get("created_at")?,
                    row.get("last_seen_at")?,
                    AccountRow::read(row)?,
                ))
            })
            .optional()?;
        let Some((id, created_at, last_seen_at, account)) = found else {
            return Ok(None);
        };
        Ok(Some(SessionAccount {
            id: SessionId(id),
            created_at: Timestamp::from_unix_milliseconds(created_at),
            last_seen_at: Timestamp::from_unix_milliseconds(last_seen_at),
            account: account.try_into()?,
        }))
    }

    /// Why the session of a token was ended, if that is still known.
    pub fn end_of_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionEnd>, StoreError> {
        let code: Option<String> = self
            .sql()
            .prepare_cached("SELECT reason FROM ended_session WHERE token_hash = ?1")?
            .query_row([token_hash], |row| row.get(0))
            .optional()?;
        Ok(code.and_then(|code| SessionEnd::ALL.into_iter().find(|end| end.code() == code)))
    }

    /// Whether an account has a session in force.
    pub fn is_in_use(
        &self,
        account: AccountId,
        rules: SessionRules,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut statement = self
            .sql()
            .prepare_cached("SELECT created_at, last_seen_at FROM session WHERE account_id = ?1")?;
        let rows = statement.query_map([account.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in rows {
            let (created_at, last_seen_at) = row?;
            let standing = rules.standing(
                Timestamp::from_unix_milliseconds(created_at),
                Timestamp::from_unix_milliseconds(last_seen_at),
                now,
            );
            if !matches!(standing, Standing::Ended(_)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Writer<'_> {
    /// Begins a session, and forgets those that ended long ago.
    pub fn begin_session(
        &self,
        account: AccountId,
        token_hash: &[u8; 32],
    ) -> Result<SessionId, StoreError> {
        let now = self.now().unix_milliseconds();
        let kept_since = self.now().plus_seconds(-KEPT_SECONDS).unix_milliseconds();
        self.sql()
            .execute("DELETE FROM session WHERE last_seen_at < ?1", [kept_since])?;
        self.sql().execute(
            "DELETE FROM ended_session WHERE ended_at < ?1",
            [kept_since],
        )?;
        let id = SessionId(self.sql().query_row(
            "UPDATE last_session SET number = number + 1 RETURNING number",
            [],
            |row| row.get(0),
        )?);
        self.sql().execute(
            "INSERT INTO session (id, token_hash, account_id, created_at, last_seen_at)
             VALUES (?1, ?2, ?3, ?4, ?4)",
            (id.0, token_hash, account.0, now),
        )?;
        self.sql().execute(
            "UPDATE account SET last_logged_in_at = ?2 WHERE id = ?1",
            (account.0, now),
        )?;
        Ok(id)
    }

    /// Notes that a session was used, whatever it said before.
    pub fn use_session(&self, id: SessionId) -> Result<(), StoreError> {
        touch(self.sql(), id, self.now())
    }

    /// Ends a session.
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

    /// Ends the sessions of an account, but for one, and remembers why. What waits
    /// for a passkey ends with them.
    pub fn end_sessions_of(
        &self,
        account: AccountId,
        why: SessionEnd,
        but: Option<SessionId>,
    ) -> Result<(), StoreError> {
        let but = but.map(|session| session.0);
        self.sql().execute(
            "DELETE FROM passkey_challenge
             WHERE account_id = ?1 AND (session_id IS NULL OR session_id IS DISTINCT FROM ?2)",
            (account.0, but),
        )?;
        self.sql().execute(
            "INSERT INTO ended_session (token_hash, reason, ended_at)
             SELECT token_hash, CAST(?3 AS TEXT), CAST(?4 AS BIGINT) FROM session
             WHERE account_id = ?1 AND id IS DISTINCT FROM ?2
             ON CONFLICT (token_hash) DO UPDATE SET
               reason = excluded.reason, ended_at = excluded.ended_at",
            (account.0, but, why.code(), self.now().unix_milliseconds()),
        )?;
        self.sql().execute(
            "DELETE FROM session WHERE account_id = ?1 AND id IS DISTINCT FROM ?2",
            (account.0, but),
        )?;
        Ok(())
    }
}

pub(super) fn touch(sql: Sql<'_>, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    sql.prepare_cached("UPDATE session SET last_seen_at = ?2 WHERE id = ?1 AND last_seen_at < ?2")?
        .execute((id.0, now.unix_milliseconds()))?;
    Ok(())
}
