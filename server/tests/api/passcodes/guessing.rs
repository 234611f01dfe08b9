//! Whoever guesses, and however: over the life of one passcode at most nine wrong
//! entries are compared.

use axum::http::StatusCode;
use domain::passcode::{MOST_WRONG, PasscodeState};
use protocol::http::{ProblemCode, SessionInfo, path};

use super::screen::{entered, registered_screen, screen};
use super::{issue, issues, other_than, revoke};
use crate::harness::{Client, Service};

const SCREENS: [&str; 2] = ["first", "second"];

/// What is done next, by somebody who does not know the passcode and by staff who do.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// A wrong entry at the first or the second screen.
    Wrong(usize),
    /// Staff at work.
    Right,
    /// So many seconds pass.
    Wait(i64),
    /// The service is started again.
    Restart,
}

/// What came of it all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    compared: u32,
    void: bool,
}

/// Does the moves over and over, until the passcode is void or they were done so often.
async fn play(moves: &[Move], times: usize) -> Tally {
    let mut service = Service::new();
    let passcode = issue(&service.log_in("admin").await).await;
    for name in SCREENS {
        screen(&service, name);
    }
    let mut tally = Tally::default();
    for next in moves.iter().cycle().take(moves.len() * times) {
        match *next {
            Move::Wrong(number) => {
                let client = registered_screen(&service, SCREENS[number]);
                let answer = entered(&client, &other_than(&passcode)).await;
                match answer.problem().code {
                    ProblemCode::PasscodeWrong => tally.compared += 1,
                    ProblemCode::PasscodeDelayed => {
                        assert!(answer.header("retry-after").parse::<i64>().unwrap() > 0);
                    }
                    ProblemCode::PasscodeVoid => {
                        tally.void = true;
                        break;
                    }
                    code => panic!("{code:?}"),
                }
            }
            Move::Right => {
                let client = registered_screen(&service, SCREENS[0]);
                let answer = entered(&client, &passcode).await;
                if answer.status != StatusCode::OK {
                    let code = answer.problem().code;
                    if code == ProblemCode::PasscodeVoid {
                        tally.void = true;
                        break;
                    }
                    assert_eq!(code, ProblemCode::PasscodeDelayed);
                }
            }
            Move::Wait(seconds) => service.clock.advance_seconds(seconds),
            Move::Restart => service.restart(),
        }
    }
    if tally.void {
        let answer = entered(&screen(&service, "3"), &passcode).await;
        assert_eq!(
            answer.problem().code,
            ProblemCode::PasscodeVoid,
            "the right one too"
        );
    }
    tally
}

#[tokio::test]
async fn at_most_nine_wrong_entries_are_compared_whatever_the_order() {
    use Move::{Restart, Right, Wait, Wrong};
    let nine_and_void = Tally {
        compared: 9,
        void: true,
    };
    let five = Tally {
        compared: 5,
        void: false,
    };
    let table: [(&[Move], usize, Tally); 7] = [
        // Nobody waits: five are compared.
        (&[Wrong(0)], 30, five),
        (&[Wrong(0), Wrong(1)], 15, five),
        (&[Wrong(0), Wait(480)], 10, nine_and_void),
        (&[Wrong(0), Wrong(1), Wait(480)], 10, nine_and_void),
        // Staff at work in between win nothing for a guesser.
        (&[Right, Wrong(0), Right, Wait(480)], 12, nine_and_void),
        (&[Right, Wrong(1), Right], 20, five),
        (&[Wrong(0), Restart, Wait(480)], 10, nine_and_void),
    ];
    assert_eq!(MOST_WRONG, 10);
    for (moves, times, expected) in table {
        assert_eq!(play(moves, times).await, expected, "{moves:?}");
    }
}

#[tokio::test]
async fn entries_made_at_the_same_time_are_all_counted() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let passcode = issue(&admin).await;
    let client = screen(&service, "1");
    let wrong = other_than(&passcode);
    let entries = (0..20).map(|_| entered(&client, &wrong));
    let mut compared = 0;
    for answer in futures_util::future::join_all(entries).await {
        compared += u32::from(answer.problem().code == ProblemCode::PasscodeWrong);
    }
    assert_eq!(compared, 5);
    assert_eq!(issues(&admin).await[0].wrong_entries, 5);
}

