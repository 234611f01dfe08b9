//! Several servers on one database, and what becomes of them when it goes away. Without
//! `SHIKAKU_TEST_DATABASE` there is nothing to test: a file has one server.

use axum::http::{Method, StatusCode};
use protocol::http::{CardReaderState, ProblemCode, ReaderState, TerminalState, path};
use server::store::{Location, Store, StoreError};

use crate::database::Database;
use crate::desk::{Desk, PERSONS, terminal_state};
use crate::harness::{Client, Followed, PASSWORD, Service};

/// The same browser at another server.
fn at<'a>(service: &'a Service, client: &Client<'_>) -> Client<'a> {
    let mut moved = service.stranger();
    moved.cookie.clone_from(&client.cookie);
    moved
}

/// Everybody but who asks loses his connection.
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn assert_whole(service: &Service, lines: usize) {
    let verified = service
        .store
        .read_blocking::<_, StoreError>(|reader| reader.verify_audit(None))
        .unwrap();
    assert_eq!(verified.broken, None);
    assert_eq!(verified.lines, u64::try_from(lines).unwrap());
}

#[tokio::test]
async fn what_is_changed_at_one_is_told_at_the_other() {
    let here = Service::new();
    let Some(there) = here.beside() else { return };
    let admin = here.log_in("admin").await;
    let mut stream = at(&there, &admin).follow(path::EVENTS).await;
    let before: TerminalState = stream.state().await;
    assert!(before.readers.is_empty());
    let body = serde_json::json!({ "name": "受付1" });
    let pairing = admin.post(path::READER_SCREENS, body).await;
    let code: protocol::http::ReaderPairing = pairing.json();
    let mut screen = here.stranger();
    assert_eq!(screen.pair(&code.code).await.status, StatusCode::OK);
    let after: TerminalState = stream.state().await;
    assert_eq!(after.readers.len(), 1);
    assert!(after.revision > before.revision);
    // A page that goes back takes nothing for older than what it has.
    // They have to have heard of each other, which takes a moment after the start.
    while terminal_state(&admin).await.revision < after.revision {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_screen_of_one_is_seen_and_used_at_the_other() {
    let here = Service::new();
    let Some(there) = here.beside() else { return };
    here.import(PERSONS);
    let desk = Desk::new(&here).await;
    let terminal = at(&there, &desk.terminal);
    let mut stream = terminal.follow(path::EVENTS).await;
    let reader = async |stream: &mut Followed, is_so: fn(&ReaderState) -> bool| {
        loop {
            let reader = stream.state::<TerminalState>().await.readers.remove(0);
            if is_so(&reader) {
                break;
            }
        }
    };
    reader(&mut stream, |reader| reader.is_online).await;
    // Its report may come to the other one.
    let screen = at(&there, &desk.screen);
    let report = serde_json::json!({ "card_reader": "ready" });
    let answer = screen.put(path::READER_REPORT, report).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    reader(&mut stream, |reader| {
        reader.card_reader == CardReaderState::Ready
    })
    .await;
    let mut told = desk.terminal.follow(path::EVENTS).await;
    reader(&mut told, |reader| {
        reader.card_reader == CardReaderState::Ready
    })
    .await;
    let begun = desk.try_begin(&terminal).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    drop(desk);
    reader(&mut stream, |reader| !reader.is_online).await;
}

#[tokio::test]
async fn both_write_one_trail() {
    let here = Service::opened().await;
    let Some(there) = here.beside() else { return };
    let before = here.query("SELECT count(*) FROM audit")[0].parse::<usize>();
    let (admin, staff) = (here.log_in("admin").await, there.log_in("staff").await);
    let turns = (0..20).map(|turn| {
        let client = if turn % 2 == 0 { &admin } else { &staff };
        let service = if turn % 3 == 0 { &there } else { &here };
        let client = at(service, client);
        async move {
            let form = crate::searches::taro();
            client.search(&form).await.status
        }
    });
    let answers = futures_util::future::join_all(turns).await;
    assert!(answers.iter().all(|status| *status == StatusCode::OK));
    assert_whole(&there, before.unwrap() + 2 + 20);
}

#[tokio::test]
async fn attempts_are_counted_wherever_they_are_made() {
    let here = Service::new();
    let Some(there) = here.beside() else { return };
    for service in [&here, &there, &here, &there, &here] {
        let answer = service.stranger().log_in("staff", "wrong password").await;
        assert_eq!(answer.problem().code, ProblemCode::LogInRefused);
    }
    let answer = there.stranger().log_in("staff", PASSWORD).await;
    assert_eq!(answer.problem().code, ProblemCode::TooManyAttempts);
}

#[tokio::test]
async fn lost_connections_are_made_again_and_nothing_is_told_that_is_not_so() {
    let here = Service::new();
    if here.beside().is_none() {
        return;
    }
    let admin = here.log_in("admin").await;
    let mut stream = admin.follow(path::EVENTS).await;
    let _: TerminalState = stream.state().await;
    let mut issued = 0;
    for _ in 0..5 {
        let cut = async { here.query(CUT) };
        let issue = admin.send(Method::POST, path::PASSCODES, None);
        let (_, answer) = tokio::join!(cut, issue);
        match answer.status {
            StatusCode::CREATED | StatusCode::OK => issued += 1,
            status => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE),
        }
    }
    // The connections that died are known to be dead after a moment.
    let mut answer = admin.get(path::SESSION).await;
    while answer.status == StatusCode::SERVICE_UNAVAILABLE {
        tokio::task::yield_now().await;
        answer = admin.get(path::SESSION).await;
    }
    assert_eq!(answer.status, StatusCode::OK);
    let kept = here.query("SELECT count(*) FROM passcode")[0].parse::<usize>();
    assert!(kept.unwrap() >= issued);
    let lines = here.query("SELECT count(*) FROM audit")[0].parse::<usize>();
    assert_whole(&here, lines.unwrap());
    // The stream hears again.
    let body = serde_json::json!({ "name": "受付1" });
    let code: protocol::http::ReaderPairing = admin.post(path::READER_SCREENS, body).await.json();
    let mut screen = here.stranger();
    assert_eq!(screen.pair(&code.code).await.status, StatusCode::OK);
    loop {
        let state: TerminalState = stream.state().await;
        if state.readers.len() == 1 {
            break;
        }
    }
}

/// Whoever commits has told: nothing is left to do for him after it.
#[tokio::test]
async fn what_is_committed_is_told_whoever_commits_it() {
    let service = Service::new();
    if service.beside().is_none() {
        return;
    }
    let admin = service.log_in("admin").await;
    let mut stream = admin.follow(path::EVENTS).await;
    let before: TerminalState = stream.state().await;
    assert!(before.readers.is_empty());
    service
        .database
        .run(
            "INSERT INTO reader_screen (public_id, institution_id, name, token_hash, registered_at)
             SELECT repeat('a', 22), institution_id, '受付9', decode(repeat('00', 32), 'hex'), 0
             FROM account WHERE user_id = 'admin'",
        )
        .unwrap();
    let after: TerminalState = stream.state().await;
    assert_eq!(after.readers.len(), 1);
    assert!(after.revision > before.revision);
}

/// As when another server takes over, and this one is fenced off before it goes.
#[tokio::test]
async fn connections_to_a_server_that_takes_no_changes_are_left() {
    let here = Service::new();
    if here.beside().is_none() {
        return;
    }
    let admin = here.log_in("admin").await;
    let name = here.query("SELECT current_database()").remove(0);
    let fence = |is_on| {
        let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = {is_on}");
        here.database
            .run(&format!("SET transaction_read_only = off; {sql}"))
    };
    fence("on").unwrap();
    here.query(CUT);
    let refused = admin.send(Method::POST, path::PASSCODES, None).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    fence("off").unwrap();
    let mut answer = admin.send(Method::POST, path::PASSCODES, None).await;
    while answer.status == StatusCode::SERVICE_UNAVAILABLE {
        tokio::task::yield_now().await;
        answer = admin.send(Method::POST, path::PASSCODES, None).await;
    }
    assert!(answer.status.is_success(), "{}", answer.text());
}

#[test]
fn servers_that_start_at_once_make_the_tables_once() {
    let Some(database) = Database::empty() else {
        return;
    };
    let location = database.location();
    let epochs: Vec<u64> = std::thread::scope(|scope| {
        let open = || Store::open(&location).unwrap().epoch();
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    let mut sorted = epochs.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [1, 2, 3, 4]);
    assert_eq!(database.query("SELECT version FROM schema_version"), ["3"]);
}

#[test]
fn tables_of_a_later_version_are_left_alone() {
    let Some(database) = Database::empty() else {
        return;
    };
    drop(Store::open(&database.location()).unwrap());
    let later = "UPDATE schema_version SET version = version + 1, needs = version + 1";
    database.run(later).unwrap();
    let refused = Store::open(&database.location());
    assert!(matches!(refused, Err(StoreError::Newer)));
    assert!(matches!(database.location(), Location::Server(_)));
}
