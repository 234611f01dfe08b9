//! 目視確認用パスコード: told once, entered at reader screens, guessed by nobody.

mod guessing;
mod logs;
mod screen;

use axum::http::{Method, StatusCode};
use domain::account::Role;
use domain::passcode::PasscodeState;
use protocol::http::{IssuedPasscode, PasscodeIssue, ProblemCode, path};
use server::store::Institution;

use crate::harness::{Answer, Client, PASSWORD, Service};
use screen::{entered, screen};

async fn issue(administrator: &Client<'_>) -> String {
    let answer = administrator
        .send(Method::POST, path::PASSCODES, None)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    String::from(answer.json::<IssuedPasscode>().passcode)
}

async fn issues(administrator: &Client<'_>) -> Vec<PasscodeIssue> {
    administrator.get(path::PASSCODES).await.json()
}

async fn revoke(administrator: &Client<'_>) -> Answer {
    administrator
        .send(Method::DELETE, path::PASSCODES, None)
        .await
}

/// A passcode that is not this one.
fn other_than(passcode: &str) -> String {
    let number: u16 = passcode.parse().unwrap();
    format!("{:04}", (number + 1) % 10_000)
}

#[tokio::test]
async fn administrators_only() {
    let service = Service::new();
    for user_id in ["staff", "operator"] {
        let client = service.log_in(user_id).await;
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = client.send(method.clone(), path::PASSCODES, None).await;
            assert_eq!(
                answer.problem().code,
                ProblemCode::NotAllowed,
                "{user_id} {method}"
            );
        }
    }
    let answer = service
        .stranger()
        .send(Method::POST, path::PASSCODES, None)
        .await;
    assert_eq!(answer.problem().code, ProblemCode::NotLoggedIn);
    assert_eq!(service.query("SELECT count(*) || '' FROM passcode"), ["0"]);
}

/// Whole numbers of four digits in a text.
fn fours(text: &str) -> Vec<&str> {
    let numbers = text.split(|symbol: char| !symbol.is_ascii_alphanumeric());
    numbers.filter(|number| number.len() == 4).collect()
}

#[tokio::test]
async fn nothing_but_the_one_answer_has_the_digits() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let elsewhere = [
        path::PASSCODES,
        path::AUDIT,
        path::AUDIT_EXPORT,
        path::SESSION,
    ];
    let mut before = String::new();
    for path in elsewhere {
        before += &admin.get(path).await.text();
    }
    // Years, for instance, are there anyway.
    let passcode = loop {
        let passcode = issue(&admin).await;
        if !fours(&before).contains(&passcode.as_str()) {
            break passcode;
        }
    };
    let client = screen(&service, "reception");
    entered(&client, &other_than(&passcode)).await;
    assert_eq!(entered(&client, &passcode).await.status, StatusCode::OK);
    for path in elsewhere {
        let answer = admin.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(
            !fours(&answer.text()).contains(&passcode.as_str()),
            "{path}"
        );
    }
    let kept = service.query("SELECT hash FROM passcode WHERE ended_at IS NULL");
    assert!(kept[0].starts_with("$argon2id$v=19$m="), "{kept:?}");
    let columns = service.database.columns("passcode");
    for column in columns {
        let sql = format!("SELECT CAST({column} AS TEXT) FROM passcode");
        assert!(!service.query(&sql).contains(&passcode), "{column}");
    }
    revoke(&admin).await;
    let kept = service.query("SELECT hash FROM passcode WHERE hash IS NOT NULL");
    assert!(kept.is_empty(), "an ended passcode leaves no hash");
}

#[tokio::test]
async fn a_newer_passcode_ends_the_one_before() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let first = issue(&admin).await;
    let second = loop {
        let second = issue(&admin).await;
        if second != first {
            break second;
        }
    };
    let client = screen(&service, "reception");
    let answer = entered(&client, &first).await;
    assert_eq!(answer.problem().code, ProblemCode::PasscodeWrong);
    assert_eq!(entered(&client, &second).await.status, StatusCode::OK);
    let issues = issues(&admin).await;
    assert_eq!(issues[0].state, PasscodeState::Active);
    assert_eq!(issues[0].issued_by.as_str(), "admin");
    assert!(issues[0].last_used_at.is_some());
    assert_eq!(
        (issues[0].wrong_entries, &*issues[0].wrong_at),
        (1, &["reception".to_owned()][..])
    );
    assert!(
        issues[1..]
            .iter()
            .all(|issue| issue.state == PasscodeState::Superseded)
    );
}

#[tokio::test]
async fn a_revoked_passcode_is_good_no_more() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    assert_eq!(revoke(&admin).await.problem().code, ProblemCode::NoPasscode);
    let client = screen(&service, "reception");
    let answer = entered(&client, "0427").await;
    assert_eq!(answer.problem().code, ProblemCode::NoPasscode);
    let passcode = issue(&admin).await;
    assert_eq!(revoke(&admin).await.status, StatusCode::NO_CONTENT);
    let answer = entered(&client, &passcode).await;
    assert_eq!(answer.problem().code, ProblemCode::PasscodeEnded);
    assert_eq!(issues(&admin).await[0].state, PasscodeState::Revoked);
    let trail = service.audited();
    for event in [
        "passcode_refused:none",
        "passcode_issued:",
        "passcode_revoked:",
        "passcode_refused:revoked",
    ] {
        assert!(trail.iter().any(|line| line == event), "{event} {trail:?}");
    }
}

#[tokio::test]
async fn a_passcode_ends_at_midnight_in_tokyo() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let passcode = issue(&admin).await;
    let client = screen(&service, "reception");
    service.clock.advance_seconds(12 * 3600 - 1);
    assert_eq!(entered(&client, &passcode).await.status, StatusCode::OK);
    service.clock.advance_seconds(1);
    let answer = entered(&client, &passcode).await;
    assert_eq!(answer.problem().code, ProblemCode::NoPasscode);
    let admin = service.log_in("admin").await;
    assert_eq!(issues(&admin).await[0].state, PasscodeState::Expired);
    assert_eq!(revoke(&admin).await.problem().code, ProblemCode::NoPasscode);
}

#[tokio::test]
async fn a_passcode_outlives_a_restart_and_is_its_own_institution_s() {
    let mut service = Service::new();
    let passcode = issue(&service.log_in("admin").await).await;
    service.restart();
    let client = screen(&service, "reception");
    assert_eq!(entered(&client, &passcode).await.status, StatusCode::OK);

    let institution = Institution {
        medical_institution_code: "1300000005".parse().unwrap(),
        name: "別の医院".to_owned(),
    };
    let user_id = "other".parse().unwrap();
    let role = Role::Administrator;
    let accounts = service.accounts();
    accounts
        .add(institution, &user_id, role, PASSWORD, false)
        .unwrap();
    let other = service.log_in("other").await;
    assert!(issues(&other).await.is_empty());
    assert_eq!(revoke(&other).await.problem().code, ProblemCode::NoPasscode);
    issue(&other).await;
    let admin = service.log_in("admin").await;
    assert_eq!(issues(&admin).await[0].state, PasscodeState::Active);
}

#[tokio::test]
async fn what_is_not_four_digits_is_a_slip_and_not_counted() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    issue(&admin).await;
    let client = screen(&service, "reception");
    for entry in ["", "042", "04270", "０４２７", "abcd", "04 2"] {
        let answer = entered(&client, entry).await;
        assert_eq!(answer.problem().code, ProblemCode::InvalidInput, "{entry}");
        assert_eq!(answer.problem().violations[0].field, "passcode");
    }
    assert_eq!(issues(&admin).await[0].wrong_entries, 0);
}
