//! Institutions and their accounts.

use domain::account::{Role, UserId};
use domain::fold;
use domain::identifier::MedicalInstitutionCode;
use domain::session::SessionEnd;
use domain::timestamp::Timestamp;
use domain::visual_confirmation::AccountNumber;

use super::sql::{self, OptionalExtension, Row, named_params};
use super::{Actor, Purpose, Reader, SessionId, StoreError, Writer};

/// The store's number of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountId(pub(super) i64);

impl AccountId {
    /// The number as a visual confirmation knows it.
    pub const fn number(self) -> AccountNumber {
        AccountNumber(self.0)
    }
}

/// 医療機関・薬局, or the 実施機関.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// 医療機関コード.
    pub medical_institution_code: MedicalInstitutionCode,
    /// Its name.
    pub name: String,
}

/// An account as it is kept.
#[derive(Debug, Clone)]
pub struct Account {
    /// The store's number.
    pub id: AccountId,
    /// The institution's number.
    pub institution_id: i64,
    /// The institution.
    pub institution: Institution,
    /// ユーザID.
    pub user_id: UserId,
    /// What it may do.
    pub role: Role,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Whether the password is public (demo mode).
    pub is_demo: bool,
    /// Whether it may no longer log in.
    pub is_disabled: bool,
    /// When its one-time password is no longer good; `None` when it has a password
    /// of its own.
    pub one_time_until: Option<Timestamp>,
    /// When it last logged in.
    pub last_logged_in_at: Option<Timestamp>,
    /// How many passkeys it has.
    pub passkeys: u32,
    /// Whether its institution wants it to have one.
    pub requires_passkey: bool,
}

impl Account {
    /// Whether it has to add a passkey before anything else.
    pub const fn must_add_passkey(&self) -> bool {
        self.requires_passkey && self.passkeys == 0
    }

    /// This account as the one who acts.
    pub const fn actor(&self) -> Actor {
        Actor::Account {
            id: self.id,
            institution_id: self.institution_id,
            role: self.role,
        }
    }
}

/// An account to add.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The institution; added with its name when it is not there yet.
    pub institution: Institution,
    /// ユーザID.
    pub user_id: UserId,
    /// What it may do.
    pub role: Role,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Whether the password is public (demo mode).
    pub is_demo: bool,
    /// When the password is no longer good, if it is a one-time password.
    pub one_time_until: Option<Timestamp>,
}

/// Of an account `a` and its institution `i`.
pub(super) const COLUMNS: &str =
    "a.id, a.institution_id, i.medical_institution_code, i.name, a.user_id,
    a.role, a.password_hash, a.is_demo, a.disabled_at IS NOT NULL AS is_disabled,
    a.one_time_until, a.last_logged_in_at,
    (SELECT count(*) FROM passkey p WHERE p.account_id = a.id) AS passkeys, i.requires_passkey";
const FROM: &str = "FROM account a JOIN institution i ON i.id = a.institution_id";

impl Reader<'_> {
    /// The account of a ユーザID.
    pub fn account(&self, user_id: &UserId) -> Result<Option<Account>, StoreError> {
        let mut statement = self
            .sql()
            .prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE a.user_id = ?1"))?;
        let row = statement
            .query_row([user_id.as_str()], AccountRow::read)
            .optional()?;
        row.map(Account::try_from).transpose()
    }

    /// The ユーザID of an account.
    pub fn user_id_of(&self, account: AccountNumber) -> Result<Option<UserId>, StoreError> {
        let text: Option<String> = self
            .sql()
            .prepare_cached("SELECT user_id FROM account WHERE id = ?1")?
            .query_row([account.0], |row| row.get(0))
            .optional()?;
        let inconsistent = |_| StoreError::Inconsistent {
            table: "account",
            column: "user_id",
            id: account.0,
        };
        text.map(|text| text.parse().map_err(inconsistent))
            .transpose()
    }

    /// The account of a number.
    pub fn account_of(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let mut statement = self
            .sql()
            .prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE a.id = ?1"))?;
        let row = statement.query_row([id.0], AccountRow::read).optional()?;
        row.map(Account::try_from).transpose()
    }

    /// All accounts, by institution and ユーザID.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let order = "ORDER BY i.medical_institution_code, a.user_id";
        let mut statement = self
            .sql()
            .prepare_cached(&format!("SELECT {COLUMNS} {FROM} {order}"))?;
        let rows = statement.query_map([], AccountRow::read)?;
        rows.map(|row| Account::try_from(row?)).collect()
    }

    /// The accounts of an institution, by ユーザID.
    pub fn accounts_of(&self, institution_id: i64) -> Result<Vec<Account>, StoreError> {
        let order = "WHERE a.institution_id = ?1 ORDER BY a.user_id";
        let mut statement = self
            .sql()
            .prepare_cached(&format!("SELECT {COLUMNS} {FROM} {order}"))?;
        let rows = statement.query_map([institution_id], AccountRow::read)?;
        rows.map(|row| Account::try_from(row?)).collect()
    }

    /// The store's number of the institution of a code.
    pub fn institution_number(
        &self,
        code: &MedicalInstitutionCode,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT id FROM institution WHERE medical_institution_code = ?1";
        let mut statement = self.sql().prepare_cached(sql)?;
        let number = statement.query_row([code.as_str()], |row| row.get(0));
        Ok(number.optional()?)
    }

    /// The institution of a code.
    pub fn institution(
        &self,
        code: &MedicalInstitutionCode,
    ) -> Result<Option<Institution>, StoreError> {
        let name = self
            .sql()
            .prepare_cached("SELECT name FROM institution WHERE medical_institution_code = ?1")?
            .query_row([code.as_str()], |row| row.get(0))
            .optional()?;
        Ok(name.map(|name| Institution {
            medical_institution_code: code.clone(),
            name,
        }))
    }
}

