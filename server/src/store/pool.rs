//! A few connections to the files of a store.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::apart::PERSONS;
use super::audit::adoption;
use super::sql::Sql;
use super::{StoreError, apart, filling, folding, persons};

/// In this order for ever: a store knows only how many of them it has.
pub(super) fn migrations() -> Migrations<'static> {
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
        M::up(include_str!("../../migrations/014_claim_guidance.sql")),
        M::up_with_hook(
            include_str!("../../migrations/015_persons.sql"),
            persons::pack_old_rows,
        ),
        M::up(include_str!("../../migrations/016_allowances.sql")),
        M::up(include_str!("../../migrations/017_candidates.sql")),
        M::up(include_str!("../../migrations/018_persons_apart.sql")),
    ])
}

/// How long a writer waits for another one, an import for instance, which
/// holds the file for a batch at a time.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How often it looks: `SQLite` by itself would look more and more seldom, and an import's
/// pauses are short.
const BUSY_PAUSE: Duration = Duration::from_micros(500);

/// What connections are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Answers: each is on disk before it is given.
    Service,
    /// An import, which can be taken up again: a power cut may cost the last batches,
    /// never the order of what was committed.
    Import,
}

/// Each commit writes the last pages of the trail anew: moved from the log into the file this
/// seldom (pages of 4 KiB: 32 MiB of log), the same page is moved, and the disk waited for, less
/// often.
const SERVICE_LOG_PAGES: i64 = 8_192;
/// An import touches pages all over the indexes, so it keeps many (kibibytes)…
const IMPORT_CACHE: i64 = 128 * 1024;
/// … and writes them back seldom (pages of 4 KiB: 64 MiB of log).
const IMPORT_LOG_PAGES: i64 = 16_384;

pub(super) struct Pool {
    path: PathBuf,
    usage: Use,
    idle: Mutex<Vec<Connection>>,
    /// The queue's own, when it is idle.
    of_queue: Mutex<Vec<Connection>>,
    folder_of_filling: Option<PathBuf>,
    /// Freed with the store.
    _hold: File,
}

impl Pool {
    pub(super) fn open(path: &Path, usage: Use) -> Result<Self, StoreError> {
        make_directory(path)?;
        let _alone = lock(path)?;
        make_file(path)?;
        let persons = apart::path_of(path);
        apart::refuse_half(path, &persons)?;
        make_file(&persons)?;
        let mut hold = Hold::take(path, usage)?;
        let mut connection = connect(path, usage)?;
        folding::lend_to(&connection)?;
        apart::bring_up_to_date(&mut connection, &migrations())?;
        set_up(&connection, usage)?;
        let folder = path.with_extension("import");
        if hold.is_alone && !filling::may_fill(Sql::Sqlite(&connection))? {
            hold.share(path)?;
        }
        if !hold.is_alone {
            filling::settle_begun(Sql::Sqlite(&connection), &folder)?;
        }
        Ok(Self {
            path: path.to_owned(),
            usage,
            idle: Mutex::new(vec![connection]),
            of_queue: Mutex::default(),
            folder_of_filling: hold.is_alone.then_some(folder),
            _hold: hold.file,
        })
    }

    /// Where a first import sorts, if this program has the store for itself and nobody is
    /// insured in it.
    pub(super) fn folder_of_filling(&self) -> Option<PathBuf> {
        self.folder_of_filling.clone()
    }

    /// Lends a connection. One that a panic takes away is replaced by a new one.
    pub(super) fn with<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.lend(&self.idle, work)
    }

    /// Lends the queue's own connection. Whatever another connection writes makes one forget
    /// all pages that it has read: this one writes nearly everything, and so keeps them.
    pub(super) fn with_queue<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.lend(&self.of_queue, work)
    }

    fn lend<T, E: From<StoreError>>(
        &self,
        idle: &Mutex<Vec<Connection>>,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match taken {
            Some(connection) => connection,
            None => connect(&self.path, self.usage)?,
        };
        let result = work(&mut connection);
        idle.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        result
    }
}

