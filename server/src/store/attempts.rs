//! Failed attempts in a row, by whatever they are counted by.

use domain::log_in::{Counted, FORGOTTEN_AFTER_SECONDS, Failures};
use domain::timestamp::Timestamp;

use super::sql::{Kind, OptionalExtension, Sql};
use super::{StoreError, Writer};

/// What attempts are counted by: SHA-256 of it, because a ユーザID that nobody has
/// may be a password typed into the wrong field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptKey {
    /// What kind.
    pub counted: Counted,
    /// SHA-256.
    pub hash: [u8; 32],
}

/// Counts an attempt as failed before it is made, so that no attempt escapes by
/// being made at the same time as others, or by a power cut. When one of the keys
/// has to wait, gives the seconds and counts nothing.
pub(super) fn count(
    sql: Sql<'_>,
    keys: &[AttemptKey],
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let transaction = sql.begin(Kind::Write)?;
    let mut wait = 0;
    let mut counts = Vec::with_capacity(keys.len());
    for key in keys {
        let failures = read(sql, key)?;
        wait = wait.max(failures.map_or(0, |failures| failures.wait_seconds(key.counted, now)));
        counts.push(failures.map_or(0, |failures| failures.counting(now)));
    }
    if wait > 0 {
        return Ok(Some(wait));
    }
    for (key, count) in keys.iter().zip(counts) {
        sql.execute(
            "INSERT INTO failed_attempt (key, count, last_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET count = excluded.count, last_at = excluded.last_at",
            (key.hash, count.saturating_add(1), now.unix_milliseconds()),
        )?;
    }
    let forgotten = now.plus_seconds(-FORGOTTEN_AFTER_SECONDS);
    sql.execute(
        "DELETE FROM failed_attempt WHERE last_at < ?1",
        [forgotten.unix_milliseconds()],
    )?;
    transaction.commit()?;
    Ok(None)
}

/// Takes back what [`count`] counted: the attempt was good. An account starts
/// anew; an address only loses this one, or any account that somebody owns would
/// wipe out what he tried with others.
pub(super) fn forgive(sql: Sql<'_>, keys: &[AttemptKey]) -> Result<(), StoreError> {
    let transaction = sql.begin(Kind::Write)?;
    for key in keys {
        let statement = match key.counted {
            Counted::Account => "DELETE FROM failed_attempt WHERE key = ?1",
            Counted::Address => {
                "UPDATE failed_attempt SET count = CASE WHEN count > 0 THEN count - 1 ELSE 0 END WHERE key = ?1"
            }
        };
        sql.execute(statement, [key.hash])?;
    }
    Ok(transaction.commit()?)
}

impl Writer<'_> {
    /// Forgets the failures that are counted by a key.
    pub fn forget_failures(&self, key: &AttemptKey) -> Result<(), StoreError> {
        self.sql()
            .execute("DELETE FROM failed_attempt WHERE key = ?1", [key.hash])?;
        Ok(())
    }
}

fn read(sql: Sql<'_>, key: &AttemptKey) -> Result<Option<Failures>, StoreError> {
    let found = sql
        .prepare_cached("SELECT count, last_at FROM failed_attempt WHERE key = ?1")?
        .query_row([key.hash], |row| {
            Ok(Failures {
                count: row.get(0)?,
                last_at: Timestamp::from_unix_milliseconds(row.get(1)?),
            })
        })
        .optional()?;
    Ok(found)
}
