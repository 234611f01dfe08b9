//! What somebody may do so often: counted in the store, so that it holds whichever server is
//! asked, and in the transaction of what it is spent for, so that what fails costs nothing.
//!
//! One number for each: when all that was spent will have come back (the generic cell rate
//! algorithm).

use super::{StoreError, Writer};

/// Who spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spender {
    /// An account, by its number.
    Account(i64),
    /// An institution, by its number: all of its accounts together.
    Institution(i64),
}

impl Spender {
    const fn key(self) -> (&'static str, i64) {
        match self {
            Self::Account(id) => ("account", id),
            Self::Institution(id) => ("institution", id),
        }
    }
}

/// How much may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// At once.
    pub(crate) at_once: u32,
    /// After so many milliseconds one of these has come back.
    pub(crate) one_every: u32,
}

impl Writer<'_> {
    /// Spends one; or gives the milliseconds after which there is one again, and spends nothing.
    pub(crate) fn spend(
        &self,
        spender: Spender,
        allowance: Allowance,
    ) -> Result<Option<i64>, StoreError> {
        let (kind, id) = spender.key();
        let now = self.now().unix_milliseconds();
        let one = i64::from(allowance.one_every);
        let most = i64::from(allowance.at_once) * one;
        let spent = self
            .sql()
            .prepare_cached(
                "INSERT INTO allowance (kind, id, back_at) VALUES (?1, ?2, CAST(?3 AS BIGINT) + ?4)
                 ON CONFLICT (kind, id) DO UPDATE SET back_at =
                   CASE WHEN allowance.back_at > ?3 THEN allowance.back_at ELSE ?3 END + ?4
                 WHERE allowance.back_at + ?4 - ?3 <= ?5",
            )?
            .execute((kind, id, now, one, most))?;
        if spent > 0 {
            return Ok(None);
        }
        let back_at: i64 = self
            .sql()
            .prepare_cached("SELECT back_at FROM allowance WHERE kind = ?1 AND id = ?2")?
            .query_row((kind, id), |row| row.get(0))?;
        Ok(Some((back_at + one - now - most).max(1)))
    }
}
