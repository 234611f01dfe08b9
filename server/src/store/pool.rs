//! A few connections to one file.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::audit::adoption;
use super::{StoreError, folding, indexes};

/// In this order for ever: a store knows only how many of them it has.
fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("../../migrations/001_initial.sql")),
        M::up(include_str!("../../migrations/002_sessions.sql")),
        M::up_with_hook(
            include_str!("../../migrations/003_audit.sql"),
            adoption::chain_old_lines,
        ),
        M::up(include_str!("../../migrations/004_names.sql")),
        M::up(include_str!("../../migrations/005_import.sql")),
        M::up(include_str!("../../migrations/006_passkeys.sql")),
        M::up(include_str!("../../migrations/007_deferred_indexes.sql")),
        M::up(include_str!("../../migrations/008_readers.sql")),
        M::up(include_str!("../../migrations/009_passcodes.sql")),
        M::up(include_str!("../../migrations/010_last_seen.sql")),
        M::up(include_str!("../../migrations/011_openings.sql")),
        M::up(include_str!("../../migrations/012_usage_reports.sql")),
        M::up(include_str!("../../migrations/013_notebook_keys.sql")),
        M::up(include_str!("../../migrations/016_allowances.sql")),
    ])
}

/// How long a writer waits for another one, an import for instance, which
/// holds the file for a batch at a time.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What connections are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Answers: each is on disk before it is given.
    Service,
    /// An import, which can be taken up again: a power cut may cost the last batches,
    /// never the order of what was committed.
    Import,
}

/// An import touches pages all over the indexes, so it keeps many (kibibytes)…
const IMPORT_CACHE: i64 = 128 * 1024;
/// … and writes them back seldom (pages of 4 KiB: 64 MiB of log).
const IMPORT_LOG_PAGES: i64 = 16_384;

pub(super) struct Pool {
    path: PathBuf,
    usage: Use,
    idle: Mutex<Vec<Connection>>,
    /// Freed with the store.
    _hold: File,
}

impl Pool {
    pub(super) fn open(path: &Path, usage: Use) -> Result<Self, StoreError> {
        make_directory(path)?;
        let _alone = lock(path)?;
        make_file(path)?;
        let mut hold = Hold::take(path, usage)?;
        let mut connection = connect(path, usage)?;
        folding::lend_to(&connection)?;
        let migrations = migrations();
        if !hold.is_alone || migrations.pending_migrations(&connection)? > 0 {
            indexes::make(&mut connection)?;
        }
        migrations.to_latest(&mut connection)?;
        if hold.is_alone && !indexes::defer(&mut connection)? {
            hold.share(path)?;
        }
        Ok(Self {
            path: path.to_owned(),
            usage,
            idle: Mutex::new(vec![connection]),
            _hold: hold.file,
        })
    }

    /// Lends a connection. One that a panic takes away is replaced by a new one.
    pub(super) fn with<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path, self.usage)?,
        };
        let result = work(&mut connection);
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        result
    }
}

/// From now on a commit on this connection waits for the disk.
pub(super) fn wait_for_disk(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "synchronous", "full")?)
}

fn connect(path: &Path, usage: Use) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Readers never wait for a writer; what was answered survives a power cut.
    connection.pragma_update(None, "journal_mode", "wal")?;
    match usage {
        Use::Service => wait_for_disk(&connection)?,
        Use::Import => {
            connection.pragma_update(None, "synchronous", "normal")?;
            connection.pragma_update(None, "cache_size", -IMPORT_CACHE)?;
            connection.pragma_update(None, "wal_autocheckpoint", IMPORT_LOG_PAGES)?;
        }
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Holds other programs off while the tables are made: the migration library
/// reads the version before it begins its transaction. Freed when the file is
/// closed, by a crash too.
fn lock(path: &Path) -> Result<File, StoreError> {
    let path = path.with_extension("lock");
    let file = File::create(&path).and_then(|file| file.lock().map(|()| file));
    file.map_err(|source| StoreError::File { path, source })
}

/// A hold on the store for as long as a program uses it. One program alone may leave
/// indexes out for a while: nobody searches meanwhile.
struct Hold {
    file: File,
    is_alone: bool,
}

impl Hold {
    fn take(path: &Path, usage: Use) -> Result<Self, StoreError> {
        let file = File::create(hold_path(path)).map_err(|error| unusable(path, error))?;
        if usage == Use::Import && file.try_lock().is_ok() {
            let is_alone = true;
            return Ok(Self { file, is_alone });
        }
        match file.try_lock_shared() {
            Ok(()) => Ok(Self {
                file,
                is_alone: false,
            }),
            Err(TryLockError::WouldBlock) => Err(StoreError::BeingFilled),
            Err(TryLockError::Error(error)) => Err(unusable(path, error)),
        }
    }

    /// Lets others in.
    fn share(&mut self, path: &Path) -> Result<(), StoreError> {
        let shared = self.file.unlock().and_then(|()| self.file.lock_shared());
        self.is_alone = false;
        shared.map_err(|error| unusable(path, error))
    }
}

fn hold_path(path: &Path) -> PathBuf {
    path.with_extension("hold")
}

fn unusable(path: &Path, source: std::io::Error) -> StoreError {
    let path = hold_path(path);
    StoreError::File { path, source }
}

/// Makes the file before `SQLite` does, for its owner only; what `SQLite` puts beside
/// it gets the same permissions. The directory may be one that others can read.
fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path).map(drop);
    made.map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })
}

/// The file holds personal data, so only its owner gets into the directory.
fn make_directory(path: &Path) -> Result<(), StoreError> {
    let Some(directory) = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty())
    else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(directory)
        .map_err(|source| StoreError::File {
            path: directory.to_owned(),
            source,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_from_before_a_migration_get_their_keys() {
        let mut connection = Connection::open_in_memory().unwrap();
        folding::lend_to(&connection).unwrap();
        let migrations = migrations();
        migrations.to_version(&mut connection, 1).unwrap();
        connection
            .execute_batch(
                "INSERT INTO person (id, person_identifier) VALUES (1, 'A');
                 INSERT INTO coverage (person_id, coverage_key, birthdate, sex1, name_key,
                   insurer_name_key, has_unencodable, record) VALUES
                   (1, '1', '1980-01-01', '2', '髙橋葵', '架空', 0,
                     '{\"name_of_other\": \"山﨑　舞\", \"name_of_other_kana\": \"ﾔﾏｻﾞｷ ﾏｲ\"}'),
                   (1, '2', '1980-01-01', '2', 'サトウ', '架空', 0,
                     '{\"name_of_other\": \"佐●\", \"name_of_other_kana\": null}');",
            )
            .unwrap();
        migrations.to_latest(&mut connection).unwrap();
        let keys: Vec<Option<String>> = connection
            .prepare(
                "SELECT concat_ws(' ', name_of_other_key, name_of_other_kana_key, has_unencodable,
                   name_variant_key = variant_of('高橋葵') OR name_variant_key = '高橋葵',
                   name_of_other_variant_key IS NULL) FROM coverage ORDER BY coverage_key",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let keys: Vec<_> = keys.iter().flatten().map(String::as_str).collect();
        assert_eq!(keys, ["山﨑舞 ヤマザキマイ 0 1 0", "佐● 1 1"]);
    }
}
