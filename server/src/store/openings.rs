//! 開放: where each opening of the emergency function stands, and what was done for an
//! institution.

mod list;
mod steps;

use domain::opening::Opening;
use domain::timestamp::Timestamp;
use protocol::http::{OpeningId, OpeningStage};

use super::sql::{self, OptionalExtension as _, Params, Row, SqlError, named_params};
use super::{Institution, Reader, StoreError, Writer};

pub use list::{OpeningCounts, OpeningFilter};

/// The store's number of an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningNumber(pub(super) i64);

/// An opening as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningRow {
    /// The store's number.
    pub number: OpeningNumber,
    /// What names it in requests.
    pub id: OpeningId,
    /// The institution's number.
    pub institution_id: i64,
    /// The institution, as it is registered now.
    pub institution: Institution,
    /// Where it stands; its time may be over ([`Opening::at`]).
    pub opening: Opening,
}

const SELECT: &str =
    "SELECT o.id, o.public_id, o.institution_id, i.medical_institution_code, i.name,
    o.state FROM opening o JOIN institution i ON i.id = o.institution_id";

impl Reader<'_> {
    /// The opening of an id.
    pub fn opening(&self, id: &OpeningId) -> Result<Option<OpeningRow>, StoreError> {
        let mut found = self.openings_where("WHERE o.public_id = ?1", [id.as_str()])?;
        Ok(found.pop())
    }

    /// An institution's last opening: the one that is under way, if there is one.
    pub fn last_opening(&self, institution_id: i64) -> Result<Option<OpeningRow>, StoreError> {
        let condition = "WHERE o.institution_id = ?1 ORDER BY o.id DESC LIMIT 1";
        Ok(self.openings_where(condition, [institution_id])?.pop())
    }

    /// Whether the last of an institution's openings has its function open: what each search
    /// asks.
    pub fn is_open(&self, institution_id: i64, now: Timestamp) -> Result<bool, StoreError> {
        let is_open = self
            .sql()
            .prepare_cached(
                "SELECT stage = 'opened' AND ends_at > ?2 FROM opening
                 WHERE institution_id = ?1 ORDER BY id DESC LIMIT 1",
            )?
            .query_row((institution_id, now.unix_milliseconds()), |row| {
                row.get::<_, Option<bool>>(0)
            })
            .optional()?;
        Ok(is_open.flatten().unwrap_or(false))
    }

    /// An institution's openings that have ended without a report, the oldest first.
    pub fn openings_without_report(
        &self,
        institution_id: i64,
        now: Timestamp,
    ) -> Result<Vec<OpeningRow>, StoreError> {
        let condition = "WHERE o.institution_id = ?1
            AND (o.stage = 'ended' OR (o.stage = 'opened' AND o.ends_at <= ?2)) ORDER BY o.id";
        self.openings_where(condition, (institution_id, now.unix_milliseconds()))
    }

    /// The ids of openings whose time is over and that nobody has ended, at most so many.
    pub fn overdue_openings(
        &self,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<OpeningId>, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT id, public_id FROM opening WHERE stage = 'opened' AND ends_at <= ?1
             ORDER BY ends_at LIMIT ?2",
        )?;
        let mut rows = statement.query((now.unix_milliseconds(), most))?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, public_id): (i64, String) = (row.get(0)?, row.get(1)?);
            let inconsistent = |_| StoreError::Inconsistent {
                table: "opening",
                column: "public_id",
                id,
            };
            ids.push(public_id.parse().map_err(inconsistent)?);
        }
        Ok(ids)
    }

    fn openings_where(
        &self,
        condition: &str,
        parameters: impl Params,
    ) -> Result<Vec<OpeningRow>, StoreError> {
        let mut statement = self
            .sql()
            .prepare_cached(&format!("{SELECT} {condition}"))?;
        let rows = statement.query_map(parameters, Columns::read)?;
        rows.map(|row| OpeningRow::try_from(row?)).collect()
    }
}

impl Writer<'_> {
    /// Keeps a new opening; the institution must have none under way.
    pub fn add_opening(
        &self,
        id: &OpeningId,
        institution_id: i64,
        opening: &Opening,
    ) -> Result<OpeningNumber, StoreError> {
        let number = self
            .sql()
            .prepare_cached(
                "INSERT INTO opening
                   (public_id, institution_id, stage, state, requested_at, changed_at)
                 VALUES (:id, :institution_id, :stage, :state, :requested_at, :now)
                 RETURNING id",
            )?
            .query_row(
                named_params! {
                    ":id": id.as_str(),
                    ":institution_id": institution_id,
                    ":stage": OpeningStage::from(opening).code(),
                    ":state": json(opening)?,
                    ":requested_at": opening.requested().step.at.unix_milliseconds(),
                    ":now": self.now().unix_milliseconds(),
                },
                |row| row.get(0),
            )?;
        Ok(OpeningNumber(number))
    }

    /// Keeps where an opening stands now.
    pub fn keep_opening(&self, number: OpeningNumber, opening: &Opening) -> Result<(), StoreError> {
        let ends_at = opening.opened().map(|opened| opened.period.ends_at);
        self.sql()
            .prepare_cached(
                "UPDATE opening SET stage = :stage, state = :state, ends_at = :ends_at,
                   changed_at = :now WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": number.0,
                ":stage": OpeningStage::from(opening).code(),
                ":state": json(opening)?,
                ":ends_at": ends_at.map(Timestamp::unix_milliseconds),
                ":now": self.now().unix_milliseconds(),
            })?;
        Ok(())
    }
}

fn json(opening: &Opening) -> Result<String, SqlError> {
    serde_json::to_string(opening).map_err(SqlError::from)
}

/// A row as the database has it.
struct Columns {
    id: i64,
    public_id: String,
    institution_id: i64,
    medical_institution_code: String,
    institution_name: String,
    state: String,
}

impl Columns {
    fn read(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            public_id: row.get(1)?,
            institution_id: row.get(2)?,
            medical_institution_code: row.get(3)?,
            institution_name: row.get(4)?,
            state: row.get(5)?,
        })
    }
}

impl TryFrom<Columns> for OpeningRow {
    type Error = StoreError;

    fn try_from(row: Columns) -> Result<Self, StoreError> {
        let inconsistent = |column| StoreError::Inconsistent {
            table: "opening",
            column,
            id: row.id,
        };
        let code = row.medical_institution_code.parse();
        Ok(Self {
            number: OpeningNumber(row.id),
            id: row
                .public_id
                .parse()
                .map_err(|_| inconsistent("public_id"))?,
            institution_id: row.institution_id,
            institution: Institution {
                medical_institution_code: code.map_err(|_| inconsistent("institution_id"))?,
                name: row.institution_name,
            },
            opening: serde_json::from_str(&row.state).map_err(|_| inconsistent("state"))?,
        })
    }
}
