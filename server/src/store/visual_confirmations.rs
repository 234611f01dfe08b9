//! Visual confirmations: the one that a screen has open, and those that have a result.

use domain::timestamp::Timestamp;
use domain::visual_confirmation::{Completed, Open, RESULT_SECONDS, Route};
use protocol::http::VisualConfirmationId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::sql::{self, Params, Row, Sql};
use super::{Reader, ReaderScreenNumber, StoreError, Writer};

/// How long one that is over is kept, so that a late request can be answered.
const KEPT_SECONDS: i64 = 24 * 3600;

/// The store's number of a visual confirmation, from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisualConfirmationNumber(pub(crate) i64);

/// A visual confirmation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisualConfirmationRow {
    /// The store's number.
    pub number: VisualConfirmationNumber,
    /// What names it in requests.
    pub id: VisualConfirmationId,
    /// At which screen.
    pub screen: ReaderScreenNumber,
    /// What staff call the screen.
    pub screen_name: String,
    /// The institution's number.
    pub institution_id: i64,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a visual confirmation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It holds its reader.
    Open(Open),
    /// It has a result.
    Completed(Completed),
    /// It ended without one, or was kept by a version that wrote it otherwise: whoever is
    /// there begins again.
    Ended,
}

const SELECT: &str = "SELECT v.id, v.public_id, v.reader_screen_id, r.name, v.institution_id,
    v.state, v.ended_at IS NULL
  FROM visual_confirmation v JOIN reader_screen r ON r.id = v.reader_screen_id";

impl Reader<'_> {
    /// The visual confirmation of an id.
    pub fn visual_confirmation(
        &self,
        id: &VisualConfirmationId,
    ) -> Result<Option<VisualConfirmationRow>, StoreError> {
        let mut found = self.visual_confirmations("v.public_id = ?1", [id.as_str()])?;
        Ok(found.pop())
    }

    /// The one that a screen has open; it may be over by its time.
    pub fn open_visual_confirmation(
        &self,
        screen: ReaderScreenNumber,
    ) -> Result<Option<VisualConfirmationRow>, StoreError> {
        let condition = "v.reader_screen_id = ?1 AND v.ended_at IS NULL";
        Ok(self.visual_confirmations(condition, [screen.0])?.pop())
    }

    /// Those that an institution's screens have open; they may be over by their time.
    pub fn open_visual_confirmations(
        &self,
        institution_id: i64,
    ) -> Result<Vec<VisualConfirmationRow>, StoreError> {
        let condition = "v.institution_id = ?1 AND v.ended_at IS NULL";
        self.visual_confirmations(condition, [institution_id])
    }

    /// An institution's results that can still be opened, the newest first.
    pub fn results(
        &self,
        institution_id: i64,
        now: Timestamp,
    ) -> Result<Vec<VisualConfirmationRow>, StoreError> {
        let condition = "v.institution_id = ?1 AND v.expires_at > ?2 AND v.ended_at IS NOT NULL
           AND v.state IS NOT NULL ORDER BY v.ended_at DESC, v.id DESC";
        self.visual_confirmations(condition, (institution_id, now.unix_milliseconds()))
    }

    /// Those that are open and whose time is over, or whose session has ended: nobody
    /// could open a result.
    pub fn overdue_visual_confirmations(
        &self,
        now: Timestamp,
    ) -> Result<Vec<VisualConfirmationRow>, StoreError> {
        let condition = "v.ended_at IS NULL AND (v.expires_at <= ?1 OR (v.session_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM session s WHERE s.id = v.session_id)))";
        self.visual_confirmations(condition, [now.unix_milliseconds()])
    }

    /// The institutions with a result whose time went by after one time, until another.
    pub fn institutions_with_closed_results(
        &self,
        after: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT DISTINCT institution_id FROM visual_confirmation
          WHERE ended_at IS NOT NULL AND state IS NOT NULL AND expires_at > ?1 AND expires_at <= ?2";
        let mut statement = self.sql().prepare_cached(sql)?;
        let times = (after.unix_milliseconds(), until.unix_milliseconds());
        let rows = statement.query_map(times, |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The one of a number, unless it was forgotten.
    pub fn visual_confirmation_of(
        &self,
        number: VisualConfirmationNumber,
    ) -> Result<Option<VisualConfirmationRow>, StoreError> {
        Ok(self.visual_confirmations("v.id = ?1", [number.0])?.pop())
    }

    fn visual_confirmations(
        &self,
        condition: &str,
        parameters: impl Params,
    ) -> Result<Vec<VisualConfirmationRow>, StoreError> {
        let sql = format!("{SELECT} WHERE {condition}");
        let mut statement = self.sql().prepare_cached(&sql)?;
        let rows = statement.query_map(parameters, Columns::read)?;
        rows.map(|row| VisualConfirmationRow::try_from(row?))
            .collect()
    }
}

impl Writer<'_> {
    /// Begins one; the screen must have none open.
    pub fn begin_visual_confirmation(
        &self,
        id: &VisualConfirmationId,
        screen: ReaderScreenNumber,
        institution_id: i64,
        open: &Open,
    ) -> Result<(), StoreError> {
        let session = match open.begun().route {
            Route::Terminal { session, .. } => Some(session.0),
            Route::Reader { .. } => None,
        };
        self.sql().execute(
            "INSERT INTO visual_confirmation
               (public_id, reader_screen_id, institution_id, session_id, state, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                id.as_str(),
                screen.0,
                institution_id,
                session,
                json(open),
                open.expires_at().unix_milliseconds(),
            ),
        )?;
        Ok(())
    }

    /// Keeps where one stands that goes on.
    pub fn keep_visual_confirmation(
        &self,
        row: &VisualConfirmationRow,
        open: &Open,
    ) -> Result<(), StoreError> {
        keep(self.sql(), row, open)
    }

    /// Keeps the result of one, or who opened it.
    pub fn complete_visual_confirmation(
        &self,
        row: &VisualConfirmationRow,
        completed: &Completed,
    ) -> Result<(), StoreError> {
        let closes_at = completed.at().plus_seconds(RESULT_SECONDS);
        self.sql().execute(
            "UPDATE visual_confirmation SET state = ?2, expires_at = ?3,
               ended_at = coalesce(ended_at, ?4) WHERE id = ?1",
            (
                row.number.0,
                json(completed),
                closes_at.unix_milliseconds(),
                self.now().unix_milliseconds(),
            ),
        )?;
        Ok(())
    }

    /// Ends one without a result; nothing of it is kept but that it was.
    pub fn end_visual_confirmation(&self, row: &VisualConfirmationRow) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE visual_confirmation SET state = NULL, ended_at = ?2 WHERE id = ?1",
            (row.number.0, self.now().unix_milliseconds()),
        )?;
        Ok(())
    }
}

