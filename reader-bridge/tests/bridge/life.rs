//! Beginning and end of the program, what it uses, and what it says.

use std::io::Read as _;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use card::demo::DemoCard;
use card::virtual_card::VirtualCard;
use protocol::bridge::{Answer, ErrorCode, Event, FromBridge, SimulatedCard, Verb};
use reader_bridge::pairing::keys::encode;

use crate::page::receive;
use crate::pcsc::Pcscd;
use crate::process::{Usage, program};
use crate::vpcd::Manner;
use crate::{Bridge, ORIGIN, Page};

#[test]
fn who_holds_a_taken_port_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let output = program()
        .args(["run", "--simulator", "--port", &port, "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let own = format!("PID {}", std::process::id());
    assert!(said.contains(&port) && said.contains(&own), "{said}");
    assert!(said.contains("--port"), "{said}");
}

#[test]
fn a_second_one_says_where_the_first_is() {
    let bridge = Bridge::simulated();
    let output = bridge.run(&["run", "--simulator", "--port", "0"]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let place = format!("http://127.0.0.1:{}/", bridge.port);
    assert!(said.contains(&place), "{said}");
    assert!(said.contains(&bridge.process_id().to_string()), "{said}");
}

#[tokio::test]
async fn it_ends_after_the_reading_under_way_and_says_so() {
    let service = Pcscd::start().unwrap();
    let mut bridge = Bridge::on(&service);
    let manner = Manner {
        delay: Duration::from_millis(60),
        is_gone_after: None,
    };
    let card = VirtualCard::new(DemoCard::Valid.profile());
    let _card = service.insert_with(card, manner).unwrap();
    let mut page = Page::enter(bridge.port, 1).await;
    let mut other = Page::enter(bridge.port, 2).await;
    let (reader, generation) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    let second = other.readers().await[1].id;
    let reading = page
        .start(Verb::Read {
            lease,
            card: Some(generation),
            with_ca: true,
        })
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    bridge.terminate();
    other
        .event(|event| matches!(event, Event::Closing).then_some(()))
        .await;
    let refused = other.acquire(second).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Closing);
    page.read_answer(reading).await.unwrap();
    let end = loop {
        match receive(&mut page.socket).await {
            Ok(FromBridge::Event(_)) => {}
            other => break other,
        }
    };
    assert_eq!(end, Err(Some(1001)));
    assert!(bridge.ended());
}

#[tokio::test]
async fn idle_it_uses_next_to_nothing() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let card = VirtualCard::new(DemoCard::Valid.profile());
    let _card = service.insert(card).unwrap();
    let (reader, _) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    for _ in 0..100 {
        page.read(lease, None).await.unwrap();
    }
    let before = Usage::of(bridge.process_id());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let after = Usage::of(bridge.process_id());
    // Hundredths of a second in ten: a thousandth of the processor is one.
    assert!(after.ticks - before.ticks <= 2, "{before:?} {after:?}");
    assert!(after.most_kilobytes < 15 * 1024, "{after:?}");
}

#[tokio::test]
async fn nothing_that_is_said_gets_into_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let log = std::fs::File::create(&file).unwrap();
    let mut command = program();
    command.env("RUST_LOG", "trace").stderr(Stdio::from(log));
    let bridge = Bridge::start(&mut command, &["--simulator", "--pre-approve", ORIGIN]);
    let mut page = Page::enter(bridge.port, 1).await;
    let reader = page.welcome.readers[0].id;
    let lease = page.acquire(reader).await.unwrap().lease;
    let card = Some(SimulatedCard::Valid);
    assert_eq!(page.ask(Verb::Simulate { card }).await, Answer::Done);
    page.read(lease, None).await.unwrap();
    // Something is logged, so that the log is known to be one.
    let refused = crate::page::open(bridge.port, "https://evil.example").await;
    assert!(refused.is_err());
    drop(bridge);
    let mut text = String::new();
    let mut file = std::fs::File::open(file).unwrap();
    file.read_to_string(&mut text).unwrap();
    assert!(text.contains("OriginNotAllowed"), "{text}");
    let certificate = encode(DemoCard::Valid.certificate()).0;
    let key = crate::page::Identity::new(1, "page 1").public().0;
    let secrets = ["page 1", &key[..20], &certificate[..20], "30, 82", "3082"];
    for secret in secrets {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let nothing = tempfile::tempdir().unwrap();
    let doctor = |socket: &std::path::Path| {
        let output = program()
            .args(["doctor", "--origin", ORIGIN, "--data"])
            .arg(nothing.path())
            .env(crate::pcsc::SOCKET_VARIABLE, socket)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (said, output.status.success())
    };
    let (said, is_well) = doctor(&nothing.path().join("none"));
    assert!(!is_well, "{said}");
    assert!(
        said.contains("× カードのサービス") && said.contains("→ pcscd"),
        "{said}"
    );
    let service = Pcscd::start().unwrap();
    let (said, is_well) = doctor(&service.socket());
    assert!(is_well, "{said}");
    assert!(
        said.contains("○ カードリーダー: Virtual PCD 00 00"),
        "{said}"
    );
    assert!(said.contains("動いていません"), "{said}");
    // A running one is found, and asked who it is.
    let bridge = Bridge::on(&service);
    let output = bridge.run(&["doctor"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let place = format!("http://127.0.0.1:{}/", bridge.port);
    assert!(said.contains(&place), "{said}");
}

#[test]
fn it_ends_with_the_program_that_started_it() {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = program();
    let options = ["--simulator", "--until-stdin-closes"];
    let mut bridge = Bridge::start(command.stdin(reader), &options);
    // Without the pipe in this process, it would be the last to hold it.
    drop(command);
    drop(writer);
    assert!(bridge.ended());
}
