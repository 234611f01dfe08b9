//! Two pages and one reader.

use std::time::Duration;

use card::demo::DemoCard;
use card::virtual_card::VirtualCard;
use protocol::bridge::{
    Answer, ErrorCode, Event, HoldingId, LossReason, ReaderId, SimulatedCard, Verb,
};

use crate::pcsc::Pcscd;
use crate::vpcd::Manner;
use crate::{Bridge, Page};

const OPERATIONS: usize = 1_000;

/// Uses the reader whenever it can be had; every answer has to be to what was asked.
async fn work(mut page: Page, reader: ReaderId) -> usize {
    let mut read = 0;
    for operation in 0..OPERATIONS {
        let lease = match page.acquire(reader).await {
            Ok(lease) => lease.lease,
            Err(failure) => {
                assert_eq!(failure.code, ErrorCode::ReaderInUse);
                continue;
            }
        };
        let first = page.start(read_of(lease)).await;
        let others = page.start(Verb::Readers).await;
        match page.read_answer(first).await {
            Ok(card) => {
                assert_eq!((card.lease, card.reader), (lease, reader), "{operation}");
                read += 1;
            }
            Err(failure) => panic!("{failure:?}"),
        }
        let answer = page.answer(others).await;
        assert!(matches!(answer, Answer::Readers { .. }), "{answer:?}");
        let released = page.ask(Verb::Release { lease }).await;
        assert_eq!(released, Answer::Released);
        page.events();
    }
    read
}

fn read_of(lease: HoldingId) -> Verb {
    Verb::Read {
        lease,
        card: None,
        with_ca: false,
    }
}

#[tokio::test]
async fn two_pages_with_a_thousand_operations_each_get_their_own_answers() {
    let bridge = Bridge::simulated();
    let (mut one, two) = (
        Page::enter(bridge.port, 1).await,
        Page::enter(bridge.port, 2).await,
    );
    let reader = one.welcome.readers[0].id;
    let card = Some(SimulatedCard::Valid);
    one.ask(Verb::Simulate { card }).await;
    let (one, two) = tokio::join!(work(one, reader), work(two, reader));
    assert!(one > 0 && two > 0, "{one} {two}");
}

#[tokio::test]
async fn who_loses_the_reader_is_told_and_by_whom() {
    let bridge = Bridge::simulated();
    let mut loser = Page::enter(bridge.port, 1).await;
    let mut winner = Page::enter(bridge.port, 2).await;
    let reader = loser.welcome.readers[0].id;
    let lease = loser.acquire(reader).await.unwrap().lease;
    let waiting = loser.start(read_of(lease)).await;
    let seen = winner.readers().await[0].holder.clone().unwrap();
    assert_eq!(seen.holding, lease);
    // The use that a person saw, or nothing.
    let holding = HoldingId(lease.0 - 1);
    match winner.ask(Verb::TakeOver { reader, holding }).await {
        Answer::Failed(failure) => assert_eq!(failure.code, ErrorCode::HolderChanged),
        other => panic!("{other:?}"),
    }
    let holding = lease;
    let taken = winner.ask(Verb::TakeOver { reader, holding }).await;
    assert!(matches!(taken, Answer::Acquired(_)), "{taken:?}");
    let failure = loser.read_answer(waiting).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::LeaseEnded);
    let (reason, by) = loser
        .event(|event| match event {
            Event::LeaseLost { reason, holder, .. } => Some((*reason, holder.clone())),
            _ => None,
        })
        .await;
    assert_eq!(reason, LossReason::TakenOver);
    assert_eq!(by.unwrap().label, "page 2");
}

#[tokio::test]
async fn nobody_takes_over_in_the_middle_of_a_command() {
    let service = Pcscd::start().unwrap();
    let bridge = Bridge::on(&service);
    let manner = Manner {
        delay: Duration::from_millis(60),
        is_gone_after: None,
    };
    let card = VirtualCard::new(DemoCard::Valid.profile());
    let _card = service.insert_with(card, manner).unwrap();
    let mut one = Page::enter(bridge.port, 1).await;
    let mut two = Page::enter(bridge.port, 2).await;
    let (reader, _) = one.card().await;
    let holding = one.acquire(reader).await.unwrap().lease;
    let reading = one.start(read_of(holding)).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    match two.ask(Verb::TakeOver { reader, holding }).await {
        Answer::Failed(failure) => assert_eq!(failure.code, ErrorCode::ReaderBusy),
        other => panic!("{other:?}"),
    }
    one.read_answer(reading).await.unwrap();
    let taken = two.ask(Verb::TakeOver { reader, holding }).await;
    assert!(matches!(taken, Answer::Acquired(_)), "{taken:?}");
}

#[tokio::test]
async fn a_page_has_so_many_requests_open_and_no_number_twice() {
    let bridge = Bridge::simulated();
    let mut page = Page::enter(bridge.port, 1).await;
    let reader = page.welcome.readers[0].id;
    let lease = page.acquire(reader).await.unwrap().lease;
    let mut waiting = Vec::new();
    for _ in 0..8 {
        waiting.push(page.start(read_of(lease)).await);
    }
    let refused = page.read(lease, None).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooManyRequests);
    for request in waiting {
        page.ask(Verb::Cancel { request }).await;
        let ended = page.read_answer(request).await.unwrap_err();
        assert_eq!(ended.code, ErrorCode::Cancelled);
    }
}
