use card::reader::Malformed;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

const LAST: u64 = 1000;
const SECOND: Duration = Duration::from_secs(1);

fn used() -> Known {
    let mut known = Known::new(LAST);
    known.found(Found::Nothing);
    known
}

fn present(number: u64) -> Card {
    Card::Present(CardGeneration(number))
}

#[wasm_bindgen_test]
fn each_placing_has_a_number_of_its_own() {
    use Found::{Nothing, OtherCard, Unclear};
    let table: [(&[Found], Card); 10] = [
        (&[Nothing], Card::Absent),
        (&[Found::Card], present(1001)),
        (&[Found::Card, Nothing], Card::Absent),
        (&[Found::Card, Nothing, Found::Card], present(1002)),
        // It was found again, by a reader that was started anew.
        (&[Found::Card, Found::Card], present(1001)),
        (&[Unclear, OtherCard], Card::Absent),
        (&[Unclear, OtherCard, Unclear], Card::Mute),
        (&[Unclear, Unclear, Nothing, Unclear], Card::Absent),
        (&[Unclear, Unclear, Unclear, Nothing], Card::Absent),
        (&[Unclear, Unclear, Unclear, Found::Card], present(1001)),
    ];
    for (seen, expected) in table {
        let mut known = Known::new(LAST);
        for found in seen {
            known.found(*found);
        }
        let expected = Status::Ready {
            card: expected,
            is_simulated: false,
        };
        assert_eq!(known.status(), expected, "{seen:?}");
    }
}

#[wasm_bindgen_test]
fn a_card_that_was_taken_is_another_one_afterwards() {
    let mut known = used();
    known.found(Found::Card);
    known.is_present(true);
    assert_eq!(known.status().card(), present(1001));
    known.is_present(false);
    assert_eq!(known.status().card(), Card::Absent);
    known.found(Found::Card);
    assert_eq!(
        known.failed(ReaderError::CardGone),
        Next::Anew(Duration::ZERO)
    );
    known.found(Found::Card);
    assert_eq!(known.status().card(), present(1003));
    known.ended(End::Interrupted(Why::Slept));
    known.found(Found::Card);
    assert_eq!(known.status().card(), present(1004), "who knows");
}

#[wasm_bindgen_test]
fn a_reader_that_fails_is_started_anew_and_then_closed() {
    let garbled = ReaderError::Malformed(Malformed::Checksum);
    let mut known = used();
    known.found(Found::Card);
    let Next::Anew(first) = known.failed(garbled) else {
        panic!("the first time");
    };
    assert_eq!(known.status().card(), present(1001), "until it is seen");
    let Next::Anew(second) = known.failed(ReaderError::NotResponding) else {
        panic!("the second time");
    };
    assert!(second > first);
    assert_eq!(known.failed(garbled), Next::Close);
    assert_eq!(known.ended(End::Failed(garbled)), RETRY);
    assert_eq!(known.status(), Status::NotResponding);
    known.tries();
    assert_eq!(known.status(), Status::NotResponding, "until it works");
    // It works: what was is forgotten.
    known.found(Found::Nothing);
    assert_eq!(known.status().card(), Card::Absent);
    assert!(matches!(known.failed(garbled), Next::Anew(_)));
}

#[wasm_bindgen_test]
fn some_failures_need_no_second_try() {
    for error in [ReaderError::Unplugged, ReaderError::InUse] {
        assert_eq!(used().failed(error), Next::Close, "{error}");
    }
}

#[wasm_bindgen_test]
fn what_ends_a_round_is_shown() {
    let table = [
        (End::NoDevice { was_picked: true }, Status::Absent),
        (End::NoDevice { was_picked: false }, Status::DeviceWanted),
        (End::Failed(ReaderError::InUse), Status::Occupied),
        // It may be there still: a transfer failed.
        (End::Failed(ReaderError::Unplugged), Status::Connecting),
        (
            End::Failed(ReaderError::NotResponding),
            Status::NotResponding,
        ),
        (End::Interrupted(Why::Hidden), Status::Away),
        (End::Interrupted(Why::Left), Status::Connecting),
        (End::Interrupted(Why::Asked), Status::Connecting),
        (End::Interrupted(Why::Stolen), Status::Connecting),
        (End::Interrupted(Why::Unplugged), Status::Connecting),
    ];
    for (end, expected) in table {
        let mut known = used();
        known.found(Found::Card);
        let pause = known.ended(end);
        assert_eq!(known.status(), expected, "{end:?}");
        let is_at_once = matches!(end, End::Interrupted(_));
        assert_eq!(pause.is_zero(), is_at_once, "{end:?}");
    }
}

