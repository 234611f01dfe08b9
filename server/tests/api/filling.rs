//! A first import into a database server. Without `SHIKAKU_TEST_DATABASE` there is nothing to
//! test: the file's is in [`crate::commands`].

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use server::store::{Store, StoreError};
use tempfile::TempDir;

use crate::commands::{interrupted_file, program, text};
use crate::database::Database;

fn import(database: &Database, folder: &Path, file: &Path) -> Command {
    let mut command = program();
    // What it sorts is below the folder that it runs in.
    command
        .current_dir(folder)
        .args(["import", file.to_str().unwrap(), "--database"])
        .arg(database.url());
    command
}

/// Everybody, every way to them, and whose they are, as [`crate::commands::coverages`] has it.
fn rows(database: &Database) -> Vec<String> {
    database.query(
        "SELECT * FROM (SELECT id || ':' || upper(encode(record, 'hex')) FROM person ORDER BY id) a
         UNION ALL SELECT * FROM
           (SELECT key || ':' || person FROM person_key ORDER BY key, person) b
         UNION ALL SELECT * FROM
           (SELECT id || ':' || number || name FROM insurer ORDER BY id) c",
    )
}

#[test]
fn a_first_import_comes_to_the_same_as_into_a_file_even_if_it_was_killed() {
    let Some(database) = Database::empty() else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let (file, expected, summary) = interrupted_file(folder.path());
    let mut first = import(&database, folder.path(), &file);
    let mut first = first
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A division by zero as long as nothing is noted.
    let is_noted = || database.run("SELECT 1 / count(*) FROM import_progress");
    while is_noted().is_err() {
        assert_eq!(
            first.try_wait().unwrap(),
            None,
            "ended before it was killed"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(database.query("SELECT count(*) FROM filling"), ["1"]);
    let output = import(&database, folder.path(), &file).output().unwrap();
    let said = text(&output.stderr);
    assert!(said.contains("went on at line"), "{said}");
    assert_eq!(text(&output.stdout), summary);
    assert!(rows(&database) == expected, "the stores differ");
    let left = std::fs::read_dir(folder.path().join("data")).unwrap();
    assert_eq!(left.count(), 0, "what was sorted is gone");
    let again = import(&database, folder.path(), &file).output().unwrap();
    assert!(text(&again.stdout).contains("0 added, 0 changed"));
}

#[test]
fn a_first_import_is_alone_and_others_are_together() {
    let Some(database) = Database::empty() else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let open = || Store::open_for_import_in(&database.location(), folder.path());
    let first = open().unwrap();
    assert!(matches!(open(), Err(StoreError::BeingFilled)));
    // Servers go on meanwhile.
    Store::open(&database.location()).unwrap();
    drop(first);
    let insert = "INSERT INTO person (id, record) VALUES (1, '')";
    database.run(insert).unwrap();
    let opened = loop {
        // The lock is gone when the database has noticed.
        match open() {
            Err(StoreError::BeingFilled) => std::thread::sleep(Duration::from_millis(10)),
            opened => break opened,
        }
    };
    let _second = opened.unwrap();
    open().unwrap();
}
