//! A card service that is killed, stopped, and started again.

use std::process::Command;
use std::time::{Duration, Instant};

use card::demo::DemoCard;
use card::virtual_card::VirtualCard;
use protocol::bridge::{ErrorCode, Event, ServiceState, Verb};

use crate::pcsc::Pcscd;
use crate::process::Usage;
use crate::{Bridge, Page};

fn valid() -> VirtualCard {
    VirtualCard::new(DemoCard::Valid.profile())
}

fn signal(service: &Pcscd, signal: &str) {
    let id = service.process_id().unwrap().to_string();
    let status = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(status.success());
}

/// Stops the service as a driver does that hangs, and waits until all of it stands still.
fn freeze(service: &Pcscd) {
    signal(service, "-STOP");
    let tasks = format!("/proc/{}/task", service.process_id().unwrap());
    let is_still = |task: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        stat.rsplit(')')
            .next()
            .is_some_and(|rest| rest.trim_start().starts_with('T'))
    };
    while !std::fs::read_dir(&tasks).unwrap().flatten().all(is_still) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

async fn service_is(page: &mut Page, wanted: ServiceState) {
    page.event(|event| match event {
        Event::Service(state) if *state == wanted => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_service_that_is_restarted_fifty_times_leaves_nothing_behind() {
    let mut service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    page.reader(|_| true).await;
    let mut after_some = None;
    let mut last_reader = None;
    for restart in 1..=50 {
        service.kill().unwrap();
        service_is(&mut page, ServiceState::Unavailable).await;
        assert!(page.readers().await.is_empty());
        service.start_service().unwrap();
        let _card = service.insert(valid()).unwrap();
        let (reader, generation) = page.card().await;
        assert!(Some(reader) > last_reader, "numbers are used once");
        last_reader = Some(reader);
        let lease = page.acquire(reader).await.unwrap().lease;
        page.read(lease, Some(generation)).await.unwrap();
        // The first few fill what is kept from then on.
        if restart == 5 {
            after_some = Some(Usage::of(bridge.process_id()));
        }
    }
    let (before, after) = (after_some.unwrap(), Usage::of(bridge.process_id()));
    assert!(after.files <= before.files, "{before:?} {after:?}");
    assert!(after.threads <= before.threads, "{before:?} {after:?}");
    assert!(
        after.kilobytes <= before.kilobytes + 2048,
        "{before:?} {after:?}"
    );
}

#[tokio::test]
async fn a_service_that_is_there_later_is_found() {
    let mut service = Pcscd::start().unwrap();
    service.kill().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    assert_eq!(page.welcome.service, ServiceState::Unavailable);
    assert!(page.welcome.readers.is_empty());
    service.start_service().unwrap();
    service_is(&mut page, ServiceState::Available).await;
    page.reader(|_| true).await;
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_named_and_waited_for() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let _card = service.insert(valid()).unwrap();
    let (reader, generation) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    page.read(lease, Some(generation)).await.unwrap();
    freeze(&service);
    let asked = Instant::now();
    let failure = page.read(lease, Some(generation)).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::ServiceStuck);
    assert!(!failure.may_have_executed && failure.retryable);
    // Ten seconds are allowed; the rest is this machine's.
    assert!(asked.elapsed() < Duration::from_secs(20));
    // Everything else goes on meanwhile.
    assert_eq!(page.readers().await.len(), 2);
    let busy = page.read(lease, Some(generation)).await.unwrap_err();
    assert!(
        [ErrorCode::ReaderBusy, ErrorCode::ServiceStuck].contains(&busy.code),
        "{busy:?}"
    );
    service_is(&mut page, ServiceState::Stuck).await;
    signal(&service, "-CONT");
    service_is(&mut page, ServiceState::Available).await;
    // The command that was given up never came: the card was not even opened in time.
    loop {
        match page.read(lease, Some(generation)).await {
            Ok(_) => break,
            Err(failure) => assert!(failure.retryable, "{failure:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_wait_for_a_card_is_ended_by_its_page() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let reader = page.reader(|_| true).await.id;
    let lease = page.acquire(reader).await.unwrap().lease;
    for _ in 0..3 {
        let request = page
            .start(Verb::Read {
                lease,
                card: None,
                with_ca: false,
            })
            .await;
        page.ask(Verb::Cancel { request }).await;
        let failure = page.read_answer(request).await.unwrap_err();
        assert_eq!(failure.code, ErrorCode::Cancelled);
        assert!(!failure.may_have_executed);
    }
    let _card = service.insert(valid()).unwrap();
    page.read(lease, None).await.unwrap();
}

#[tokio::test]
async fn after_a_sleep_cards_count_as_placed_anew() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let mut page = Page::enter(bridge.port, 1).await;
    let _card = service.insert(valid()).unwrap();
    let (reader, before) = page.card().await;
    let lease = page.acquire(reader).await.unwrap().lease;
    page.read(lease, Some(before)).await.unwrap();
    // To the bridge it is the same: the clock has gone on without it.
    let send = |signal: &str| {
        let id = bridge.process_id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(status.success());
    };
    send("-STOP");
    tokio::time::sleep(Duration::from_secs(17)).await;
    send("-CONT");
    // The page is told, or has been cut off as silent; then it connects again.
    let mut again = Page::enter(bridge.port, 2).await;
    let reader = again
        .reader(|reader| reader.card.generation().is_some_and(|card| card > before))
        .await;
    assert!(reader.holder.is_none(), "{reader:?}");
    let lease = again.acquire(reader.id).await.unwrap().lease;
    let stale = again.read(lease, Some(before)).await.unwrap_err();
    assert_eq!(stale.code, ErrorCode::StaleCard);
    again.read(lease, None).await.unwrap();
}
