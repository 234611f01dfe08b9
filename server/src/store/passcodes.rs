//! 目視確認用パスコード: issues, wrong entries, ends. The digits are nowhere.

mod entries;

use domain::account::UserId;
use domain::passcode::PasscodeState;
use domain::timestamp::Timestamp;
use domain::visual_confirmation::PasscodeNumber;

use super::sql::{self, OptionalExtension, Row, named_params};
use super::{AccountId, Reader, StoreError, Writer};

pub use entries::{Counted, PasscodeEntry};
pub(super) use entries::{count, forgive};

/// How many issues are kept for an institution.
const MOST_ISSUES: u32 = 100;

/// A passcode to keep.
#[derive(Debug)]
pub struct NewPasscode {
    /// The institution's number.
    pub institution_id: i64,
    /// Who issued it.
    pub issued_by: AccountId,
    /// From when on it is good no more.
    pub expires_at: Timestamp,
    /// Argon2id with the service's secret, PHC string.
    pub hash: String,
}

/// An issue of a passcode, as it is kept.
#[derive(Debug, Clone)]
pub struct Issue {
    /// The store's number.
    pub number: PasscodeNumber,
    /// Who issued it.
    pub issued_by: UserId,
    /// When.
    pub issued_at: Timestamp,
    /// From when on it is good no more.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: PasscodeState,
    /// When a visual confirmation was last begun with it.
    pub last_used_at: Option<Timestamp>,
    /// Wrong entries so far.
    pub wrong_entries: u32,
    /// The screens with wrong entries, the latest first.
    pub wrong_at: Vec<String>,
}

impl Reader<'_> {
    /// An institution's issues, the newest first.
    pub fn passcodes(&self, institution_id: i64, now: Timestamp) -> Result<Vec<Issue>, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT p.id, a.user_id, p.issued_at, p.expires_at, p.ended_as, p.last_used_at,
               p.wrong_entries
             FROM passcode p JOIN account a ON a.id = p.issued_by
             WHERE p.institution_id = ?1 ORDER BY p.id DESC",
        )?;
        let rows = statement.query_map([institution_id], IssueRow::read)?;
        let mut issues = Vec::new();
        for row in rows {
            let row = row?;
            let wrong_at = self.wrong_at(row.id)?;
            issues.push(row.into_issue(wrong_at, now)?);
        }
        Ok(issues)
    }

    /// Whether the institution's last passcode became void by wrong entries, and no
    /// administrator has issued another one or seen to it since.
    pub fn void_passcode(&self, institution_id: i64) -> Result<bool, StoreError> {
        let is_void = self
            .sql()
            .prepare_cached(
                "SELECT ended_as IS NOT DISTINCT FROM 'void' AND seen_to_at IS NULL FROM passcode
                 WHERE institution_id = ?1 ORDER BY id DESC LIMIT 1",
            )?
            .query_row([institution_id], |row| row.get(0))
            .optional()?;
        Ok(is_void.unwrap_or(false))
    }

    fn wrong_at(&self, passcode: i64) -> Result<Vec<String>, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT reader_screen FROM passcode_wrong_entry
             WHERE passcode_id = ?1 AND count > 0 ORDER BY last_at DESC, reader_screen",
        )?;
        let names = statement.query_map([passcode], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Keeps a new passcode; the institution's one before is at its end.
    pub fn add_passcode(&self, new: &NewPasscode) -> Result<(), StoreError> {
        self.end_passcode(new.institution_id, PasscodeState::Superseded)?;
        self.sql()
            .prepare_cached(
                "INSERT INTO passcode (institution_id, issued_by, issued_at, expires_at, hash)
                 VALUES (:institution_id, :issued_by, :now, :expires_at, :hash)",
            )?
            .execute(named_params! {
                ":institution_id": new.institution_id,
                ":issued_by": new.issued_by.0,
                ":now": self.now().unix_milliseconds(),
                ":expires_at": new.expires_at.unix_milliseconds(),
                ":hash": new.hash,
            })?;
        self.sql()
            .prepare_cached(
                "DELETE FROM passcode WHERE institution_id = ?1 AND id <= (
                   SELECT id FROM passcode WHERE institution_id = ?1
                   ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            )?
            .execute((new.institution_id, MOST_ISSUES))?;
        Ok(())
    }

    /// Ends the institution's passcode, whose hash is then gone; whether it was good
    /// until now. One whose time was over before has expired, however it is ended.
    pub fn end_passcode(
        &self,
        institution_id: i64,
        state: PasscodeState,
    ) -> Result<bool, StoreError> {
        let was_good: Option<bool> = self
            .sql()
            .prepare_cached(
                "UPDATE passcode SET ended_at = :now, hash = NULL,
                   ended_as = CASE WHEN expires_at <= :now THEN 'expired' ELSE :state END
                 WHERE institution_id = :institution_id AND ended_at IS NULL
                 RETURNING expires_at > :now",
            )?
            .query_row(
                named_params! {
                    ":institution_id": institution_id,
                    ":state": state.code(),
                    ":now": self.now().unix_milliseconds(),
                },
                |row| row.get(0),
            )
            .optional()?;
        Ok(was_good.unwrap_or(false))
    }

    /// Notes that an administrator has seen that the last passcode is void; whether
    /// there was one to see.
    pub fn see_to_void_passcode(&self, institution_id: i64) -> Result<bool, StoreError> {
        let changed = self
            .sql()
            .prepare_cached(
                "UPDATE passcode SET seen_to_at = ?2 WHERE institution_id = ?1
                   AND ended_as = 'void' AND seen_to_at IS NULL",
            )?
            .execute((institution_id, self.now().unix_milliseconds()))?;
        Ok(changed > 0)
    }

    /// Notes that a visual confirmation is begun with a passcode; `false` when it is
    /// not good any more.
    pub fn use_passcode(&self, number: PasscodeNumber) -> Result<bool, StoreError> {
        let changed = self
            .sql()
            .prepare_cached(
                "UPDATE passcode SET last_used_at = ?2
                 WHERE id = ?1 AND ended_at IS NULL AND expires_at > ?2",
            )?
            .execute((number.0, self.now().unix_milliseconds()))?;
        Ok(changed == 1)
    }
}

