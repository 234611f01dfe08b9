//! What can go wrong with a statement.

use thiserror::Error;
use tokio_postgres::error::SqlState;

/// A failure of the database or its driver.
#[derive(Debug, Error)]
pub enum SqlError {
    /// `SQLite` failed.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// `PostgreSQL` refused.
    #[error(transparent)]
    Refused(Refusal),
    /// The connection to `PostgreSQL` was lost, or could not be made.
    #[error("no connection to the database")]
    Lost(#[source] tokio_postgres::Error),
    /// The server's certificates can't be checked.
    #[error("the connection to the database can't be made safe")]
    Tls(#[source] std::io::Error),
    /// A row was expected.
    #[error("no row")]
    NoRow,
    /// A column holds another type, or a number out of range.
    #[error("a column of another type than expected: {0}")]
    Column(String),
    /// A number is greater than a column can hold.
    #[error("a number is too great for the database")]
    TooGreat,
    /// A statement before this one failed, and was passed over.
    #[error("a statement had failed before")]
    Spoilt,
    /// What is to be kept can't be written as JSON.
    #[error("not writable as JSON")]
    Json(#[from] serde_json::Error),
}

/// Why `PostgreSQL` refused a statement. The detail that it sends is left out: it repeats
/// the values of rows.
#[derive(Debug, Error)]
#[error("{message} ({})", code.code())]
pub struct Refusal {
    pub(super) code: SqlState,
    message: String,
}

/// Times up, locks not had, servers that stop or start or are no primary, too many
/// connections: it may go well the next time.
const PASSING: [SqlState; 9] = [
    SqlState::LOCK_NOT_AVAILABLE,
    SqlState::QUERY_CANCELED,
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::CANNOT_CONNECT_NOW,
    SqlState::READ_ONLY_SQL_TRANSACTION,
    SqlState::TOO_MANY_CONNECTIONS,
];

impl SqlError {
    /// Whether somebody else had what is asked for, and for too long.
    pub(in crate::store) fn is_lock_missed(&self) -> bool {
        let missed = SqlState::LOCK_NOT_AVAILABLE;
        matches!(self, Self::Refused(refusal) if refusal.code == missed)
    }

    /// Whether trying again may help.
    pub(in crate::store) fn is_passing(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        match self {
            Self::Sqlite(error) => {
                matches!(
                    error.sqlite_error_code(),
                    Some(DatabaseBusy | DatabaseLocked)
                )
            }
            Self::Refused(refusal) => PASSING.contains(&refusal.code),
            Self::Lost(_) => true,
            _ => false,
        }
    }
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NoRow,
            error => Self::Sqlite(error),
        }
    }
}

impl From<tokio_postgres::Error> for SqlError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(refused) => Self::Refused(Refusal {
                code: refused.code().clone(),
                message: refused.message().to_owned(),
            }),
            None => Self::Lost(error),
        }
    }
}