/// From now on a commit on this connection waits for the disk.
pub(super) fn wait_for_disk(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(connection.pragma_update(Some(PERSONS), "synchronous", "full")?)
}

/// The same, and so is what was committed before.
pub(super) fn settle(connection: &Connection) -> Result<(), StoreError> {
    wait_for_disk(connection)?;
    // The disk is waited for by whoever changes something.
    connection.execute("UPDATE persons.person_number SET secret = secret", [])?;
    Ok(())
}

/// Another number when other connections wrote to the main file since.
pub(super) fn version_of_others(connection: &Connection) -> Result<i64, StoreError> {
    let version = connection.pragma_query_value(None, "data_version", |row| row.get(0));
    Ok(version?)
}

/// Moves what is in the persons' log into their file, as far as nobody reads it there.
pub(super) fn write_back_persons(connection: &Connection) -> Result<(), StoreError> {
    let write_back = "PRAGMA persons.wal_checkpoint(PASSIVE)";
    Ok(connection.query_row(write_back, [], |_| Ok(()))?)
}

/// From now on rows are appended in transactions of many, and nobody reads: the pages that
/// are new are written once, not to the log first. What is committed is on disk.
pub(super) fn append_only(connection: &Connection) -> Result<(), StoreError> {
    wait_for_disk(connection)?;
    // Refused while somebody looks on; then the log is used, which is slower.
    let _ = connection.pragma_update(Some(PERSONS), "journal_mode", "truncate");
    Ok(())
}

/// Readers and a writer, neither waiting for the other.
pub(super) fn write_ahead(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "journal_mode", "wal")?)
}

fn connect(path: &Path, usage: Use) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_handler(Some(wait_for_turn))?;
    apart::attach_at(&connection, &apart::path_of(path))?;
    // Readers never wait for a writer; what was answered survives a power cut.
    write_ahead(&connection)?;
    set_up(&connection, usage)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn set_up(connection: &Connection, usage: Use) -> Result<(), StoreError> {
    wait_for_disk(connection)?;
    match usage {
        Use::Service => {
            connection.pragma_update(None, "wal_autocheckpoint", SERVICE_LOG_PAGES)?;
        }
        Use::Import => {
            connection.pragma_update(Some(PERSONS), "synchronous", "normal")?;
            connection.pragma_update(Some(PERSONS), "cache_size", -IMPORT_CACHE)?;
            connection.pragma_update(None, "wal_autocheckpoint", IMPORT_LOG_PAGES)?;
        }
    }
    Ok(())
}

/// Whether to try once more, after so many times.
fn wait_for_turn(times: i32) -> bool {
    std::thread::sleep(BUSY_PAUSE);
    BUSY_PAUSE * times.unsigned_abs() < BUSY_TIMEOUT
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
    match path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty())
    {
        Some(directory) => make_private_directory(directory),
        None => Ok(()),
    }
}

/// Makes a directory, and those above it, for their owner only.
pub(super) fn make_private_directory(directory: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.create(directory);
    made.map_err(|source| StoreError::File {
        path: directory.to_owned(),
        source,
    })
}

/// An empty store for a test.
#[cfg(test)]
pub(super) fn in_memory() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    folding::lend_to(&connection).unwrap();
    apart::attach(&connection, ":memory:").unwrap();
    apart::bring_up_to_date(&mut connection, &migrations()).unwrap();
    connection
}

#[cfg(test)]
mod tests {
    use domain::search::SearchForm;
    use domain::visual_confirmation::PersonNumber;

    use super::*;
    use crate::store::Reader;

