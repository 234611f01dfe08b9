//! Readers' own screens: how they are registered, and how that ends.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use card::demo::DemoCard;
use protocol::http::{ProblemCode, ReaderScreenState, SessionInfo, path};
use serde_json::json;
use server::state::Mode;

use crate::desk::{Desk, PERSONS, pairing, registered, terminal_state};
use crate::harness::Service;

#[tokio::test]
async fn a_code_registers_one_screen_once() {
    let service = Service::new();
    let pairing = pairing(&service, " 受付1 ").await;
    assert_eq!(pairing.code.len(), 8);
    assert_eq!(pairing.expires_in_seconds, 600);
    assert!(pairing.qr_svg.starts_with("<svg"));
    let mut screen = service.stranger();
    let answer = screen.pair(&pairing.code).await;
    let cookie = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let state: ReaderScreenState = answer.json();
    assert_eq!(state.name, "受付1");
    assert_eq!(state.institution_name, "新橋サンプルクリニック");
    assert!(!state.is_demo && state.visual_confirmation.is_none());
    assert_eq!(screen.get(path::READER).await.status, StatusCode::OK);
    let again = service.stranger().pair(&pairing.code).await;
    assert_eq!(again.problem().code, ProblemCode::PairingRefused);
    assert_eq!(
        service.audited(),
        [
            "logged_in:",
            "pairing_code_issued:受付1",
            "reader_screen_registered:受付1",
            "pairing_refused:",
        ]
    );
    // Neither the code nor the token can be read from the store.
    let kept = service.database.kept(&["reader_screen", "reader_pairing"]);
    let token = screen.cookie.unwrap().split_once('=').unwrap().1.to_owned();
    for secret in [pairing.code, token] {
        let is_there = kept
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!is_there);
    }
}

#[tokio::test]
async fn codes_that_are_none_or_over_register_nothing() {
    let service = Service::new();
    let code = pairing(&service, "受付1").await.code;
    let wrong = if code == "00000000" {
        "00000001"
    } else {
        "00000000"
    };
    let table = [
        ("", ProblemCode::InvalidInput),
        ("1234567", ProblemCode::InvalidInput),
        ("１２３４５６７８", ProblemCode::InvalidInput),
        (wrong, ProblemCode::PairingRefused),
    ];
    for (code, problem) in table {
        let answer = service.stranger().pair(code).await;
        assert_eq!(answer.problem().code, problem, "{code}");
    }
    service.clock.advance_seconds(600);
    let late = service.stranger().pair(&code).await;
    assert_eq!(late.problem().code, ProblemCode::PairingRefused);
}

/// Addresses wait after some wrong codes, and a hundred of them from anywhere make every
/// code void.
#[tokio::test]
async fn guessers_of_codes_are_slowed_down_and_then_shut_out() {
    let service = Service::in_mode(Mode {
        behind_tls: true,
        without_rate_limits: true,
        ..Mode::default()
    });
    let code = {
        let mut administrator = service.stranger();
        administrator
            .log_in("admin", crate::harness::PASSWORD)
            .await;
        let wanted = json!({ "name": "受付1" });
        let answer = administrator.post(path::READER_SCREENS, wanted).await;
        answer.json::<protocol::http::ReaderPairing>().code
    };
    let from = async |address: String, code: &str| {
        let request = Request::post(path::READER)
            .header("x-forwarded-for", address)
            .header("content-type", "application/json")
            .body(Body::from(json!({ "code": code }).to_string()));
        service.stranger().request(request.unwrap()).await
    };
    let wrong = if code == "00000000" {
        "00000001"
    } else {
        "00000000"
    };
    for _ in 0..31 {
        let answer = from("198.51.100.1".to_owned(), wrong).await;
        assert_eq!(answer.problem().code, ProblemCode::PairingRefused);
    }
    let waits = from("198.51.100.1".to_owned(), &code).await;
    assert_eq!(waits.problem().code, ProblemCode::TooManyRequests);
    assert_eq!(waits.header("retry-after"), "30");
    for number in 31..100 {
        from(format!("192.0.2.{number}"), wrong).await;
    }
    let right = from("192.0.2.200".to_owned(), &code).await;
    assert_eq!(right.problem().code, ProblemCode::PairingRefused);
}

