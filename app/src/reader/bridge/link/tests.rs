use domain::card_presentation::CardFailure;
use protocol::bridge::{
    Bytes, CardKind, ErrorCode, Failure, Holder, Lease, LossReason, PresentedCard, ReaderId,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

const CARD: CardGeneration = CardGeneration(5);

fn reader(card: CardState, holder: Option<Holder>) -> ReaderState {
    ReaderState {
        id: ReaderId(1),
        name: "reader".to_owned(),
        card,
        holder,
    }
}

fn holder(is_you: bool) -> Holder {
    Holder {
        holding: HoldingId(if is_you { 10 } else { 20 }),
        label: "受付2".to_owned(),
        is_you,
        held_for_seconds: 3,
    }
}

fn welcome(readers: Vec<ReaderState>) -> Welcome {
    Welcome {
        bridge: "0.1.0".to_owned(),
        simulator: false,
        service: ServiceState::Available,
        readers,
    }
}

/// A line with a reader of its own.
fn line(card: CardState) -> Link {
    let (mut link, request) = Link::new(welcome(vec![reader(card, None)]));
    let request = request.unwrap();
    assert_eq!(
        request.verb,
        Verb::Acquire {
            reader: ReaderId(1)
        }
    );
    let lease = Lease {
        lease: HoldingId(10),
        reader: reader(card, Some(holder(true))),
    };
    let told = link.take(reply(request.id, Answer::Acquired(lease)));
    assert_eq!(told, Told::default());
    link
}

fn reply(request: u32, answer: Answer) -> FromBridge {
    FromBridge::Reply { request, answer }
}

fn failed(code: ErrorCode) -> Answer {
    Answer::Failed(Failure {
        code,
        message: String::new(),
        remedy: String::new(),
        retryable: false,
        may_have_executed: false,
        status_word: None,
    })
}

fn present() -> CardState {
    CardState::Present {
        generation: CARD,
        kind: None,
    }
}

#[wasm_bindgen_test]
fn what_is_on_the_reader_is_told() {
    let table = [
        (CardState::Absent, Card::Absent),
        (present(), Card::Present(CARD)),
        (CardState::Mute, Card::Mute),
        (
            CardState::InUseElsewhere { generation: CARD },
            Card::Elsewhere,
        ),
    ];
    for (state, card) in table {
        let is_simulated = false;
        assert_eq!(line(state).status(), Status::Ready { card, is_simulated });
    }
}

#[wasm_bindgen_test]
fn without_a_reader_of_its_own_it_says_why() {
    let others = reader(CardState::Absent, Some(holder(false)));
    let in_use = Status::InUse {
        by: "受付2".to_owned(),
        held_for_seconds: 3,
    };
    let table = [
        (ServiceState::Available, vec![], Status::Absent),
        (ServiceState::Available, vec![others], in_use),
        (ServiceState::Unavailable, vec![], Status::ServiceDown),
        (ServiceState::Stuck, vec![], Status::ServiceDown),
        (ServiceState::Denied, vec![], Status::ServiceDown),
    ];
    for (service, readers, expected) in table {
        let welcome = Welcome {
            service,
            ..welcome(readers)
        };
        let (link, request) = Link::new(welcome);
        assert_eq!(link.status(), expected);
        assert_eq!(request, None);
    }
}

#[wasm_bindgen_test]
fn a_reading_ends_once_with_what_it_brought() {
    let certificate = PresentedCard {
        lease: HoldingId(10),
        reader: ReaderId(1),
        card: CARD,
        kind: CardKind::MyNumberCard,
        certificate: Bytes("MIIB-_8".to_owned()),
        ca_certificate: None,
        card_microseconds: 1,
    };
    let unreadable = Err(ReadFailure::Card(CardFailure::Unreadable));
    let table = [
        (Answer::Presented(certificate), Ok("MIIB+/8=".to_owned())),
        (failed(ErrorCode::CardRemoved), Err(ReadFailure::Taken)),
        (failed(ErrorCode::StaleCard), Err(ReadFailure::Taken)),
        (failed(ErrorCode::CardRefused), unreadable),
        (
            failed(ErrorCode::JukiCard),
            Err(ReadFailure::Card(CardFailure::JukiCard)),
        ),
        (failed(ErrorCode::Cancelled), Err(ReadFailure::Interrupted)),
        (failed(ErrorCode::LeaseEnded), Err(ReadFailure::Interrupted)),
    ];
    for (answer, expected) in table {
        let mut link = line(present());
        let request = link.read(CARD).unwrap();
        assert_eq!(link.read(CARD), None, "one at a time");
        let told = link.take(reply(request.id, answer.clone()));
        assert_eq!(told.read, Some(expected), "{answer:?}");
        let again = link.take(reply(request.id, answer));
        assert_eq!(again.read, None);
        assert_eq!(link.stop_reading(), None);
    }
}

#[wasm_bindgen_test]
fn nothing_is_read_without_a_reader_of_its_own() {
    let (mut link, _) = Link::new(welcome(vec![reader(present(), Some(holder(false)))]));
    assert_eq!(link.read(CARD), None);
}

#[wasm_bindgen_test]
fn a_reader_that_was_taken_over_comes_back_by_an_act_or_when_it_is_free() {
    let mut link = line(CardState::Absent);
    let told = link.take(FromBridge::Event(Event::LeaseLost {
        lease: HoldingId(10),
        reader: ReaderId(1),
        reason: LossReason::TakenOver,
        holder: Some(holder(false)),
    }));
    assert_eq!(told, Told::default(), "not fought over");
    assert!(matches!(link.status(), Status::InUse { .. }));
    let act = link.take_over().unwrap();
    let expected = Verb::TakeOver {
        reader: ReaderId(1),
        holding: HoldingId(20),
    };
    assert_eq!(act.verb, expected);
    // Refused: how it is now is asked, and no more.
    let told = link.take(reply(act.id, failed(ErrorCode::HolderChanged)));
    assert_eq!(told.request.unwrap().verb, Verb::Readers);
    let free = reader(CardState::Absent, None);
    let told = link.take(FromBridge::Event(Event::ReaderChanged(free)));
    assert_eq!(
        told.request.unwrap().verb,
        Verb::Acquire {
            reader: ReaderId(1)
        }
    );
}

#[wasm_bindgen_test]
fn a_reader_that_is_plugged_in_again_is_acquired() {
    let mut link = line(CardState::Absent);
    let reader_id = ReaderId(1);
    link.take(FromBridge::Event(Event::ReaderRemoved {
        reader: reader_id,
    }));
    assert_eq!(link.status(), Status::Absent);
    let anew = ReaderState {
        id: ReaderId(2),
        ..reader(CardState::Absent, None)
    };
    let told = link.take(FromBridge::Event(Event::ReaderAttached(anew)));
    assert_eq!(
        told.request.unwrap().verb,
        Verb::Acquire {
            reader: ReaderId(2)
        }
    );
}