impl Writer<'_> {
    /// Adds an account; `None` when the ユーザID is taken.
    pub fn add_account(&self, new: &NewAccount) -> Result<Option<AccountId>, StoreError> {
        if !new.is_demo {
            // Somebody has begun to work here: the demo must not come in any more.
            self.decide_purpose(Purpose::Work)?;
        }
        let code = new.institution.medical_institution_code.as_str();
        self.sql().execute(
            "INSERT INTO institution (medical_institution_code, name, name_key) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
            (
                code,
                &new.institution.name,
                fold::name(&new.institution.name),
            ),
        )?;
        let id = self
            .sql()
            .query_row(
                "INSERT INTO account (institution_id, user_id, role, password_hash, is_demo,
                   created_at, one_time_until)
                 SELECT id, :user_id, :role, :password_hash, :is_demo, :now, :until FROM institution
                 WHERE medical_institution_code = :code
                 ON CONFLICT (user_id) DO NOTHING RETURNING id",
                named_params! {
                    ":user_id": new.user_id.as_str(),
                    ":role": new.role.code(),
                    ":password_hash": new.password_hash,
                    ":is_demo": new.is_demo,
                    ":now": self.now().unix_milliseconds(),
                    ":code": code,
                    ":until": new.one_time_until.map(Timestamp::unix_milliseconds),
                },
                |row| row.get(0),
            )
            .optional()?;
        Ok(id.map(AccountId))
    }

    /// Disables an account and ends its sessions.
    pub fn disable_account(&self, id: AccountId) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE account SET disabled_at = coalesce(disabled_at, ?2) WHERE id = ?1",
            (id.0, self.now().unix_milliseconds()),
        )?;
        self.end_sessions_of(id, SessionEnd::AccountChanged, None)
    }

    /// Gives an account a new password, lets it log in again, and ends its sessions.
    pub fn reset_password(
        &self,
        id: AccountId,
        password_hash: &str,
        one_time_until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE account SET password_hash = ?2, disabled_at = NULL, is_demo = 0,
               one_time_until = ?3 WHERE id = ?1",
            (
                id.0,
                password_hash,
                one_time_until.map(Timestamp::unix_milliseconds),
            ),
        )?;
        self.end_sessions_of(id, SessionEnd::AccountChanged, None)
    }

    /// Gives an account the password that its owner chose in a session, and ends
    /// all others.
    pub fn change_password(
        &self,
        id: AccountId,
        password_hash: &str,
        session: SessionId,
    ) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE account SET password_hash = ?2, is_demo = 0, one_time_until = NULL
             WHERE id = ?1",
            (id.0, password_hash),
        )?;
        self.end_sessions_of(id, SessionEnd::AccountChanged, Some(session))
    }
}

/// A row as the database has it.
/// [`COLUMNS`].
pub(super) struct AccountRow {
    id: i64,
    institution_id: i64,
    medical_institution_code: String,
    institution_name: String,
    user_id: String,
    role: String,
    password_hash: String,
    is_demo: bool,
    is_disabled: bool,
    one_time_until: Option<i64>,
    last_logged_in_at: Option<i64>,
    passkeys: u32,
    requires_passkey: bool,
}

impl AccountRow {
    pub(super) fn read(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            institution_id: row.get(1)?,
            medical_institution_code: row.get(2)?,
            institution_name: row.get(3)?,
            user_id: row.get(4)?,
            role: row.get(5)?,
            password_hash: row.get(6)?,
            is_demo: row.get(7)?,
            is_disabled: row.get(8)?,
            one_time_until: row.get(9)?,
            last_logged_in_at: row.get(10)?,
            passkeys: row.get(11)?,
            requires_passkey: row.get(12)?,
        })
    }
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let inconsistent = |table, column, id| StoreError::Inconsistent { table, column, id };
        Ok(Self {
            id: AccountId(row.id),
            institution_id: row.institution_id,
            institution: Institution {
                medical_institution_code: row.medical_institution_code.parse().map_err(|_| {
                    inconsistent(
                        "institution",
                        "medical_institution_code",
                        row.institution_id,
                    )
                })?,
                name: row.institution_name,
            },
            user_id: row
                .user_id
                .parse()
                .map_err(|_| inconsistent("account", "user_id", row.id))?,
            role: row
                .role
                .parse()
                .map_err(|_| inconsistent("account", "role", row.id))?,
            password_hash: row.password_hash,
            is_demo: row.is_demo,
            is_disabled: row.is_disabled,
            one_time_until: row.one_time_until.map(Timestamp::from_unix_milliseconds),
            last_logged_in_at: row.last_logged_in_at.map(Timestamp::from_unix_milliseconds),
            passkeys: row.passkeys,
            requires_passkey: row.requires_passkey,
        })
    }
}
