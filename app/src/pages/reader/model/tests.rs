use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

const CARD: Card = Card::Present(CardGeneration(7));
const OTHER: Card = Card::Present(CardGeneration(8));

fn ready(card: Card) -> Status {
    Status::Ready {
        card,
        is_simulated: true,
    }
}

fn id() -> VisualConfirmationId {
    "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap()
}

fn under_way(began: Began, stage: Stage) -> VisualConfirmationState {
    VisualConfirmationState {
        id: id(),
        began,
        stage,
        is_followed: false,
        expires_in_seconds: 180,
    }
}

fn seen(it: Option<VisualConfirmationState>, reader: Status, local: Local) -> Seen {
    Seen {
        registration: Registration::Yes,
        freshness: Freshness::Live,
        screen: Some(ReaderScreenState {
            revision: 1,
            name: "受付1".to_owned(),
            institution_name: "架空内科".to_owned(),
            is_demo: true,
            visual_confirmation: it,
        }),
        reader,
        local,
    }
}

fn card_stage(failure: Option<CardFailure>) -> VisualConfirmationState {
    under_way(Began::AtTerminal, Stage::Card { failure })
}

fn consents() -> VisualConfirmationState {
    let asked = vec![ConsentBundle::Operation];
    let notice = None;
    under_way(Began::AtTerminal, Stage::Consents { asked, notice })
}

fn used() -> Local {
    Local {
        used: Some(CardGeneration(7)),
        ..Local::default()
    }
}

#[wasm_bindgen_test]
fn the_registration_comes_first_and_then_the_line() {
    let old = Freshness::OutOfDate { since: 0.0 };
    let table = [
        (Registration::Unknown, Freshness::CatchingUp, "starting"),
        (Registration::Unknown, old, "unreachable"),
        (Registration::No, Freshness::CatchingUp, "register"),
        (Registration::No, old, "register"),
        (Registration::Revoked, old, "register"),
        (Registration::Yes, Freshness::Live, "normal"),
        (Registration::Yes, Freshness::CatchingUp, "normal"),
        (Registration::Yes, old, "out-of-date"),
    ];
    for (registration, freshness, expected) in table {
        let seen = Seen {
            registration,
            freshness,
            ..seen(None, ready(Card::Absent), Local::default())
        };
        assert_eq!(
            seen.view().name(),
            expected,
            "{registration:?} {freshness:?}"
        );
    }
}

#[wasm_bindgen_test]
fn at_rest_it_invites_or_says_why_not() {
    let open = Local {
        is_pad_open: true,
        ..Local::default()
    };
    let table = [
        (
            ready(Card::Absent),
            Local::default(),
            View::Normal { card: false },
        ),
        (ready(CARD), Local::default(), View::Normal { card: true }),
        (
            ready(Card::Mute),
            Local::default(),
            View::Normal { card: true },
        ),
        (Status::Connecting, Local::default(), View::Starting),
        (
            Status::Absent,
            Local::default(),
            View::Trouble(Status::Absent),
        ),
        (Status::NotRunning, open.clone(), View::Passcode),
        (ready(Card::Absent), open, View::Passcode),
    ];
    for (reader, local, expected) in table {
        let seen = seen(None, reader, local);
        assert_eq!(seen.view(), expected, "{seen:?}");
        assert_eq!(seen.to_read(), None, "{seen:?}");
    }
}