#[tokio::test]
async fn screens_have_names_of_their_own() {
    let service = Service::new();
    registered(&service, "受付1").await;
    let administrator = service.log_in("admin").await;
    let long = "あ".repeat(41);
    for (name, status) in [
        ("", 422),
        ("  ", 422),
        (long.as_str(), 422),
        ("受\u{0}付", 422),
        ("受付1", 422),
        ("受付2", 200),
        (&long[..120], 200),
    ] {
        let wanted = json!({ "name": name });
        let answer = administrator.post(path::READER_SCREENS, wanted).await;
        assert_eq!(answer.status.as_u16(), status, "{name:?}");
    }
}

#[tokio::test]
async fn a_revoked_screen_can_do_nothing_any_more() {
    let service = Service::new();
    service.import(PERSONS);
    let mut desk = Desk::new(&service).await;
    let id = desk.begin().await;
    desk.tick(&id, true).await;
    let administrator = service.log_in("admin").await;
    let screen = format!("{}/{}", path::READER_SCREENS, desk.id);
    assert_eq!(
        administrator.delete(&screen).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(desk.stream.ends().await);
    assert!(terminal_state(&desk.terminal).await.readers.is_empty());
    let none = ProblemCode::NotAReaderScreen;
    assert_eq!(desk.screen.get(path::READER).await.problem().code, none);
    assert_eq!(
        desk.screen.get(path::READER_EVENTS).await.problem().code,
        none
    );
    assert_eq!(desk.place(&id, DemoCard::Valid).await.problem().code, none);
    let tick = desk.tick(&id, true).await;
    assert_eq!(tick.problem().code, ProblemCode::VisualConfirmationOver);
    let again = administrator.delete(&screen).await;
    assert_eq!(again.problem().code, ProblemCode::NoSuchReaderScreen);
    let last = service.query(
        "SELECT action || ':' || outcome FROM audit WHERE action LIKE '%revoked'
           OR action = 'visual_confirmation_ended' ORDER BY sequence",
    );
    assert_eq!(
        last,
        [
            "reader_screen_revoked:受付1",
            "visual_confirmation_ended:revoked"
        ]
    );
}

#[tokio::test]
async fn a_browser_that_is_registered_anew_was_the_other_screen_no_more() {
    let service = Service::new();
    let mut screen = registered(&service, "受付1").await;
    let before = screen.clone();
    let code = pairing(&service, "受付2").await.code;
    screen.pair(&code).await;
    let state: ReaderScreenState = screen.get(path::READER).await.json();
    assert_eq!(state.name, "受付2");
    let old = before.get(path::READER).await;
    assert_eq!(old.problem().code, ProblemCode::NotAReaderScreen);
}

#[tokio::test]
async fn in_the_demo_a_browser_is_both_a_terminal_and_a_screen() {
    let work = Service::new();
    let refused = work.stranger().post(path::READER_DEMO, json!({})).await;
    assert_eq!(refused.problem().code, ProblemCode::NotAllowed);
    let demo = Service::in_mode(Mode {
        demo: true,
        without_rate_limits: true,
        ..Mode::default()
    });
    let mut browser = demo.log_in("staff").await;
    for _ in 0..2 {
        let answer = browser.post(path::READER_DEMO, json!({})).await;
        browser.keep_cookie(&answer, "shikaku-reader");
        let state: ReaderScreenState = answer.json();
        assert_eq!(state.name, "読取画面1");
        assert!(state.is_demo);
    }
    let info: SessionInfo = browser.get(path::SESSION).await.json();
    assert_eq!(info.user_id.as_str(), "staff");
    assert_eq!(terminal_state(&browser).await.readers.len(), 1);
    let mut second = demo.stranger();
    let answer = second.post(path::READER_DEMO, json!({})).await;
    second.keep_cookie(&answer, "shikaku-reader");
    assert_eq!(answer.json::<ReaderScreenState>().name, "読取画面2");
}
