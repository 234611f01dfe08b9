//! The database of a store: a file, or a server.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::UnboundedSender;

use super::StoreError;
use super::location::Location;
use super::pool::{self, Pool, Use};
use super::server::{Heard, Server};
use super::sql::Sql;

/// Lends connections.
pub(super) enum Database {
    File(Pool),
    Server(Box<Server>),
}

impl Database {
    /// Opens it, making it or bringing its tables up to date.
    pub(super) fn open(location: &Location, usage: Use) -> Result<Self, StoreError> {
        Ok(match location {
            Location::File(path) => Self::File(Pool::open(path, usage)?),
            Location::Server(config) => Self::Server(Box::new(Server::open(config, usage)?)),
        })
    }

    /// The same for an import. One into a server without persons sorts below `folder`; beside a
    /// file is its own place.
    pub(super) fn open_for_import(location: &Location, folder: &Path) -> Result<Self, StoreError> {
        Ok(match location {
            Location::File(path) => Self::File(Pool::open(path, Use::Import)?),
            Location::Server(config) => {
                Self::Server(Box::new(Server::open_for_import(config, folder)?))
            }
        })
    }

    /// Lends a connection.
    pub(super) fn with<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(Sql<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match self {
            Self::File(pool) => pool.with(|connection| work(Sql::Sqlite(connection))),
            Self::Server(server) => server.with(work),
        }
    }

    /// From now on what is changed is told to other servers as this one's.
    pub(super) fn be_called(&self, name: u64) {
        match self {
            Self::File(_) => {}
            Self::Server(server) => server.be_called(name),
        }
    }

    /// Lends the connection of the queue, of which there is one.
    pub(super) fn with_queue<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(Sql<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match self {
            Self::File(pool) => pool.with_queue(|connection| work(Sql::Sqlite(connection))),
            Self::Server(server) => server.with(work),
        }
    }

    /// How many may use it at once, without those who wait in the queue.
    pub(super) const fn connections(&self) -> usize {
        match self {
            Self::File(_) => 4,
            Self::Server(_) => 8,
        }
    }

    /// Exchanges news with other programs on it, where there may be some that take part.
    pub(super) fn exchange(
        &self,
        heard: impl Fn(Heard<'_>) + Send + Sync + 'static,
    ) -> Option<UnboundedSender<String>> {
        match self {
            Self::File(_) => None,
            Self::Server(server) => Some(server.exchange(heard)),
        }
    }

    /// From now on a change is on disk, and all before it, when it returns.
    pub(super) fn wait_for_disk(&self) -> Result<(), StoreError> {
        match self {
            Self::File(pool) => pool.with(|connection| pool::settle(connection)),
            Self::Server(server) => server.settle(),
        }
    }

    /// Another number when others wrote to the file since; `None` for a server.
    pub(super) fn version_of_others(&self) -> Result<Option<i64>, StoreError> {
        match self {
            Self::File(pool) => {
                pool.with(|connection| pool::version_of_others(connection).map(Some))
            }
            Self::Server(_) => Ok(None),
        }
    }

    /// [`pool::write_back_persons`]; a server does so by itself.
    pub(super) fn write_back_persons(&self) -> Result<(), StoreError> {
        match self {
            Self::File(pool) => pool.with(|connection| pool::write_back_persons(connection)),
            Self::Server(_) => Ok(()),
        }
    }

    /// Where a first import sorts, if this program has a file for itself and nobody is
    /// insured in it.
    pub(super) fn folder_of_filling(&self) -> Option<PathBuf> {
        match self {
            Self::File(pool) => pool.folder_of_filling(),
            Self::Server(server) => server.folder_of_filling(),
        }
    }

    /// [`pool::append_only`] for a file; a server has one way to write.
    pub(super) fn append_only(&self) -> Result<(), StoreError> {
        match self {
            Self::File(pool) => pool.with(|connection| pool::append_only(connection)),
            Self::Server(server) => server.wait_for_disk(),
        }
    }

    /// [`pool::write_ahead`], the end of [`Self::append_only`].
    pub(super) fn write_ahead(&self) -> Result<(), StoreError> {
        match self {
            Self::File(pool) => pool.with(|connection| pool::write_ahead(connection)),
            Self::Server(server) => server.settle(),
        }
    }
}
