use proptest::prelude::*;

use super::*;
use crate::card_presentation::CardFailure;
use crate::consent::{ConsentAnswer, ConsentBundle};

const ASKED: [ConsentBundle; 2] = [
    ConsentBundle::DiagnosisAndPharmacists,
    ConsentBundle::Operation,
];

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_milliseconds(seconds * 1000)
}

const fn terminal(session: i64) -> Party {
    Party::Terminal {
        account: AccountNumber(1),
        session: SessionNumber(session),
    }
}

const fn from_terminal(session: i64) -> Route {
    Route::Terminal {
        account: AccountNumber(1),
        session: SessionNumber(session),
    }
}

const FROM_READER: Route = Route::Reader {
    passcode: PasscodeNumber(1),
};

fn answers(agrees: bool) -> Event {
    let answer = |bundle| ConsentAnswer { bundle, agrees };
    Event::Answer(ASKED.map(answer).to_vec(), ASKED.to_vec())
}

fn run(route: Route, events: &[Event]) -> Result<Next, Refusal> {
    let begun = Next::Open(Open::begin(route, at(0)));
    events
        .iter()
        .cloned()
        .try_fold(begun, |next, event| match next {
            Next::Open(open) => open.apply(event, at(1)),
            _ => panic!("an event after the end"),
        })
}

#[test]
fn both_routes_end_in_a_result_for_the_right_session() {
    let card = Event::CardAccepted(PersonNumber(7), None);
    for (route, party) in [
        (from_terminal(1), terminal(1)),
        (FROM_READER, Party::ReaderScreen),
    ] {
        let next = run(route, &[Event::Confirm(party), card.clone(), answers(true)]);
        let Ok(Next::Completed(completed)) = next else {
            panic!("not completed: {next:?}");
        };
        assert_eq!(completed.confirmation().by, party);
        assert_eq!(completed.presentation().person, PersonNumber(7));
        assert_eq!(completed.consents().len(), 3);
        let other = completed.clone().open(SessionNumber(2), at(2));
        assert_eq!(other.is_ok(), route == FROM_READER);
        let opened = completed.open(SessionNumber(1), at(2)).unwrap();
        assert!(opened.is_for(SessionNumber(1), at(2)));
        assert!(!opened.is_for(SessionNumber(2), at(2)));
        assert!(!opened.is_for(SessionNumber(1), at(1 + RESULT_SECONDS)));
    }
}

#[test]
fn what_is_out_of_turn_is_refused_by_name() {
    let own = terminal(1);
    let card = || Event::CardAccepted(PersonNumber(7), None);
    let none = || Event::Answer(Vec::new(), ASKED.to_vec());
    let table: [(&str, Route, Vec<Event>, Refusal); 13] = [
        (
            "card first",
            from_terminal(1),
            vec![card()],
            Refusal::NotConfirmed,
        ),
        (
            "failed card first",
            FROM_READER,
            vec![Event::CardRefused(CardFailure::Unreadable)],
            Refusal::NotConfirmed,
        ),
        (
            "unticked",
            from_terminal(1),
            vec![Event::Confirm(own), Event::Withdraw(own), card()],
            Refusal::NotConfirmed,
        ),
        (
            "twice",
            from_terminal(1),
            vec![Event::Confirm(own), Event::Confirm(own)],
            Refusal::AlreadyConfirmed,
        ),
        (
            "untick nothing",
            from_terminal(1),
            vec![Event::Withdraw(own)],
            Refusal::NotConfirmed,
        ),
        (
            "other terminal",
            from_terminal(1),
            vec![Event::Confirm(terminal(2))],
            Refusal::OfAnother,
        ),
        (
            "screen ticks for a terminal",
            from_terminal(1),
            vec![Event::Confirm(Party::ReaderScreen)],
            Refusal::OfAnother,
        ),
        (
            "terminal ticks for a screen",
            FROM_READER,
            vec![Event::Confirm(own)],
            Refusal::OfAnother,
        ),
        (
            "second card",
            from_terminal(1),
            vec![Event::Confirm(own), card(), card()],
            Refusal::AlreadyPresented,
        ),
        (
            "untick after the card",
            from_terminal(1),
            vec![Event::Confirm(own), card(), Event::Withdraw(own)],
            Refusal::AlreadyPresented,
        ),
        (
            "answers without a card",
            from_terminal(1),
            vec![Event::Confirm(own), answers(true)],
            Refusal::NotPresented,
        ),
        (
            "not all answered",
            from_terminal(1),
            vec![Event::Confirm(own), card(), none()],
            Refusal::OtherQuestions,
        ),
        (
            "reader route goes on",
            FROM_READER,
            vec![Event::Follow(Party::ReaderScreen, true)],
            Refusal::ForOnePatient,
        ),
    ];
    for (name, route, events, refusal) in table {
        assert_eq!(run(route, &events), Err(refusal), "{name}");
    }
}

#[test]
fn a_refused_card_leaves_the_way_open_for_the_same_patient() {
    let party = terminal(1);
    let events = [
        Event::Confirm(party),
        Event::CardRefused(CardFailure::Unreadable),
        Event::CardAccepted(PersonNumber(7), None),
    ];
    let failed = run(from_terminal(1), &events[..2]);
    let Ok(Next::Open(Open::Confirmed(confirmed))) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!(confirmed.failure(), Some(CardFailure::Unreadable));
    assert!(matches!(
        run(from_terminal(1), &events),
        Ok(Next::Open(Open::Presented(_)))
    ));
}