#[wasm_bindgen_test]
fn the_choice_is_there_until_a_visual_confirmation_goes_on() {
    let choosing = Local {
        is_choosing: true,
        ..Local::default()
    };
    let choosing_by_the_pad = Local {
        is_pad_open: true,
        ..choosing.clone()
    };
    let wanted = || Some(card_stage(None));
    let confirmed = || Some(under_way(Began::AtTerminal, Stage::Confirmation));
    let trouble = || Status::NotRunning;
    let here = Registration::Yes;
    let table = [
        (here, None, ready(Card::Absent), "choose"),
        (here, None, ready(CARD), "choose"),
        (here, None, Status::Connecting, "choose"),
        (here, None, trouble(), "choose"),
        // Without a reader nothing goes on.
        (here, wanted(), trouble(), "choose"),
        (here, wanted(), Status::Connecting, "choose"),
        (here, wanted(), ready(Card::Absent), "place"),
        (here, confirmed(), trouble(), "staff-confirms"),
        (Registration::No, None, trouble(), "choose"),
        (Registration::Revoked, None, trouble(), "choose"),
        (Registration::Unknown, None, trouble(), "starting"),
    ];
    for (registration, it, reader, expected) in table {
        for local in [&choosing, &choosing_by_the_pad] {
            let seen = Seen {
                registration,
                ..seen(it.clone(), reader.clone(), local.clone())
            };
            assert_eq!(seen.view().name(), expected, "{seen:?}");
            let is_for_patients = matches!(expected, "place" | "staff-confirms" | "starting");
            assert_eq!(seen.is_for_patients(), is_for_patients, "{seen:?}");
        }
    }
}

#[wasm_bindgen_test]
fn the_staff_button_is_at_the_invitation_only() {
    let id = id();
    let table = [
        (View::Normal { card: false }, true),
        (View::Normal { card: true }, true),
        (View::Starting, false),
        (View::Unreachable, false),
        (View::OutOfDate, false),
        (View::Register { was_one: false }, false),
        (View::Trouble(Status::Absent), false),
        (View::Choose, false),
        (View::Passcode, false),
        (View::Confirm(id), false),
        (View::StaffConfirms, false),
        (View::Place(Place::First), false),
        (View::Reading, false),
        (View::Failed(CardFailure::Expired), false),
    ];
    for (view, expected) in table {
        assert_eq!(view.has_staff_button(), expected, "{view:?}");
    }
}

#[wasm_bindgen_test]
fn the_confirmation_is_where_it_was_begun() {
    let table = [
        (Began::AtTerminal, View::StaffConfirms),
        (Began::AtReaderScreen, View::Confirm(id())),
        (Began::Here, View::Confirm(id())),
    ];
    for (began, expected) in table {
        let it = under_way(began, Stage::Confirmation);
        let seen = seen(Some(it), ready(CARD), Local::default());
        assert_eq!(seen.view(), expected);
        assert_eq!(seen.to_read(), None, "no card before the confirmation");
    }
}

#[wasm_bindgen_test]
fn a_card_is_wanted_and_read_once() {
    use CardFailure::{Expired, Unreadable};
    let reading = Local {
        is_reading: true,
        ..used()
    };
    let taken = Local {
        was_taken: true,
        ..used()
    };
    let nothing = Local::default;
    let table = [
        (
            ready(Card::Absent),
            None,
            nothing(),
            View::Place(Place::First),
            false,
        ),
        (ready(CARD), None, nothing(), View::Reading, true),
        (ready(CARD), None, reading.clone(), View::Reading, false),
        (ready(Card::Absent), None, reading, View::Reading, false),
        (
            ready(CARD),
            None,
            used(),
            View::Place(Place::TakeTheOther),
            false,
        ),
        (ready(OTHER), None, used(), View::Reading, true),
        (
            ready(Card::Absent),
            None,
            taken,
            View::Place(Place::Again),
            false,
        ),
        (
            ready(CARD),
            Some(Expired),
            used(),
            View::Failed(Expired),
            false,
        ),
        (
            ready(Card::Absent),
            Some(Expired),
            used(),
            View::Failed(Expired),
            false,
        ),
        (ready(OTHER), Some(Expired), used(), View::Reading, true),
        (
            ready(CARD),
            Some(Unreadable),
            used(),
            View::Failed(Unreadable),
            false,
        ),
        (
            ready(Card::Absent),
            Some(Unreadable),
            used(),
            View::Place(Place::After(Unreadable)),
            false,
        ),
        (
            ready(Card::Mute),
            None,
            nothing(),
            View::Place(Place::Mute),
            false,
        ),
        (
            ready(Card::Elsewhere),
            None,
            nothing(),
            View::Place(Place::Elsewhere),
            false,
        ),
        (
            Status::NotRunning,
            None,
            nothing(),
            View::Trouble(Status::NotRunning),
            false,
        ),
    ];
    for (reader, failure, local, expected, is_read) in table {
        let mut seen = seen(Some(card_stage(failure)), reader, local);
        assert_eq!(seen.view(), expected, "{seen:?}");
        assert_eq!(seen.to_read().is_some(), is_read, "{seen:?}");
        // The tick may have been taken back while nothing was heard.
        seen.freshness = Freshness::CatchingUp;
        assert_eq!(seen.to_read(), None, "{seen:?}");
    }
}

