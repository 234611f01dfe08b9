use std::sync::atomic::{AtomicBool, Ordering};

use domain::audit::Action;
use domain::timestamp::Timestamp;

use super::super::Server;
use super::*;
use crate::store::pool::Use;
use crate::store::{AuditEvent, Audited, Location, Store};

/// What a later version might bring: a column, and what has to be filled in and found by it.
const LATER: [&str; 4] = [
    "ALTER TABLE institution ADD COLUMN region TEXT; CREATE TABLE later (id BIGINT PRIMARY KEY)",
    "-- again and again
UPDATE institution SET region = 'x' FROM (SELECT pg_sleep(0.05)) pause
  WHERE id IN (SELECT id FROM institution WHERE region IS NULL LIMIT 5)",
    "-- one by one
DROP INDEX CONCURRENTLY IF EXISTS institution_region;
CREATE INDEX CONCURRENTLY institution_region ON institution (region)",
    "CREATE INDEX later_id ON later (id)",
];

/// A database of its own on the server that `SHIKAKU_TEST_DATABASE` names.
fn database(name: &str) -> Option<Location> {
    let url = std::env::var("SHIKAKU_TEST_DATABASE").ok()?;
    let Location::Server(mut config) = url.parse().unwrap() else {
        panic!("no server")
    };
    let name = format!("shikaku_{name}_{}", std::process::id());
    let server = Server::new(&config, Use::Service).unwrap();
    let make = |sql: Sql<'_>| Ok(sql.execute_batch(&format!("CREATE DATABASE {name}"))?);
    server.with::<_, StoreError>(make).unwrap();
    config.dbname(name);
    Some(Location::Server(config))
}

/// A connection, and what drives it.
fn connect(location: &Location) -> (Session, Server) {
    let Location::Server(config) = location else {
        panic!("no server")
    };
    let server = Server::new(config, Use::Service).unwrap();
    (server.connect().unwrap(), server)
}

fn version(sql: Sql<'_>) -> usize {
    let select = "SELECT version FROM schema_version";
    sql.query_row(select, [], |row| row.get(0)).unwrap()
}

fn write(store: &Store) -> Result<(), StoreError> {
    let now = Timestamp::from_unix_milliseconds(1_795_316_400_000);
    let event = || AuditEvent::new(Action::ServiceStarted, None);
    store.write_blocking(now, |_| Ok(Audited::new((), event())))
}

#[test]
fn a_server_goes_on_while_tables_become_those_of_a_later_version() {
    let Some(location) = database("migrating") else {
        return;
    };
    let store = Store::open(&location).unwrap();
    let ((later, _driven), (reader, _driven_too)) = (connect(&location), connect(&location));
    let later = Sql::Postgres(&later);
    later
        .execute_batch(
            "INSERT INTO institution (medical_institution_code, name)
             SELECT number::text, '' FROM generate_series(1, 40) number",
        )
        .unwrap();
    let all = [MIGRATIONS, &LATER].concat();
    // Somebody reads for long: the table can't be had meanwhile.
    Sql::Postgres(&reader)
        .execute_batch("BEGIN; SELECT count(*) FROM institution")
        .unwrap();
    let is_done = AtomicBool::new(false);
    let answered = std::thread::scope(|scope| {
        let (store, is_done) = (&store, &is_done);
        let serving = scope.spawn(move || {
            let mut answered = 0;
            while !is_done.load(Ordering::Relaxed) {
                store
                    .read_blocking(|reader| reader.check())
                    .expect("it answers");
                write(store).expect("it takes changes");
                answered += 1;
                if answered == 20 {
                    Sql::Postgres(&reader).execute_batch("COMMIT").unwrap();
                }
            }
            answered
        });
        let brought = bring(later, &all);
        is_done.store(true, Ordering::Relaxed);
        let answered = serving.join().unwrap();
        brought.unwrap();
        answered
    });
    assert!(answered >= 20);
    assert_eq!(version(later), all.len());
    let select = "SELECT count(*) FROM institution WHERE region = 'x'";
    let filled: usize = later.query_row(select, [], |row| row.get(0)).unwrap();
    assert_eq!(filled, 40);
    // The version before starts on them, too, until they need a later one.
    write(&Store::open(&location).unwrap()).unwrap();
    assert_eq!(version(later), all.len());
    let needs = format!("UPDATE schema_version SET needs = {}", all.len());
    later.execute_batch(&needs).unwrap();
    assert!(matches!(Store::open(&location), Err(StoreError::Newer)));
}

#[test]
fn a_migration_that_fails_leaves_nothing() {
    let Some(location) = database("failing_migration") else {
        return;
    };
    drop(Store::open(&location).unwrap());
    let (session, _driven) = connect(&location);
    let sql = Sql::Postgres(&session);
    let wrong = ["CREATE TABLE half (id BIGINT); SELECT nothing"];
    let all = [MIGRATIONS, &wrong].concat();
    assert!(bring(sql, &all).is_err());
    assert_eq!(version(sql), MIGRATIONS.len());
    let half = sql.execute_batch("SELECT 1 FROM half");
    assert!(half.is_err());
}