/// A row as the database has it.
struct IssueRow {
    id: i64,
    issued_by: String,
    issued_at: i64,
    expires_at: i64,
    ended_as: Option<String>,
    last_used_at: Option<i64>,
    wrong_entries: u32,
}

impl IssueRow {
    fn read(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            issued_by: row.get(1)?,
            issued_at: row.get(2)?,
            expires_at: row.get(3)?,
            ended_as: row.get(4)?,
            last_used_at: row.get(5)?,
            wrong_entries: row.get(6)?,
        })
    }

    fn into_issue(self, wrong_at: Vec<String>, now: Timestamp) -> Result<Issue, StoreError> {
        let expires_at = Timestamp::from_unix_milliseconds(self.expires_at);
        let inconsistent = |column| StoreError::Inconsistent {
            table: "passcode",
            column,
            id: self.id,
        };
        let state = match &self.ended_as {
            Some(code) => state(code).ok_or_else(|| inconsistent("ended_as"))?,
            None if expires_at <= now => PasscodeState::Expired,
            None => PasscodeState::Active,
        };
        Ok(Issue {
            number: PasscodeNumber(self.id),
            issued_by: self
                .issued_by
                .parse()
                .map_err(|_| inconsistent("issued_by"))?,
            issued_at: Timestamp::from_unix_milliseconds(self.issued_at),
            expires_at,
            state,
            last_used_at: self.last_used_at.map(Timestamp::from_unix_milliseconds),
            wrong_entries: self.wrong_entries,
            wrong_at,
        })
    }
}

fn state(code: &str) -> Option<PasscodeState> {
    PasscodeState::ALL
        .into_iter()
        .find(|state| state.code() == code)
}