#[tokio::test]
async fn the_waits_grow_and_say_how_long_they_are() {
    let service = Service::new();
    let passcode = issue(&service.log_in("admin").await).await;
    let client = screen(&service, "1");
    let wrong = other_than(&passcode);
    for _ in 0..4 {
        assert_eq!(entered(&client, &wrong).await.header("retry-after"), "");
    }
    for (wait, words) in [
        (30, "30秒"),
        (60, "1分"),
        (120, "2分"),
        (240, "4分"),
        (480, "8分"),
    ] {
        let answer = entered(&client, &wrong).await;
        assert_eq!(answer.problem().code, ProblemCode::PasscodeWrong);
        assert_eq!(answer.header("retry-after"), wait.to_string());
        assert!(answer.problem().detail.contains(words), "{}", answer.text());
        let answer = entered(&client, &passcode).await;
        assert_eq!(
            answer.problem().code,
            ProblemCode::PasscodeDelayed,
            "the right one too"
        );
        service.clock.advance_seconds(wait);
    }
    let answer = entered(&client, &passcode).await;
    let code = answer.problem().code;
    assert_eq!(code, ProblemCode::PasscodeVoid, "the tenth is not compared");
}

/// A right entry neither takes wrong ones back nor makes staff wait again.
#[tokio::test]
async fn staff_at_work_are_not_kept_waiting() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let passcode = issue(&admin).await;
    let client = screen(&service, "1");
    for _ in 0..5 {
        entered(&client, &other_than(&passcode)).await;
    }
    service.clock.advance_seconds(30);
    for _ in 0..20 {
        assert_eq!(entered(&client, &passcode).await.status, StatusCode::OK);
    }
    assert_eq!(issues(&admin).await[0].wrong_entries, 5);
}

/// Whether the menu says that a passcode is void.
async fn is_told(client: &Client<'_>) -> bool {
    let info: SessionInfo = client.get(path::SESSION).await.json();
    info.passcode_is_void
}

#[tokio::test]
async fn administrators_are_told_of_a_void_passcode_until_they_have_seen_to_it() {
    let service = Service::new();
    let institution = service
        .store
        .read_blocking(|reader| reader.account(&"admin".parse().unwrap()))
        .unwrap()
        .unwrap()
        .institution_id;
    let is_void = || {
        let store = &service.store;
        store
            .read_blocking(|reader| reader.void_passcode(institution))
            .unwrap()
    };
    let client = screen(&service, "1");
    for is_seen_to_by_issuing in [true, false] {
        let admin = service.log_in("admin").await;
        let passcode = issue(&admin).await;
        assert!(!is_void());
        loop {
            let answer = entered(&client, &other_than(&passcode)).await;
            if answer.problem().code == ProblemCode::PasscodeVoid {
                break;
            }
            service.clock.advance_seconds(480);
        }
        let admin = service.log_in("admin").await;
        assert_eq!(issues(&admin).await[0].state, PasscodeState::Void);
        assert_eq!(issues(&admin).await[0].wrong_entries, MOST_WRONG);
        assert!(is_void());
        assert!(is_told(&admin).await);
        assert!(!is_told(&service.log_in("staff").await).await);
        if is_seen_to_by_issuing {
            issue(&admin).await;
        } else {
            assert_eq!(revoke(&admin).await.status, StatusCode::NO_CONTENT);
            assert_eq!(revoke(&admin).await.problem().code, ProblemCode::NoPasscode);
            assert_eq!(issues(&admin).await[0].state, PasscodeState::Void);
        }
        assert!(!is_void());
        assert!(!is_told(&admin).await);
    }
    let trail = service.audited();
    let voided = trail.iter().filter(|line| *line == "passcode_voided:");
    assert_eq!(voided.count(), 2);
    assert!(trail.contains(&"passcode_revoked:void".to_owned()));
}
