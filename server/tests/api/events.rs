//! What is followed: whole states after each change, signs of life, and the end.

use axum::http::StatusCode;
use card::demo::DemoCard;
use domain::account::Role;
use protocol::http::{CardReaderState, ReaderScreenState, Stage, TerminalState, path};
use serde_json::json;
use server::clock::Clock as _;

use crate::desk::{Desk, PERSONS, registered, terminal_state};
use crate::harness::{Client, Followed, PASSWORD, Service};

fn service() -> Service {
    let service = Service::new();
    service.import(PERSONS);
    service
}

/// The next state of a terminal in which there is what it waits for.
async fn stage(stream: &mut Followed, revision: &mut u64) -> Option<Stage> {
    let state: TerminalState = stream.state().await;
    assert!(state.revision > *revision, "{} {revision}", state.revision);
    *revision = state.revision;
    let open = state.readers[0].visual_confirmation.clone();
    open.map(|open| open.stage)
}

#[tokio::test]
async fn both_sides_see_every_act() {
    let service = service();
    let mut desk = Desk::new(&service).await;
    let mut terminal = desk.terminal.follow(path::EVENTS).await;
    let mut revision = 0;
    assert_eq!(stage(&mut terminal, &mut revision).await, None);
    let first: ReaderScreenState = desk.stream.state().await;
    assert!(first.visual_confirmation.is_none());

    let id = desk.begin().await;
    let mut seen = vec![stage(&mut terminal, &mut revision).await];
    let begun: ReaderScreenState = desk.stream.state().await;
    assert_eq!(begun.visual_confirmation.unwrap().id.as_str(), id);
    desk.tick(&id, true).await;
    seen.push(stage(&mut terminal, &mut revision).await);
    desk.tick(&id, false).await;
    seen.push(stage(&mut terminal, &mut revision).await);
    desk.tick(&id, true).await;
    seen.push(stage(&mut terminal, &mut revision).await);
    desk.place(&id, DemoCard::Valid).await;
    seen.push(stage(&mut terminal, &mut revision).await);
    desk.answer(&id, [true; 3]).await;
    seen.push(stage(&mut terminal, &mut revision).await);
    let (ticked, card) = (Stage::Confirmation, Stage::Card { failure: None });
    assert_eq!(
        seen[..4],
        [
            Some(ticked.clone()),
            Some(card.clone()),
            Some(ticked),
            Some(card)
        ]
    );
    assert!(matches!(seen[4], Some(Stage::Consents { .. })));
    assert_eq!(seen[5], None);
    // The screen may skip what lies between, never the last.
    let last: ReaderScreenState = desk.stream.state().await;
    assert!(last.visual_confirmation.is_none() && last.revision == revision);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_but_signs_of_life_when_nothing_changes() {
    let service = service();
    service.add_account_elsewhere("stranger", Role::Administrator);
    let mut desk = Desk::new(&service).await;
    let _: ReaderScreenState = desk.stream.state().await;
    for _ in 0..2 {
        // Changes that this screen does not show.
        service.log_in("stranger").await;
        registered(&service, "受付2").await;
        let (name, data) = desk.stream.event().await.unwrap();
        assert_eq!(name, "alive");
        assert!(data.parse::<u64>().unwrap() > 0);
        let screens = terminal_state(&desk.terminal).await.readers;
        let second = screens
            .iter()
            .find(|screen| screen.name == "受付2")
            .unwrap();
        let path = format!("{}/{}", path::READER_SCREENS, second.id);
        service.log_in("admin").await.delete(&path).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminal_s_stream_ends_with_its_session() {
    let service = service();
    let log_out = async |user_id: &str| {
        let client = service.log_in(user_id).await;
        let stream = client.follow(path::EVENTS).await;
        (client, stream)
    };

    let (client, mut stream) = log_out("staff").await;
    client.delete(path::SESSION).await;
    assert!(stream.ends().await, "log-out");

    let (_, mut stream) = log_out("staff").await;
    service.stranger().take_over("staff", PASSWORD).await;
    assert!(stream.ends().await, "taken over");

    let (_, mut stream) = log_out("staff").await;
    let administrator = service.log_in("admin").await;
    let staff = json!({ "user_id": "staff" });
    administrator.post(path::RESET_ACCOUNT, staff).await;
    assert!(stream.ends().await, "another password");

    // Locked: to follow is no use of the session.
    let (client, mut stream) = log_out("admin").await;
    let _: TerminalState = stream.state().await;
    for _ in 0..9 {
        service.clock.advance_seconds(60);
        assert!(!stream.ends().await);
        terminal_state(&client).await;
    }
    service.clock.advance_seconds(60);
    assert!(stream.ends().await, "locked");
    assert_eq!(client.get(path::EVENTS).await.status, StatusCode::LOCKED);
}

#[tokio::test]
async fn the_fifth_stream_ends_the_first() {
    let service = service();
    let desk = Desk::new(&service).await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(desk.terminal.follow(path::EVENTS).await);
        let _: TerminalState = streams.last_mut().unwrap().state().await;
    }
    assert!(streams[0].ends().await);
    desk.begin().await;
    for stream in &mut streams[1..] {
        let state: TerminalState = stream.state().await;
        assert!(state.readers[0].visual_confirmation.is_some());
    }
}

#[tokio::test]
async fn a_screen_is_online_as_long_as_it_follows() {
    let service = service();
    let desk = Desk::new(&service).await;
    let mut terminal = desk.terminal.follow(path::EVENTS).await;
    let reader = async |terminal: &mut Followed| {
        let state: TerminalState = terminal.state().await;
        (state.readers[0].is_online, state.readers[0].card_reader)
    };
    assert_eq!(
        reader(&mut terminal).await,
        (true, CardReaderState::Unknown)
    );
    for (report, seen) in [
        ("ready", CardReaderState::Ready),
        ("card_present", CardReaderState::CardPresent),
        ("absent", CardReaderState::Absent),
    ] {
        let report = json!({ "card_reader": report });
        let answer = desk.screen.put(path::READER_REPORT, report).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(reader(&mut terminal).await, (true, seen));
    }
    let (screen, id) = (desk.screen.clone(), desk.begin().await);
    let _ = reader(&mut terminal).await;
    drop(desk);
    assert_eq!(
        reader(&mut terminal).await,
        (false, CardReaderState::Unknown)
    );
    // Nobody would take back what an absent screen says.
    screen
        .put(path::READER_REPORT, json!({ "card_reader": "ready" }))
        .await;
    // It comes back, and catches up.
    let mut stream = screen.follow(path::READER_EVENTS).await;
    let state: ReaderScreenState = stream.state().await;
    assert_eq!(state.visual_confirmation.unwrap().id.as_str(), id);
    assert_eq!(
        reader(&mut terminal).await,
        (true, CardReaderState::Unknown)
    );
}

#[tokio::test]
async fn a_screen_that_is_gone_says_since_when_also_after_a_restart() {
    let mut service = service();
    let seen = async |client: &Client<'_>| {
        let reader = terminal_state(client).await.readers.remove(0);
        (reader.is_online, reader.last_seen_at)
    };
    let screen = registered(&service, "受付1").await;
    let admin = service.log_in("admin").await;
    assert_eq!(seen(&admin).await, (false, None), "never connected");
    let stream = screen.follow(path::READER_EVENTS).await;
    service.clock.advance_seconds(60);
    assert_eq!(seen(&admin).await, (true, None));
    let gone = service.clock.now();
    drop(stream);
    service.clock.advance_seconds(60);
    assert_eq!(seen(&admin).await, (false, Some(gone)));
    let cookie = admin.cookie;
    let noted = gone.unix_milliseconds().to_string();
    // It is noted behind everybody's back.
    let sql = "SELECT coalesce(CAST(last_seen_at AS TEXT), '') FROM reader_screen";
    while service.query(sql) != [noted.clone()] {
        tokio::task::yield_now().await;
    }
    service.restart();
    let mut admin = service.stranger();
    admin.cookie = cookie;
    assert_eq!(seen(&admin).await, (false, Some(gone)));
}

#[tokio::test]
async fn both_sides_are_told_when_nobody_s_visual_confirmation_ends() {
    let service = service();
    let mut desk = Desk::new(&service).await;
    let _: ReaderScreenState = desk.stream.state().await;
    let mut terminal = desk.terminal.follow(path::EVENTS).await;
    let mut revision = 0;
    assert_eq!(stage(&mut terminal, &mut revision).await, None);
    desk.begin().await;
    assert!(stage(&mut terminal, &mut revision).await.is_some());
    let begun: ReaderScreenState = desk.stream.state().await;
    assert!(begun.visual_confirmation.is_some());
    // Nobody asks for anything: the sweep alone tells.
    service.clock.advance_seconds(180);
    service.sweep().await;
    assert_eq!(stage(&mut terminal, &mut revision).await, None);
    let ended: ReaderScreenState = desk.stream.state().await;
    assert!(ended.visual_confirmation.is_none() && ended.revision > begun.revision);
}

/// The service stops at once, whoever follows.
#[tokio::test]
async fn streams_end_when_the_service_stops() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let service = service();
    let desk = Desk::new(&service).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async move { drop(stopped.await) };
    let serving = server::http::listener::serve(listener, service.router.clone(), stopped);
    let serving = tokio::spawn(serving);
    let mut line = tokio::net::TcpStream::connect(address).await.unwrap();
    let cookie = desk.terminal.cookie.clone().unwrap();
    let request = format!(
        "GET {} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n",
        path::EVENTS
    );
    line.write_all(request.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    while !String::from_utf8_lossy(&text).contains("event: state") {
        assert!(line.read_buf(&mut text).await.unwrap() > 0);
    }
    service.state.end_streams();
    stop.send(()).unwrap();
    serving.await.unwrap();
    line.read_to_end(&mut text).await.unwrap();
    let answer = String::from_utf8_lossy(&text).into_owned();
    assert!(answer.ends_with("0\r\n\r\n"), "ended in order: {answer}");
    let last = answer
        .split("\n\n")
        .filter(|event| event.contains("event:"))
        .last();
    let last = last.unwrap();
    assert!(
        last.contains("event: leaving") && last.contains("retry: "),
        "{last}"
    );
}