#[wasm_bindgen_test]
fn the_terminal_is_told_once_of_a_card_that_does_not_answer() {
    use CardFailure::{Expired, Unreadable};
    let reading = Local {
        is_reading: true,
        ..Local::default()
    };
    let confirmation = under_way(Began::AtTerminal, Stage::Confirmation);
    let table = [
        (card_stage(None), Card::Mute, Local::default(), true),
        (
            card_stage(Some(Expired)),
            Card::Mute,
            Local::default(),
            true,
        ),
        (
            card_stage(Some(Unreadable)),
            Card::Mute,
            Local::default(),
            false,
        ),
        (card_stage(None), Card::Mute, reading, false),
        (card_stage(None), CARD, Local::default(), false),
        (card_stage(None), Card::Absent, Local::default(), false),
        (card_stage(None), Card::Elsewhere, Local::default(), false),
        (confirmation, Card::Mute, Local::default(), false),
        (consents(), Card::Mute, Local::default(), false),
    ];
    for (it, card, local, expected) in table {
        let mut seen = seen(Some(it), ready(card), local);
        assert_eq!(seen.to_refuse(), expected.then(id), "{seen:?}");
        seen.freshness = Freshness::CatchingUp;
        assert_eq!(seen.to_refuse(), None, "{seen:?}");
    }
}

#[wasm_bindgen_test]
fn a_card_that_is_taken_while_the_patient_answers_is_asked_about_once() {
    let accepted = Local {
        accepted: Some(CardGeneration(7)),
        ..used()
    };
    let goes_on = Local {
        goes_on: true,
        ..accepted.clone()
    };
    let table = [
        (ready(CARD), accepted.clone(), false),
        (ready(Card::Absent), accepted.clone(), true),
        (ready(OTHER), accepted.clone(), true),
        (ready(Card::Absent), goes_on, false),
        // The bridge is away, or the page was loaded anew: nobody knows.
        (Status::NotRunning, accepted, false),
        (ready(Card::Absent), Local::default(), false),
    ];
    for (reader, local, expected) in table {
        let seen = seen(Some(consents()), reader, local);
        assert_eq!(seen.view().name(), "consents");
        assert_eq!(seen.asks_about_card(), expected, "{seen:?}");
    }
}

#[wasm_bindgen_test]
fn answers_that_were_not_taken_end_nothing_well() {
    let table = [
        (Some(Ending::Done), Some(Ending::Cancelled)),
        (Some(Ending::Expired), Some(Ending::Expired)),
        (None, None),
    ];
    for (ending, expected) in table {
        let mut local = Local {
            ending,
            ..Local::default()
        };
        local.take_answers_back();
        assert_eq!((local.ending, local.answered), (expected, None));
    }
}

#[wasm_bindgen_test]
fn an_ending_is_shown_before_anything_else() {
    let done = Local {
        ending: Some(Ending::Done),
        ..Local::default()
    };
    for it in [None, Some(card_stage(None))] {
        let seen = seen(it, ready(CARD), done.clone());
        let expected = View::Over {
            ending: Ending::Done,
            card: true,
        };
        assert_eq!(seen.view(), expected);
    }
}

