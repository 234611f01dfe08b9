//! Cards that are read, taken and put back, on a real PC/SC service.

use std::process::Stdio;
use std::time::Duration;

use ::pcsc::{Context, Disposition, Protocols, Scope, ShareMode};
use card::demo::DemoCard;
use card::virtual_card::{Profile, VirtualCard};
use protocol::bridge::{CardKind, CardState, ErrorCode, Event, ServiceState, Verb};
use reader_bridge::pairing::keys::encode;

use crate::pcsc::Pcscd;
use crate::vpcd::Manner;
use crate::{Bridge, Page};

fn valid() -> VirtualCard {
    VirtualCard::new(DemoCard::Valid.profile())
}

#[tokio::test]
async fn a_card_is_read_through_the_real_service() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let reader = page.reader(|_| true).await;
    assert_eq!(reader.card, CardState::Absent);
    let card = service.insert(valid()).unwrap();
    let (reader, generation) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    for _ in 0..20 {
        let read = page.read(lease, Some(generation)).await.unwrap();
        assert_eq!(read.certificate, encode(DemoCard::Valid.certificate()));
        assert_eq!((read.reader, read.card), (reader, generation));
    }
    // Reading is no change of cards.
    assert_eq!(page.card().await, (reader, generation));
    drop(card);
}

#[tokio::test]
async fn what_is_no_my_number_card_is_named() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let reader = page.reader(|_| true).await.id;
    let lease = page.acquire(reader).await.unwrap().lease;
    let request = page
        .start(Verb::Read {
            lease,
            card: None,
            with_ca: false,
        })
        .await;
    let _card = service
        .insert(VirtualCard::new(Profile::driving_licence()))
        .unwrap();
    let failure = page.read_answer(request).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::NotAMyNumberCard);
    assert!(failure.may_have_executed);
    let kind = |state| match state {
        CardState::Present { kind, .. } => kind,
        _ => None,
    };
    assert_eq!(kind(page.readers().await[0].card), Some(CardKind::Other));
}

#[tokio::test]
async fn a_card_that_is_put_back_is_another_one() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let card = service.insert(valid()).unwrap();
    let (reader, first) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    card.pull().unwrap();
    page.reader(|reader| reader.card == CardState::Absent).await;
    let _again = service.insert(valid()).unwrap();
    let (same_reader, second) = page.card().await;
    assert_eq!(same_reader, reader);
    assert!(second > first);
    let stale = page.read(lease, Some(first)).await.unwrap_err();
    assert_eq!(stale.code, ErrorCode::StaleCard);
    assert!(!stale.may_have_executed && stale.retryable);
    page.read(lease, Some(second)).await.unwrap();
}

#[tokio::test]
async fn a_card_that_is_taken_while_it_is_read_is_said_so_once() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let reader = page.reader(|_| true).await.id;
    let lease = page.acquire(reader).await.unwrap().lease;
    for answered in [0, 1, 3, 6] {
        let manner = Manner {
            delay: Duration::from_millis(5),
            is_gone_after: Some(answered),
        };
        let mut card = service.insert_with(valid(), manner).unwrap();
        let failure = page.read(lease, None).await.unwrap_err();
        assert_eq!(failure.code, ErrorCode::CardRemoved, "{answered}");
        assert!(failure.may_have_executed && failure.retryable);
        // The commands that it answered, and one that it did not: none came twice.
        card.wait().unwrap();
        page.reader(|reader| reader.card == CardState::Absent).await;
    }
    let _card = service.insert(valid()).unwrap();
    page.read(lease, None).await.unwrap();
}

