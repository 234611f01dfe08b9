//! The simulated reader, through the whole bridge.

use card::demo::DemoCard;
use protocol::bridge::{Answer, CardKind, CardState, ErrorCode, Event, SimulatedCard, Verb};
use reader_bridge::pairing::keys::encode;

use crate::process::program;
use crate::{Bridge, ORIGIN, Page};

#[tokio::test]
async fn a_simulated_card_is_read_as_any_other() {
    let bridge = Bridge::simulated();
    let mut page = Page::enter(bridge.port, 1).await;
    assert!(page.welcome.simulator);
    let reader = page.welcome.readers[0].id;
    let lease = page.acquire(reader).await.unwrap().lease;
    let table = [
        (SimulatedCard::Valid, DemoCard::Valid),
        (SimulatedCard::Expired, DemoCard::Expired),
        (SimulatedCard::NotLinked, DemoCard::NotLinked),
    ];
    for (simulated, card) in table {
        // Asked for before the card is there: the answer comes with it.
        let request = page
            .start(Verb::Read {
                lease,
                card: None,
                with_ca: true,
            })
            .await;
        let card_to_place = Some(simulated);
        let placed = page
            .ask(Verb::Simulate {
                card: card_to_place,
            })
            .await;
        assert_eq!(placed, Answer::Done);
        let read = page.read_answer(request).await.unwrap();
        assert_eq!(read.certificate, encode(card.certificate()));
        assert_eq!(read.ca_certificate, Some(encode(card::demo::ROOT)));
        let state = page.readers().await[0].card;
        let generation = read.card;
        let kind = Some(CardKind::MyNumberCard);
        assert_eq!(state, CardState::Present { generation, kind });
        page.ask(Verb::Simulate { card: None }).await;
        page.event(|event| match event {
            Event::ReaderChanged(reader) if reader.card == CardState::Absent => Some(()),
            _ => None,
        })
        .await;
        let stale = page.read(lease, Some(generation)).await.unwrap_err();
        assert_eq!(stale.code, ErrorCode::StaleCard);
        assert!(!stale.may_have_executed);
    }
}

#[tokio::test]
async fn without_the_option_there_is_nothing_to_simulate() {
    let bridge = Bridge::start(
        program().env("PCSCLITE_CSOCK_NAME", "/nonexistent"),
        &["--pre-approve", ORIGIN],
    );
    let mut page = Page::enter(bridge.port, 1).await;
    assert!(!page.welcome.simulator);
    let card = Some(SimulatedCard::Valid);
    match page.ask(Verb::Simulate { card }).await {
        Answer::Failed(failure) => assert_eq!(failure.code, ErrorCode::NoSimulator),
        other => panic!("{other:?}"),
    }
}
