//! Readers' own screens, and the codes that they are registered with.

use domain::timestamp::Timestamp;
use protocol::http::ReaderScreenId;

use super::sql::{self, OptionalExtension, Row, Sql, named_params};
use super::{Actor, Reader, StoreError, Writer};

/// The store's number of a reader screen.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct ReaderScreenNumber(pub(super) i64);

impl ReaderScreenNumber {
    /// The number.
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// A registered reader screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredScreen {
    /// The store's number.
    pub number: ReaderScreenNumber,
    /// What names it in requests.
    pub id: ReaderScreenId,
    /// The institution's number.
    pub institution_id: i64,
    /// The institution's name.
    pub institution_name: String,
    /// What staff call it.
    pub name: String,
    /// When it was last connected, as far as is known; of one that is connected now, since when.
    pub last_seen_at: Option<Timestamp>,
}

impl RegisteredScreen {
    /// This screen as the one who acts.
    pub const fn actor(&self) -> Actor {
        Actor::ReaderScreen(self.number)
    }
}

/// A screen to register.
#[derive(Debug, Clone)]
pub struct NewScreen {
    /// What names it in requests.
    pub id: ReaderScreenId,
    /// The institution's number.
    pub institution_id: i64,
    /// What staff call it.
    pub name: String,
    /// SHA-256 of its cookie's token.
    pub token_hash: [u8; 32],
}

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// The institution's number.
    pub institution_id: i64,
    /// What staff call the screen.
    pub name: String,
}

/// Wrong codes entered anywhere after which a code is void: with eight digits a
/// guesser has one chance in a million.
const MOST_WRONG_CODES: u32 = 100;

const SELECT: &str = "SELECT r.id, r.public_id, r.institution_id, i.name, r.name, r.last_seen_at
  FROM reader_screen r JOIN institution i ON i.id = r.institution_id
  WHERE r.revoked_at IS NULL";

impl Reader<'_> {
    /// The screen of a token, unless its registration was ended.
    pub fn reader_screen_of_token(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<RegisteredScreen>, StoreError> {
        let sql = format!("{SELECT} AND r.token_hash = ?1");
        let mut statement = self.sql().prepare_cached(&sql)?;
        let row = statement.query_row([token_hash], ScreenRow::read);
        row.optional()?.map(RegisteredScreen::try_from).transpose()
    }

    /// An institution's screen by its id.
    pub fn reader_screen(
        &self,
        institution_id: i64,
        id: &ReaderScreenId,
    ) -> Result<Option<RegisteredScreen>, StoreError> {
        let sql = format!("{SELECT} AND r.institution_id = ?1 AND r.public_id = ?2");
        let mut statement = self.sql().prepare_cached(&sql)?;
        let row = statement.query_row((institution_id, id.as_str()), ScreenRow::read);
        row.optional()?.map(RegisteredScreen::try_from).transpose()
    }

    /// An institution's screens, by name.
    pub fn reader_screens(&self, institution_id: i64) -> Result<Vec<RegisteredScreen>, StoreError> {
        let sql = format!("{SELECT} AND r.institution_id = ?1 ORDER BY r.name, r.id");
        let mut statement = self.sql().prepare_cached(&sql)?;
        let rows = statement.query_map([institution_id], ScreenRow::read)?;
        rows.map(|row| RegisteredScreen::try_from(row?)).collect()
    }
}