#[wasm_bindgen_test]
fn nobody_s_visual_confirmation_ends_with_its_reason_and_then_is_normal() {
    for it in [
        under_way(Began::AtTerminal, Stage::Confirmation),
        card_stage(None),
        consents(),
    ] {
        let before = seen(Some(it.clone()), ready(Card::Absent), Local::default());
        assert_ne!(before.view().name(), "normal");
        // What the stream tells then: none.
        let mut after = seen(None, ready(Card::Absent), Local::default());
        after.local.ending = ending(Some(&it), after.visual_confirmation(), 180.0, false);
        let expected = View::Over {
            ending: Ending::Expired,
            card: false,
        };
        assert_eq!(after.view(), expected, "{before:?}");
        // `driver` takes the ending away after some seconds.
        assert!(show_seconds(Ending::Expired, false, false) <= 5.0);
        after.local.ending = None;
        assert_eq!(after.view(), View::Normal { card: false });
    }
}

#[wasm_bindgen_test]
fn an_end_has_its_reason() {
    let before = under_way(Began::AtTerminal, Stage::Confirmation);
    let next = VisualConfirmationState {
        id: "AAAAAAAAAAAAAAAAAAAAAQ".parse().unwrap(),
        ..before.clone()
    };
    let table = [
        (None, None, 0.0, false, None),
        (None, Some(&before), 0.0, false, None),
        (Some(&before), Some(&before), 400.0, true, None),
        (Some(&before), None, 10.0, true, Some(Ending::Done)),
        (Some(&before), Some(&next), 10.0, true, Some(Ending::Done)),
        (Some(&before), None, 10.0, false, Some(Ending::Cancelled)),
        (Some(&before), None, 178.0, false, Some(Ending::Expired)),
        (
            Some(&before),
            Some(&next),
            10.0,
            false,
            Some(Ending::Cancelled),
        ),
    ];
    for (before, now, seconds, has_answered, expected) in table {
        assert_eq!(
            ending(before, now, seconds, has_answered),
            expected,
            "{seconds}"
        );
    }
}

#[wasm_bindgen_test]
fn the_service_is_told_of_the_reader_while_somebody_listens() {
    let table = [
        (ready(Card::Absent), Some(CardReaderState::Ready)),
        (ready(CARD), Some(CardReaderState::CardPresent)),
        (Status::Absent, Some(CardReaderState::Absent)),
        (Status::ServiceDown, Some(CardReaderState::Absent)),
        (Status::DeviceWanted, Some(CardReaderState::Absent)),
        (Status::NotRunning, Some(CardReaderState::Unknown)),
        (Status::Unsupported, Some(CardReaderState::Unknown)),
        (Status::Occupied, Some(CardReaderState::Unknown)),
        (Status::NotResponding, Some(CardReaderState::Unknown)),
        (Status::Away, Some(CardReaderState::Unknown)),
    ];
    for (reader, expected) in table {
        let mut seen = seen(None, reader, Local::default());
        assert_eq!(seen.report(), expected);
        seen.freshness = Freshness::CatchingUp;
        assert_eq!(seen.report(), None);
    }
}

#[wasm_bindgen_test]
fn simulated_cards_are_for_the_demo_and_a_simulated_reader() {
    let mut demo = seen(None, ready(Card::Absent), Local::default());
    assert!(demo.offers_simulated_cards());
    demo.reader = Status::Ready {
        card: Card::Absent,
        is_simulated: false,
    };
    assert!(!demo.offers_simulated_cards());
    let mut real = seen(None, ready(Card::Absent), Local::default());
    real.screen.as_mut().unwrap().is_demo = false;
    assert!(!real.offers_simulated_cards());
}