    /// The old form had a row for each coverage, with its keys in columns.
    const OLD_ROWS: &str = r#"
        INSERT INTO person (id, person_identifier, certificate_serial_number) VALUES
          (1, 'A', 'AB1'), (7, 'B', NULL);
        INSERT INTO coverage (person_id, coverage_key, birthdate, sex1, name_key,
          insurer_name_key, has_unencodable, record) VALUES
          (1, '1', '1980-01-01', '2', 'x', 'x', 0, '{"insured_card_classification":"01",
            "insurer_number":"06130488","insurer_name":"架空","name":"髙橋　葵",
            "name_kana":"ﾀｶﾊｼ ｱｵｲ","sex1":"2","birthdate":"1980-01-01","address":"東京都",
            "qualification_date":"2020-04-01","specific_diseases_certificate_list":[]}'),
          (1, '2', '1980-01-01', '2', 'x', 'x', 0, '{"insured_card_classification":"01",
            "insurer_number":"00138057","insurer_name":"架空市","name":"山﨑　葵",
            "name_kana":"ﾔﾏｻｷ ｱｵｲ","sex1":"2","birthdate":"1980-01-01","address":"東京都",
            "qualification_date":"2024-04-01","specific_diseases_certificate_list":[]}'),
          (7, '3', '1980-01-01', '2', 'x', 'x', 1, '{"insured_card_classification":"01",
            "insurer_number":"06130488","insurer_name":"架空","name":"高●　葵",
            "name_kana":null,"sex1":"2","birthdate":"1980-01-01","address":"東京都",
            "specific_diseases_certificate_list":[]}');
        INSERT INTO institution VALUES (1, '1311234569', 'a');
        INSERT INTO account VALUES (1, 1, 'staff', 'staff', '', 0, 0, NULL);
        INSERT INTO session VALUES (1, x'00', 1, 0, 0);
        INSERT INTO candidate VALUES ('c', 1, 7, '2026-11-22', 0);
    "#;

    #[test]
    fn persons_from_before_are_found_under_their_numbers() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .pragma_update(None, "foreign_keys", true)
            .unwrap();
        folding::lend_to(&connection).unwrap();
        let migrations = migrations();
        migrations.to_version(&mut connection, 1).unwrap();
        connection.execute_batch(OLD_ROWS).unwrap();
        apart::attach(&connection, ":memory:").unwrap();
        apart::bring_up_to_date(&mut connection, &migrations).unwrap();

        let reader = Reader::new(Sql::Sqlite(&connection));
        let form = |name: &str, name_kana: &str| SearchForm {
            name: name.to_owned(),
            name_kana: name_kana.to_owned(),
            birthdate: "1980/1/1".to_owned(),
            sex1: "2".to_owned(),
            address: "東京都".to_owned(),
            qualification_confirmation_date: "2026/11/22".to_owned(),
            ..SearchForm::default()
        };
        let found = |form: SearchForm| -> Vec<i64> {
            let keys = form.parse("2026-11-22".parse().unwrap()).unwrap().keys();
            let matches = reader.search(&keys, 9).unwrap().into_iter();
            matches
                .map(|found| PersonNumber::from(found.person).0)
                .collect()
        };
        assert_eq!(found(form("髙橋葵", "")), [1]);
        assert_eq!(found(form("山﨑葵", "")), [1]);
        assert_eq!(found(form("", "タカハシアオイ")), [1]);
        assert_eq!(found(form("", "ヤマサキアオイ")), [1]);
        assert_eq!(found(form("高橋葵", "")), [7]);
        let with_variants = |form| SearchForm {
            with_variants: true,
            ..form
        };
        assert_eq!(found(with_variants(form("高橋葵", ""))).len(), 2);
        let coverages = |number| reader.coverages(PersonNumber(number).into()).unwrap();
        assert_eq!(coverages(1).len(), 2);
        assert_eq!(coverages(7).len(), 1);
        assert_eq!(coverages(2).len(), 0);
        let person = reader.person_of_certificate("AB1").unwrap().unwrap();
        assert_eq!(PersonNumber::from(person).0, 1);
    }
}