impl Writer<'_> {
    /// Registers a screen.
    pub fn register_reader_screen(
        &self,
        new: &NewScreen,
    ) -> Result<ReaderScreenNumber, StoreError> {
        let number = self.sql().query_row(
            "INSERT INTO reader_screen (public_id, institution_id, name, token_hash, registered_at)
             VALUES (:id, :institution_id, :name, :token_hash, :now) RETURNING id",
            named_params! {
                ":id": new.id.as_str(),
                ":institution_id": new.institution_id,
                ":name": new.name,
                ":token_hash": new.token_hash,
                ":now": self.now().unix_milliseconds(),
            },
            |row| row.get(0),
        )?;
        Ok(ReaderScreenNumber(number))
    }

    /// Ends a screen's registration.
    pub fn revoke_reader_screen(&self, number: ReaderScreenNumber) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE reader_screen SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1",
            (number.0, self.now().unix_milliseconds()),
        )?;
        Ok(())
    }

    /// Keeps a code for a screen, and forgets those whose time is over. `false` when the
    /// same code is in use.
    pub fn add_pairing(
        &self,
        code_hash: &[u8; 32],
        pairing: &Pairing,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.sql().execute(
            "DELETE FROM reader_pairing WHERE expires_at <= ?1",
            [self.now().unix_milliseconds()],
        )?;
        let added = self.sql().execute(
            "INSERT INTO reader_pairing (code_hash, institution_id, name, expires_at)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            (
                code_hash,
                pairing.institution_id,
                &pairing.name,
                expires_at.unix_milliseconds(),
            ),
        )?;
        Ok(added == 1)
    }

    /// Takes a code, which is good no more; `None` when it is wrong, used, void or over,
    /// and then it counts against all codes that wait.
    pub fn take_pairing(&self, code_hash: &[u8; 32]) -> Result<Option<Pairing>, StoreError> {
        let taken = self
            .sql()
            .query_row(
                "DELETE FROM reader_pairing
                 WHERE code_hash = ?1 AND expires_at > ?2 AND wrong_entries < ?3
                 RETURNING institution_id, name",
                (code_hash, self.now().unix_milliseconds(), MOST_WRONG_CODES),
                |row| {
                    Ok(Pairing {
                        institution_id: row.get(0)?,
                        name: row.get(1)?,
                    })
                },
            )
            .optional()?;
        if taken.is_none() {
            let sql = "UPDATE reader_pairing SET wrong_entries = wrong_entries + 1";
            self.sql().execute(sql, [])?;
        }
        Ok(taken)
    }
}

/// Notes that a screen was connected at a time.
pub(super) fn touch(
    sql: Sql<'_>,
    number: ReaderScreenNumber,
    at: Timestamp,
) -> Result<(), StoreError> {
    sql.prepare_cached(
        "UPDATE reader_screen SET last_seen_at = ?2
             WHERE id = ?1 AND (last_seen_at IS NULL OR last_seen_at < ?2)",
    )?
    .execute((number.0, at.unix_milliseconds()))?;
    Ok(())
}

/// What is counted as one more start of a service on the store.
pub(super) fn next_epoch(sql: Sql<'_>) -> Result<u64, StoreError> {
    let next = "UPDATE revision SET epoch = epoch + 1 RETURNING epoch";
    Ok(sql.query_row(next, [], |row| row.get(0))?)
}

/// A row as the database has it.
struct ScreenRow {
    id: i64,
    public_id: String,
    institution_id: i64,
    institution_name: String,
    name: String,
    last_seen_at: Option<i64>,
}

impl ScreenRow {
    fn read(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            public_id: row.get(1)?,
            institution_id: row.get(2)?,
            institution_name: row.get(3)?,
            name: row.get(4)?,
            last_seen_at: row.get(5)?,
        })
    }
}

impl TryFrom<ScreenRow> for RegisteredScreen {
    type Error = StoreError;

    fn try_from(row: ScreenRow) -> Result<Self, StoreError> {
        let inconsistent = |_| StoreError::Inconsistent {
            table: "reader_screen",
            column: "public_id",
            id: row.id,
        };
        Ok(Self {
            number: ReaderScreenNumber(row.id),
            id: row.public_id.parse().map_err(inconsistent)?,
            institution_id: row.institution_id,
            institution_name: row.institution_name,
            name: row.name,
            last_seen_at: row.last_seen_at.map(Timestamp::from_unix_milliseconds),
        })
    }
}