/// Keeps where an open one stands, if it still is open.
pub(super) fn keep(
    sql: Sql<'_>,
    row: &VisualConfirmationRow,
    open: &Open,
) -> Result<(), StoreError> {
    let update = "UPDATE visual_confirmation SET state = ?2, expires_at = ?3
      WHERE id = ?1 AND ended_at IS NULL";
    sql.prepare_cached(update)?.execute((
        row.number.0,
        json(open),
        open.expires_at().unix_milliseconds(),
    ))?;
    Ok(())
}

/// Forgets those that ended a day ago.
pub(super) fn forget(sql: Sql<'_>, now: Timestamp) -> Result<(), StoreError> {
    let until = now.plus_seconds(-KEPT_SECONDS).unix_milliseconds();
    sql.prepare_cached("DELETE FROM visual_confirmation WHERE ended_at <= ?1")?
        .execute([until])?;
    Ok(())
}

/// Numbers, times and codes only: it can't fail.
fn json(state: &impl Serialize) -> Option<String> {
    serde_json::to_string(state).ok()
}

/// A row as the database has it.
struct Columns {
    number: i64,
    id: String,
    screen: i64,
    screen_name: String,
    institution_id: i64,
    state: Option<String>,
    is_open: bool,
}

impl Columns {
    fn read(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            id: row.get(1)?,
            screen: row.get(2)?,
            screen_name: row.get(3)?,
            institution_id: row.get(4)?,
            state: row.get(5)?,
            is_open: row.get(6)?,
        })
    }
}

impl TryFrom<Columns> for VisualConfirmationRow {
    type Error = StoreError;

    fn try_from(row: Columns) -> Result<Self, StoreError> {
        let inconsistent = |_| StoreError::Inconsistent {
            table: "visual_confirmation",
            column: "public_id",
            id: row.number,
        };
        let standing = match (&row.state, row.is_open) {
            (None, _) => None,
            (Some(state), true) => parse(state).map(Standing::Open),
            (Some(state), false) => parse(state).map(Standing::Completed),
        };
        Ok(Self {
            number: VisualConfirmationNumber(row.number),
            id: row.id.parse().map_err(inconsistent)?,
            screen: ReaderScreenNumber(row.screen),
            screen_name: row.screen_name,
            institution_id: row.institution_id,
            standing: standing.unwrap_or(Standing::Ended),
        })
    }
}

fn parse<T: DeserializeOwned>(state: &str) -> Option<T> {
    serde_json::from_str(state).ok()
}
