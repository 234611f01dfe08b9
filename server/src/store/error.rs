//! What can go wrong in the store.

use std::path::PathBuf;

use thiserror::Error;

use super::sql::SqlError;

/// A failure of the store. “Not found” is not one: look-ups return `Option`.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The driver failed.
    #[error("the database failed")]
    Driver(#[from] SqlError),
    /// The tables could not be brought up to date.
    #[error("the database could not be brought up to date")]
    Migration(#[from] rusqlite_migration::Error),
    /// The tables are those of a later version.
    #[error("the database belongs to a later version of this program")]
    Newer,
    /// The file or its directory can't be made or opened.
    #[error("{path} can't be used")]
    File {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What a first import sorts can't be written or read beside the store.
    #[error(
        "{path} can't be used for sorting; a first import needs about as much room there as \
         the store will take"
    )]
    Sorting {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An import into the empty store has it for itself.
    #[error("a first import is filling the store; try again when it has ended")]
    BeingFilled,
    /// More persons than there are numbers for who can't be told apart by a search.
    #[error("too many persons of one name, birth date and sex")]
    Full,
    /// A row holds what the service never writes.
    #[error("inconsistent row: {table}.{column}, id {id}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        id: i64,
    },
    /// The transaction that several changes shared failed, and none of them was made.
    #[error(transparent)]
    Shared(std::sync::Arc<StoreError>),
    /// The service is stopping, or the work was lost to a panic.
    #[error("the store has stopped")]
    Stopped,
}

/// The file's own pool and its migrations speak to `SQLite` directly.
impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Driver(error.into())
    }
}

impl StoreError {
    /// Whether trying again may help: another process holds the file for long, or
    /// the server is away.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Driver(error) => error.is_passing(),
            Self::Shared(error) => error.is_passing(),
            Self::Stopped => true,
            _ => false,
        }
    }
}
