//! Passkeys that were asked for: kept like sessions, under the hash of a token.

use domain::timestamp::Timestamp;

use super::sql::{OptionalExtension, named_params};
use super::{AccountId, Reader, SessionId, StoreError, Writer};

/// What a passkey is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// To log in.
    LogIn {
        /// Whether to end the account's session elsewhere.
        take_over: bool,
    },
    /// To be added, by a session.
    Addition(SessionId),
}

/// A passkey that was asked for.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// Of whom.
    pub account: AccountId,
    /// What for.
    pub wanted: Wanted,
    /// What the library needs to check the answer, as JSON.
    pub state: String,
    /// Until when an answer is waited for.
    pub expires_at: Timestamp,
}

impl Reader<'_> {
    /// What a token answers, as long as it is waited for.
    pub fn challenge(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Challenge>, StoreError> {
        let found = self
            .sql()
            .prepare_cached(
                "SELECT account_id, session_id, take_over, state, expires_at
                 FROM passkey_challenge WHERE token_hash = ?1 AND expires_at > ?2",
            )?
            .query_row((token_hash, now.unix_milliseconds()), |row| {
                let session: Option<i64> = row.get(1)?;
                let take_over = row.get(2)?;
                Ok(Challenge {
                    account: AccountId(row.get(0)?),
                    wanted: session.map_or(Wanted::LogIn { take_over }, |session| {
                        Wanted::Addition(SessionId(session))
                    }),
                    state: row.get(3)?,
                    expires_at: Timestamp::from_unix_milliseconds(row.get(4)?),
                })
            })
            .optional()?;
        Ok(found)
    }
}

impl Writer<'_> {
    /// Waits for an answer, and forgets those that did not come.
    pub fn begin_challenge(
        &self,
        token_hash: &[u8; 32],
        challenge: &Challenge,
    ) -> Result<(), StoreError> {
        self.sql().execute(
            "DELETE FROM passkey_challenge WHERE expires_at <= ?1",
            [self.now().unix_milliseconds()],
        )?;
        let (session, take_over) = match challenge.wanted {
            Wanted::LogIn { take_over } => (None, take_over),
            Wanted::Addition(session) => (Some(session.0), false),
        };
        self.sql().execute(
            "INSERT INTO passkey_challenge
               (token_hash, account_id, session_id, take_over, state, expires_at)
             VALUES (:token, :account, :session, :take_over, :state, :expires_at)",
            named_params! {
                ":token": token_hash,
                ":account": challenge.account.0,
                ":session": session,
                ":take_over": take_over,
                ":state": challenge.state,
                ":expires_at": challenge.expires_at.unix_milliseconds(),
            },
        )?;
        Ok(())
    }

    /// Ends the waiting for an answer; says whether it was still waited for. Of
    /// two answers at once only one is the first.
    pub fn end_challenge(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        let ended = self.sql().execute(
            "DELETE FROM passkey_challenge WHERE token_hash = ?1",
            [token_hash],
        )?;
        Ok(ended > 0)
    }
}