#[test]
fn three_minutes_of_nothing_end_it() {
    let open = Open::begin(from_terminal(1), at(0));
    assert!(!open.is_expired(at(IDLE_SECONDS - 1)));
    assert!(open.is_expired(at(IDLE_SECONDS)));
    let late = open.apply(Event::Confirm(terminal(1)), at(IDLE_SECONDS));
    assert_eq!(late, Err(Refusal::Expired));
    let Ok(Next::Open(stayed)) = open.apply(Event::Stay(Party::ReaderScreen), at(100)) else {
        panic!("the patient may ask for time");
    };
    assert!(!stayed.is_expired(at(IDLE_SECONDS + 99)));
}

#[test]
fn the_next_patient_needs_a_tick_of_his_own() {
    let own = terminal(1);
    let card = Event::CardAccepted(PersonNumber(7), None);
    let events = [
        Event::Follow(own, true),
        Event::Confirm(own),
        card.clone(),
        answers(false),
    ];
    let Ok(Next::Completed(completed)) = run(from_terminal(1), &events) else {
        panic!("not completed");
    };
    let next = Open::Requested(completed.next(at(5)).unwrap());
    assert!(next.is_followed());
    assert_eq!(next.apply(card, at(6)), Err(Refusal::NotConfirmed));
    let Ok(Next::Completed(last)) = run(from_terminal(1), &events[1..]) else {
        panic!("not completed");
    };
    assert!(last.next(at(5)).is_none());
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![Just(Party::ReaderScreen), (1_i64..4).prop_map(terminal)]
}

fn event() -> impl Strategy<Value = Event> {
    let person = (1_i64..9).prop_map(PersonNumber);
    prop_oneof![
        party().prop_map(Event::Confirm),
        party().prop_map(Event::Withdraw),
        (party(), any::<bool>()).prop_map(|(by, on)| Event::Follow(by, on)),
        party().prop_map(Event::Stay),
        person.prop_map(|person| Event::CardAccepted(person, None)),
        Just(Event::CardRefused(CardFailure::Unreadable)),
        any::<bool>().prop_map(answers),
        party().prop_map(Event::Cancel),
    ]
}

proptest! {
    /// The three things that must never happen, over any sequence of events and pauses:
    /// a card before a confirmation that stands, a result in another session, and a
    /// reader that stays out of normal.
    #[test]
    fn no_sequence_of_events_breaks_a_promise(
        is_terminal in any::<bool>(),
        steps in prop::collection::vec((event(), 0_i64..120), 0..40),
    ) {
        let route = if is_terminal { from_terminal(1) } else { FROM_READER };
        let mut open = Open::begin(route, at(0));
        let mut now = 0;
        let mut is_confirmed = false;
        for (event, pause) in steps {
            now += pause;
            match open.apply(event.clone(), at(now)) {
                Err(refusal) => {
                    prop_assert_eq!(refusal == Refusal::Expired, open.is_expired(at(now)));
                }
                Ok(Next::Open(next)) => {
                    match event {
                        Event::Confirm(by) => {
                            prop_assert!(is_terminal == (by == terminal(1)));
                            is_confirmed = true;
                        }
                        Event::Withdraw(_) => is_confirmed = false,
                        Event::CardAccepted(..) | Event::CardRefused(_) => prop_assert!(is_confirmed),
                        _ => {}
                    }
                    prop_assert!(next.expires_at() <= at(now + IDLE_SECONDS));
                    open = next;
                }
                Ok(Next::Completed(completed)) => {
                    prop_assert!(is_confirmed);
                    for session in 1..4 {
                        let session = SessionNumber(session);
                        let opened = completed.clone().open(session, at(now));
                        prop_assert_eq!(opened.is_ok(), !is_terminal || session.0 == 1);
                        if let Ok(opened) = opened {
                            let others = (1..4).filter(|other| *other != session.0);
                            for other in others {
                                prop_assert!(opened.clone().open(SessionNumber(other), at(now)).is_err());
                            }
                        }
                    }
                    if let Some(next) = completed.next(at(now)) {
                        let card = Event::CardAccepted(PersonNumber(1), None);
                        prop_assert_eq!(Open::Requested(next).apply(card, at(now)), Err(Refusal::NotConfirmed));
                    }
                    return Ok(());
                }
                Ok(Next::Cancelled(_)) => return Ok(()),
            }
        }
        prop_assert!(open.is_expired(at(now + IDLE_SECONDS)));
    }

    /// What the store keeps is what it gives back.
    #[test]
    fn stages_read_back(steps in prop::collection::vec(event(), 0..12)) {
        let mut open = Open::begin(from_terminal(1), at(0));
        for event in steps {
            if let Ok(Next::Open(next)) = open.apply(event, at(1)) {
                open = next;
            }
            let text = serde_json::to_string(&open).unwrap();
            prop_assert_eq!(serde_json::from_str::<Open>(&text).unwrap(), open);
        }
    }
}