#[tokio::test]
async fn a_page_that_is_gone_leaves_the_reader_to_the_next() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let manner = Manner {
        delay: Duration::from_millis(20),
        is_gone_after: None,
    };
    let _card = service.insert_with(valid(), manner).unwrap();
    let mut killed = Page::enter(bridge.port, 1).await;
    let mut next = Page::enter(bridge.port, 2).await;
    let (reader, generation) = killed.card().await;
    let lease = killed.acquire(reader).await.unwrap().lease;
    let refused = next.acquire(reader).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReaderInUse);
    let held = next.reader(|reader| reader.holder.is_some()).await;
    let holder = held.holder.unwrap();
    assert_eq!((holder.label.as_str(), holder.is_you), ("page 1", false));
    // In the middle of a reading, without a word, as a killed tab's.
    killed
        .start(Verb::Read {
            lease,
            card: Some(generation),
            with_ca: true,
        })
        .await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(killed);
    next.event(|event| match event {
        Event::ReaderChanged(reader) if reader.holder.is_none() => Some(()),
        _ => None,
    })
    .await;
    // No question, no waiting for anything but the end of the command.
    let lease = next.acquire(reader).await.unwrap().lease;
    let read = next.read(lease, None).await.unwrap();
    assert_eq!(read.certificate, encode(DemoCard::Valid.certificate()));
}

#[tokio::test]
async fn a_reader_that_goes_takes_the_lease_with_it() {
    let mut service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let manner = Manner {
        delay: Duration::from_millis(100),
        is_gone_after: None,
    };
    let _card = service.insert_with(valid(), manner).unwrap();
    let (reader, generation) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    let request = page
        .start(Verb::Read {
            lease,
            card: Some(generation),
            with_ca: false,
        })
        .await;
    tokio::time::sleep(Duration::from_millis(250)).await;
    service.kill().unwrap();
    let failure = page.read_answer(request).await.unwrap_err();
    let expected = [
        ErrorCode::ServiceUnavailable,
        ErrorCode::ReaderRemoved,
        ErrorCode::CardRemoved,
    ];
    assert!(expected.contains(&failure.code), "{failure:?}");
    assert!(failure.may_have_executed);
    page.event(|event| match event {
        Event::Service(ServiceState::Unavailable) => Some(()),
        _ => None,
    })
    .await;
    page.event(|event| match event {
        Event::LeaseLost { lease: lost, .. } if *lost == lease => Some(()),
        _ => None,
    })
    .await;
    page.event(|event| match event {
        Event::ReaderRemoved { reader: gone } if *gone == reader => Some(()),
        _ => None,
    })
    .await;
    // Everything is as before with the next service, under other numbers.
    service.start_service().unwrap();
    let _card = service.insert(valid()).unwrap();
    let (again, _) = page.card().await;
    assert!(again > reader);
    let removals = page
        .events()
        .into_iter()
        .filter(|event| *event == Event::ReaderRemoved { reader });
    assert_eq!(removals.count(), 0, "said twice");
    let lease = page.acquire(again).await.unwrap().lease;
    page.read(lease, None).await.unwrap();
}

/// Keeps the first card to itself until its input ends.
#[test]
#[ignore = "another program on the machine, which a test below starts"]
fn another_program() {
    let context = Context::establish(Scope::User).unwrap();
    let names = context.list_readers_owned().unwrap();
    let card = context.connect(&names[0], ShareMode::Exclusive, Protocols::ANY);
    let card = card.unwrap();
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).unwrap();
    assert!(card.disconnect(Disposition::LeaveCard).is_ok());
}

#[tokio::test]
async fn a_card_that_another_program_has_is_said_so_and_waited_for() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let _card = service.insert(valid()).unwrap();
    let (reader, generation) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    let mut other = service
        .client(std::env::current_exe().unwrap())
        .args(["--exact", "cards::another_program", "--ignored"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let elsewhere = CardState::InUseElsewhere { generation };
    page.reader(|reader| reader.card == elsewhere).await;
    let failure = page.read(lease, Some(generation)).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::CardInUseElsewhere);
    assert!(failure.retryable && !failure.may_have_executed);
    let waiting = page
        .start(Verb::Read {
            lease,
            card: None,
            with_ca: false,
        })
        .await;
    drop(other.stdin.take());
    let read = page.read_answer(waiting).await.unwrap();
    assert_eq!(read.card, generation);
    assert!(other.wait().unwrap().success());
}