#[wasm_bindgen_test]
fn transfers_that_fail_again_and_again_are_the_reader_s_fault() {
    let mut known = used();
    for _ in 0..FAILURES {
        known.ended(End::Failed(ReaderError::Unplugged));
    }
    assert_eq!(known.status(), Status::NotResponding);
}

#[wasm_bindgen_test]
fn a_device_that_does_not_open_is_somebody_s_after_a_while() {
    let mut known = Known::new(LAST);
    known.tries();
    assert!(known.not_opened() < RETRY);
    assert!(known.not_opened() < RETRY);
    assert_eq!(known.status(), Status::Connecting);
    assert_eq!(known.not_opened(), RETRY);
    assert_eq!(known.status(), Status::Occupied);
}

#[wasm_bindgen_test]
fn what_comes_between_is_noticed() {
    let hidden = |since| Around {
        hidden_since: Some(since),
        ..Around::default()
    };
    let because = |whys: &[Why]| {
        let mut around = Around::default();
        for why in whys {
            around.add(*why);
        }
        around
    };
    let table = [
        (Around::default(), None),
        (hidden(1_000.0), None),
        (hidden(-20_000.0), Some(Why::Hidden)),
        (because(&[Why::Asked]), Some(Why::Asked)),
        (because(&[Why::Asked, Why::Stolen]), Some(Why::Stolen)),
        (because(&[Why::Stolen, Why::Asked]), Some(Why::Stolen)),
        (because(&[Why::Unplugged]), Some(Why::Unplugged)),
        (because(&[Why::Unplugged, Why::Left]), Some(Why::Left)),
        (because(&[Why::Left, Why::Unplugged]), Some(Why::Left)),
    ];
    for (around, expected) in table {
        assert_eq!(around.why(10_000.0), expected, "{around:?}");
        let is_away = matches!(expected, Some(Why::Left | Why::Hidden));
        assert_eq!(around.is_away(10_000.0), is_away, "{around:?}");
        let mut next = around;
        next.anew();
        let lasts = expected.filter(|_| is_away);
        assert_eq!(next.why(10_000.0), lasts, "{around:?}");
    }
    let mut back = because(&[Why::Left]);
    back.come_back();
    assert_eq!(back.why(10_000.0), None);
}

#[wasm_bindgen_test]
fn nothing_is_said_to_a_device_that_is_gone_or_somebody_else_s() {
    let table = [
        (Why::Left, Manner::Hurry),
        (Why::Hidden, Manner::Release),
        (Why::Slept, Manner::Release),
        (Why::Asked, Manner::Release),
        (Why::Unplugged, Manner::Close),
        (Why::Stolen, Manner::Close),
    ];
    for (why, expected) in table {
        assert_eq!(why.manner(), expected, "{why:?}");
    }
}

#[wasm_bindgen_test]
fn a_machine_that_slept_is_noticed() {
    let table = [
        (1_000.0, false),
        (2_500.0, false),
        (6_000.0, false),
        (6_001.0, true),
        (3_600_000.0, true),
        // The clock was set back.
        (-3_600_000.0, false),
    ];
    for (passed, expected) in table {
        assert_eq!(has_slept(5.0, 5.0 + passed, SECOND), expected, "{passed}");
    }
}

#[wasm_bindgen_test]
fn the_device_that_was_picked_is_used() {
    type Case<'a> = (&'a [Numbers], Option<Numbers>, bool, Option<usize>);
    let numbers = |product| Numbers {
        vendor: 0x054C,
        product,
    };
    let (one, two, gone) = (numbers(1), numbers(2), numbers(3));
    let table: [Case<'_>; 7] = [
        (&[], Some(one), true, None),
        (&[one, two], Some(two), true, Some(1)),
        (&[one, two], None, true, Some(0)),
        // Another reader is a reader too.
        (&[one, two], Some(gone), true, Some(0)),
        // Of the kind that anything can be of, another device may be none.
        (&[one, two], Some(gone), false, None),
        (&[one, two], Some(one), false, Some(0)),
        (&[one], None, false, Some(0)),
    ];
    for (devices, picked, are_readers, expected) in table {
        let place = choose(devices, picked, are_readers);
        assert_eq!(place, expected, "{devices:?} {picked:?}");
    }
}
