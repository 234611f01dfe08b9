//! Entries of a passcode: counted as wrong before they are compared, so that no
//! entry escapes by being made at the same time as others, or by a power cut.

use domain::passcode::{Entry, PasscodeState, WrongEntries};
use domain::timestamp::Timestamp;

use super::{PasscodeNumber, state};
use crate::store::sql::{Kind, OptionalExtension, Row, Sql};
use crate::store::{StoreError, Writer};

/// An entry that may be compared, and is counted as wrong.
#[derive(Debug)]
pub struct PasscodeEntry {
    /// The passcode.
    pub number: PasscodeNumber,
    /// Argon2id with the service's secret, PHC string.
    pub hash: String,
    /// How long the next entry has to wait if this one is wrong, in seconds.
    pub wait_seconds: i64,
    reader_screen: String,
    counted_at: i64,
    /// When the wrong entry before was.
    before: Option<i64>,
}

/// What became of an entry.
#[derive(Debug)]
pub enum Counted {
    /// It may be compared.
    Compare(PasscodeEntry),
    /// Not for so many seconds; nothing was counted.
    Wait(i64),
    /// Never: the passcode has to become void ([`Writer::void_passcode_by_entries`]).
    Void,
    /// There is none; so the last one ended.
    NoneInForce(Option<PasscodeState>),
}

/// The institution's latest passcode.
struct Latest {
    id: i64,
    hash: Option<String>,
    expires_at: i64,
    ended_as: Option<String>,
    wrong_entries: u32,
    last_wrong_at: Option<i64>,
}

impl Latest {
    fn read(sql: Sql<'_>, institution_id: i64) -> Result<Option<Self>, StoreError> {
        let of = |row: &Row<'_>| {
            Ok(Self {
                id: row.get(0)?,
                hash: row.get(1)?,
                expires_at: row.get(2)?,
                ended_as: row.get(3)?,
                wrong_entries: row.get(4)?,
                last_wrong_at: row.get(5)?,
            })
        };
        let found = sql
            .prepare_cached(
                "SELECT id, hash, expires_at, ended_as, wrong_entries, last_wrong_at FROM passcode
                 WHERE institution_id = ?1 ORDER BY id DESC LIMIT 1",
            )?
            .query_row([institution_id], of)
            .optional()?;
        Ok(found)
    }

    fn one_more(&self, now: Timestamp) -> Entry {
        let last_at = self.last_wrong_at.map(Timestamp::from_unix_milliseconds);
        let wrong = WrongEntries {
            count: self.wrong_entries,
            last_at: last_at.unwrap_or(now),
        };
        wrong.one_more(now)
    }

    /// The wait once one more entry is wrong.
    fn wait_after(&self, now: Timestamp) -> i64 {
        let wrong = WrongEntries {
            count: self.wrong_entries.saturating_add(1),
            last_at: now,
        };
        match wrong.one_more(now) {
            Entry::Wait(seconds) => seconds,
            Entry::Compare | Entry::Void => 0,
        }
    }
}

/// Counts an entry at a screen as wrong, if it may be compared.
pub(in crate::store) fn count(
    sql: Sql<'_>,
    institution_id: i64,
    reader_screen: String,
    now: Timestamp,
) -> Result<Counted, StoreError> {
    let transaction = sql.begin(Kind::Write)?;
    let Some(latest) = Latest::read(sql, institution_id)? else {
        return Ok(Counted::NoneInForce(None));
    };
    let (one_more, wait_seconds) = (latest.one_more(now), latest.wait_after(now));
    let Some(hash) = latest.hash else {
        let ended_as = latest.ended_as.as_deref().and_then(state);
        return Ok(Counted::NoneInForce(ended_as));
    };
    let counted_at = now.unix_milliseconds();
    if latest.expires_at <= counted_at {
        return Ok(Counted::NoneInForce(Some(PasscodeState::Expired)));
    }
    match one_more {
        Entry::Wait(seconds) => return Ok(Counted::Wait(seconds)),
        Entry::Void => return Ok(Counted::Void),
        Entry::Compare => {}
    }
    add(sql, latest.id, &reader_screen, counted_at)?;
    transaction.commit()?;
    Ok(Counted::Compare(PasscodeEntry {
        number: PasscodeNumber(latest.id),
        hash,
        wait_seconds,
        reader_screen,
        counted_at,
        before: latest.last_wrong_at,
    }))
}

/// Takes back what [`count`] counted: the entry was right. Those before it stay
/// counted, and their wait is not begun anew.
pub(in crate::store) fn forgive(sql: Sql<'_>, entry: &PasscodeEntry) -> Result<(), StoreError> {
    let transaction = sql.begin(Kind::Write)?;
    sql.execute(
        "UPDATE passcode SET wrong_entries = CASE WHEN wrong_entries > 0 THEN wrong_entries - 1 ELSE 0 END,
           last_wrong_at = CASE WHEN last_wrong_at = ?2 THEN ?3 ELSE last_wrong_at END
         WHERE id = ?1",
        (entry.number.0, entry.counted_at, entry.before),
    )?;
    sql.execute(
        "UPDATE passcode_wrong_entry SET count = CASE WHEN count > 0 THEN count - 1 ELSE 0 END
         WHERE passcode_id = ?1 AND reader_screen = ?2",
        (entry.number.0, &entry.reader_screen),
    )?;
    Ok(transaction.commit()?)
}

impl Writer<'_> {
    /// Makes the institution's passcode void, if one more entry does so; it counts,
    /// and was not compared. `false` when another entry or an administrator was first.
    pub fn void_passcode_by_entries(
        &self,
        institution_id: i64,
        reader_screen: &str,
    ) -> Result<bool, StoreError> {
        let Some(latest) = Latest::read(self.sql(), institution_id)? else {
            return Ok(false);
        };
        if latest.hash.is_none() || latest.one_more(self.now()) != Entry::Void {
            return Ok(false);
        }
        let now = self.now().unix_milliseconds();
        add(self.sql(), latest.id, reader_screen, now)?;
        self.end_passcode(institution_id, PasscodeState::Void)
    }
}

fn add(sql: Sql<'_>, passcode: i64, reader_screen: &str, now: i64) -> Result<(), StoreError> {
    sql.prepare_cached(
        "UPDATE passcode SET wrong_entries = wrong_entries + 1, last_wrong_at = ?2
             WHERE id = ?1",
    )?
    .execute((passcode, now))?;
    sql.prepare_cached(
        "INSERT INTO passcode_wrong_entry (passcode_id, reader_screen, count, last_at)
             VALUES (?1, ?2, 1, ?3)
             ON CONFLICT (passcode_id, reader_screen) DO UPDATE SET
               count = passcode_wrong_entry.count + 1, last_at = excluded.last_at",
    )?
    .execute((passcode, reader_screen, now))?;
    Ok(())
}
