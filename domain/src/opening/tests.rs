use proptest::prelude::*;

use super::*;
use crate::timestamp::Timestamp;
use crate::visual_confirmation::AccountNumber;

const HOUR: i64 = 3600;

const fn step(seconds: i64) -> Step {
    Step {
        by: AccountNumber(1),
        at: Timestamp::from_unix_milliseconds(seconds * 1000),
    }
}

fn requested() -> Opening {
    let request = Request {
        contact: "資格　花子".parse().unwrap(),
        cause: Cause::Line,
        remark: None,
        is_by_telephone: false,
    };
    Opening::request(request, step(0))
}

fn call_back() -> Act {
    Act::CallBack {
        spoken_to: "資格　花子".parse().unwrap(),
        telephone: "03-1234-5678".parse().unwrap(),
    }
}

fn send_form() -> Act {
    Act::SendForm {
        from: "centre@example.jp".parse().unwrap(),
        to: "clinic@example.jp".parse().unwrap(),
    }
}

fn reason() -> String {
    "復旧".to_owned()
}

const OPEN: Act = Act::Open { hours: 24 };

/// Every act, in the order of the steps.
fn acts() -> [Act; 9] {
    [
        call_back(),
        send_form(),
        OPEN,
        Act::Extend { hours: 1 },
        Act::End { reason: reason() },
        Act::HandIn,
        Act::Acknowledge,
        Act::Refuse { reason: reason() },
        Act::Withdraw { reason: reason() },
    ]
}

fn side(act: &Act) -> Side {
    match act {
        Act::HandIn | Act::Withdraw { .. } => Side::Institution,
        _ => Side::Operator,
    }
}

/// Takes one step a second.
fn run(acts: &[Act]) -> Result<Opening, Refusal> {
    acts.iter()
        .cloned()
        .zip(1..)
        .try_fold(requested(), |it, (act, second)| {
            let side = side(&act);
            it.apply(act, side, step(second))
        })
}

#[test]
fn the_steps_of_the_source_document_lead_to_an_acknowledged_report() {
    let [
        call_back,
        send_form,
        open,
        extend,
        end,
        hand_in,
        acknowledge,
        ..,
    ] = acts();
    let steps = [
        call_back,
        send_form,
        open,
        extend,
        end,
        hand_in,
        acknowledge,
    ];
    let it = run(&steps).unwrap();
    let Opening::Acknowledged(_) = &it else {
        panic!("{it:?}")
    };
    assert_eq!(it.requested().step, step(0));
    assert_eq!(it.called_back().unwrap().step, step(1));
    assert_eq!(it.form_sent().unwrap().step, step(2));
    let period = it.opened().unwrap().period;
    assert_eq!((period.starts_at, period.ends_at), (step(3).at, step(5).at));
    assert!(matches!(it.ended().unwrap().by, EndedBy::Operator { .. }));
}

/// What an act meets, in one letter each: `.` nothing.
fn refusal(letter: char) -> Option<Refusal> {
    match letter {
        'c' => Some(Refusal::NotCalledBack),
        'f' => Some(Refusal::FormNotSent),
        'n' => Some(Refusal::NotOpened),
        'e' => Some(Refusal::NotEnded),
        'h' => Some(Refusal::NotHandedIn),
        'D' => Some(Refusal::AlreadyDone),
        'O' => Some(Refusal::AlreadyOpened),
        'X' => Some(Refusal::Over),
        _ => None,
    }
}

#[test]
fn no_step_can_be_skipped_or_taken_twice() {
    let all = acts();
    // Which acts were done, by their places in `acts`, and what each meets then.
    let table = [
        (&[][..], ".ccnneh.."),
        (&[0], "D.fnneh.."),
        (&[0, 1], "DD.nneh.."),
        (&[0, 1, 2], "OOO..ehOO"),
        (&[0, 1, 2, 4], "XXXXX.hXX"),
        (&[0, 1, 2, 4, 5], "XXXXXD.XX"),
        (&[0, 1, 2, 4, 5, 6], "XXXXXDDXX"),
        (&[7], "XXXXXXXXX"),
        (&[0, 1, 8], "XXXXXXXXX"),
    ];
    for (before, expected) in table {
        let before: Vec<Act> = before.iter().map(|place| all[*place].clone()).collect();
        for (act, letter) in all.iter().zip(expected.chars()) {
            let acts = [before.clone(), vec![act.clone()]].concat();
            assert_eq!(run(&acts).err(), refusal(letter), "{acts:?}");
        }
    }
}

#[test]
fn each_step_is_one_side_s() {
    for act in acts() {
        let other = match side(&act) {
            Side::Institution => Side::Operator,
            Side::Operator => Side::Institution,
        };
        let refused = requested().apply(act.clone(), other, step(1));
        let is_either_s = matches!(act, Act::Withdraw { .. });
        let expected = (!is_either_s).then(|| Refusal::OfOtherSide(side(&act)));
        assert_eq!(refused.err(), expected, "{act:?}");
    }
}

#[test]
fn an_opening_ends_by_itself() {
    let opened = run(&[call_back(), send_form(), OPEN]).unwrap();
    let last = 3 + 24 * HOUR;
    for (second, is_open) in [(3, true), (last - 1, true), (last, false)] {
        let now = step(second).at;
        assert_eq!(opened.is_open(now), is_open, "{second}");
        assert_eq!(opened.is_under_way(now), is_open);
        assert_eq!(opened.clone().at(now).ended().is_none(), is_open);
    }
    let act = Act::Extend { hours: 1 };
    let late = opened.clone().apply(act, Side::Operator, step(last));
    assert_eq!(late, Err(Refusal::Over));
    let it = opened
        .apply(Act::HandIn, Side::Institution, step(last))
        .unwrap();
    assert_eq!(it.ended().unwrap().by, EndedBy::Time);
    assert_eq!(it.opened().unwrap().period.ends_at, step(last).at);
}

#[test]
fn a_period_is_neither_empty_nor_endless() {
    let sent = run(&[call_back(), send_form()]).unwrap();
    for (hours, is_allowed) in [
        (0, false),
        (1, true),
        (MOST_HOURS, true),
        (MOST_HOURS + 1, false),
        (u32::MAX, false),
    ] {
        let open = sent
            .clone()
            .apply(Act::Open { hours }, Side::Operator, step(3));
        assert_eq!(open.is_ok(), is_allowed, "{hours}");
    }
    let opened = sent.apply(OPEN, Side::Operator, step(3)).unwrap();
    for (hours, is_allowed) in [(0, false), (MOST_HOURS - 24, true), (MOST_HOURS, false)] {
        let act = Act::Extend { hours };
        let extended = opened.clone().apply(act, Side::Operator, step(3));
        assert_eq!(extended.is_ok(), is_allowed, "{hours}");
    }
}

proptest! {
    /// Whatever is done in whatever order: it is open only after a call back and a form, and what was
    /// written to the store is read back as it was.
    #[test]
    fn whatever_is_done_no_check_is_missing(order in prop::collection::vec((0..9_usize, 0..30 * HOUR), 0..12)) {
        let all = acts();
        let mut second = 0;
        let mut it = requested();
        for (which, pause) in order {
            second += pause;
            let act = all[which].clone();
            let side = side(&act);
            it = it.clone().apply(act, side, step(second)).unwrap_or(it);
            let now = step(second).at;
            prop_assert!(!it.is_open(now) || (it.called_back().is_some() && it.form_sent().is_some()));
            prop_assert!(!it.is_open(now) || it.is_under_way(now));
            let json = serde_json::to_string(&it).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Opening>(&json).unwrap(), &it);
        }
    }
}
