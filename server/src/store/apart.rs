//! The file of the persons, beside the one of everything else.
//!
//! `SQLite` lets one at a time write to a file. An import writes thousands of pages a
//! second, and a search one line of the trail: in one file each search would wait for the
//! import, and for the disk until all of that is there. So persons, and all that is noted of
//! imports, are in a second file, which every connection attaches: statements do not tell
//! the difference.
//!
//! What is committed is whole in each file, but not in both at once after a crash. `SQLite`
//! commits the main file first, so its line of the trail is on disk before a person is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::Migrations;

use super::StoreError;

/// The name of the file in statements.
pub(super) const PERSONS: &str = "persons";

const TABLES: &str = include_str!("../../migrations/persons/001_initial.sql");

/// Migrations of the main file before persons leave it.
const BEFORE: usize = 17;

/// What both files have had since, and is copied from the one to the other.
const COPIED: [&str; 7] = [
    "person",
    "person_key",
    "insurer",
    "person_number",
    "former_person",
    "import_progress",
    "filling",
];

/// Where persons are, beside a store at `path`.
pub(super) fn path_of(path: &Path) -> PathBuf {
    path.with_extension("persons.sqlite")
}

/// Refuses one of the two files without the other: what is missing would be taken for empty, and
/// persons for those of an interrupted copy.
pub(super) fn refuse_half(path: &Path, persons: &Path) -> Result<(), StoreError> {
    let main = Connection::open(path)?;
    if !persons.exists() {
        return if version(&main, None)? > BEFORE {
            Err(unusable(persons, ErrorKind::NotFound))
        } else {
            Ok(())
        };
    }
    if version(&main, None)? == 0 && has_persons(&Connection::open(persons)?)? {
        return Err(unusable(path, ErrorKind::NotFound));
    }
    Ok(())
}

fn has_persons(persons: &Connection) -> Result<bool, StoreError> {
    if version(persons, None)? == 0 {
        return Ok(false);
    }
    Ok(persons.query_row("SELECT EXISTS (SELECT 1 FROM person)", [], only)?)
}

/// Attaches the persons' file at a path, which `SQLite` takes as text only.
pub(super) fn attach_at(connection: &Connection, persons: &Path) -> Result<(), StoreError> {
    let text = persons.to_str();
    attach(
        connection,
        text.ok_or_else(|| unusable(persons, ErrorKind::InvalidFilename))?,
    )
}

fn unusable(path: &Path, why: ErrorKind) -> StoreError {
    StoreError::File {
        path: path.to_owned(),
        source: why.into(),
    }
}

/// Attaches the persons' file.
pub(super) fn attach(connection: &Connection, persons: &str) -> Result<(), StoreError> {
    connection.execute("ATTACH ?1 AS persons", [persons])?;
    Ok(())
}

/// Brings the tables of both files up to date; persons who are in the main file move.
pub(super) fn bring_up_to_date(
    connection: &mut Connection,
    migrations: &Migrations<'_>,
) -> Result<(), StoreError> {
    if version(connection, Some(PERSONS))? == 0 {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(TABLES)?;
        transaction.commit()?;
    }
    if version(connection, None)? <= BEFORE {
        migrations.to_version(connection, BEFORE)?;
        copy(connection)?;
    }
    Ok(migrations.to_latest(connection)?)
}

/// How many migrations a file has had; 0 of a new one.
fn version(connection: &Connection, file: Option<&str>) -> Result<usize, StoreError> {
    Ok(connection.pragma_query_value(file, "user_version", only)?)
}

/// Copies what is in the main file, and stays there until all of it is on disk: whoever is
/// interrupted begins again.
fn copy(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(Some(PERSONS), "synchronous", "full")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for table in COPIED {
        transaction.execute_batch(&format!(
            "DELETE FROM persons.{table}; INSERT INTO persons.{table} SELECT * FROM main.{table}"
        ))?;
    }
    Ok(transaction.commit()?)
}

fn only<T: rusqlite::types::FromSql>(row: &rusqlite::Row<'_>) -> rusqlite::Result<T> {
    row.get(0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::timestamp::Timestamp;
    use tempfile::TempDir;

    use super::*;
    use crate::store::{Location, Store};

    fn store() -> (TempDir, PathBuf, Store) {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("shikaku.sqlite");
        let store = Store::open(&Location::File(path.clone())).unwrap();
        (directory, path, store)
    }

    #[test]
    fn who_writes_persons_holds_up_nobody_else() {
        let (_directory, path, store) = store();
        let can_write = |path: &Path| {
            let other = Connection::open(path).unwrap();
            other.busy_timeout(Duration::ZERO).unwrap();
            other.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok()
        };
        let work = |_: &crate::store::Writer<'_>| {
            Ok::<_, StoreError>((can_write(&path), can_write(&path_of(&path))))
        };
        let during = store.write_persons_blocking(Timestamp::from_unix_milliseconds(0), work);
        assert_eq!(during.unwrap(), (true, false));
    }

    #[test]
    fn others_are_heard_when_they_write_something_else() {
        let (_directory, path, store) = store();
        let before = store.version_of_others().unwrap();
        store
            .write_persons_blocking(Timestamp::from_unix_milliseconds(0), |_| {
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(store.version_of_others().unwrap(), before);
        let other = Connection::open(&path).unwrap();
        other.execute("INSERT INTO turn VALUES (1)", []).unwrap();
        assert_ne!(store.version_of_others().unwrap(), before);
    }

    #[test]
    fn a_store_without_its_persons_is_refused() {
        let (_directory, path, store) = store();
        drop(store);
        std::fs::remove_file(path_of(&path)).unwrap();
        let refused = Store::open(&Location::File(path.clone())).err();
        assert!(
            matches!(&refused, Some(StoreError::File { path: missing, .. }) if *missing == path_of(&path)),
            "{refused:?}"
        );
    }

    /// A new store must not take the persons' file of another for one that it may empty.
    #[test]
    fn persons_without_the_rest_of_their_store_are_refused() {
        let (_directory, path, store) = store();
        drop(store);
        let persons = Connection::open(path_of(&path)).unwrap();
        persons
            .execute("INSERT INTO person VALUES (1, x'00')", [])
            .unwrap();
        std::fs::remove_file(&path).unwrap();
        let refused = Store::open(&Location::File(path.clone())).err();
        assert!(
            matches!(&refused, Some(StoreError::File { path: missing, .. }) if *missing == path),
            "{refused:?}"
        );
        let count: i64 = persons
            .query_row("SELECT count(*) FROM person", [], only)
            .unwrap();
        assert_eq!(count, 1);
    }

    /// The copy is whole before anything is taken away: interrupted in between, it is made
    /// again.
    #[test]
    fn persons_move_once_however_often_that_is_begun() {
        let mut connection = Connection::open_in_memory().unwrap();
        attach(&connection, ":memory:").unwrap();
        let migrations = crate::store::pool::migrations();
        crate::store::folding::lend_to(&connection).unwrap();
        connection.execute_batch(TABLES).unwrap();
        migrations.to_version(&mut connection, BEFORE).unwrap();
        connection
            .execute("INSERT INTO main.person_key VALUES (1, 2)", [])
            .unwrap();
        copy(&mut connection).unwrap();
        bring_up_to_date(&mut connection, &migrations).unwrap();
        let keys = "SELECT count(*) FROM person_key WHERE key = 1 AND person = 2";
        let keys: i64 = connection.query_row(keys, [], only).unwrap();
        assert_eq!(keys, 1);
    }
}
