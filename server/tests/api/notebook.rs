//! The key of an institution's 控え: made once, told to who may search, and nobody else.

use axum::http::{Method, StatusCode};
use protocol::http::{Notebook, ProblemCode, SessionInfo, USUAL_NOTEBOOK_HOURS, path};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Service};

/// The form of a key; the service does not do sums with it.
fn key(letter: &str) -> Value {
    json!({
        "public_key": format!("BA{}A", letter.repeat(84)),
        "private_key": format!("{}A", letter.repeat(42)),
    })
}

async fn make(client: &Client<'_>, letter: &str) -> Answer {
    client
        .send(Method::POST, path::NOTEBOOK_KEY, Some(key(letter)))
        .await
}

async fn keep(client: &Client<'_>, hours: u32) -> Answer {
    let rule = json!({ "keep_hours": hours });
    client
        .send(Method::PUT, path::NOTEBOOK_RULE, Some(rule))
        .await
}

async fn destroyed(client: &Client<'_>, count: u32, by_time: bool) -> Answer {
    let body = json!({ "count": count, "by_time": by_time });
    client
        .send(Method::POST, path::NOTEBOOK_DESTRUCTIONS, Some(body))
        .await
}

#[tokio::test]
async fn the_first_key_is_the_institutions_and_everybody_is_told_it() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let before: Notebook = staff.get(path::NOTEBOOK_KEY).await.json();
    assert_eq!(before.key, None);
    assert_eq!(before.keep_hours, USUAL_NOTEBOOK_HOURS);
    let made: Notebook = make(&staff, "A").await.json();
    let admin = service.log_in("admin").await;
    let second: Notebook = make(&admin, "B").await.json();
    let read: Notebook = admin.get(path::NOTEBOOK_KEY).await.json();
    assert!(made.key.is_some());
    assert_eq!(made.key, second.key);
    assert_eq!(made.key, read.key);
    let trail = service.audited();
    let made = trail
        .iter()
        .filter(|line| line.starts_with("notebook_key_made"));
    assert_eq!(made.count(), 1, "{trail:?}");
}

#[tokio::test]
async fn a_key_of_another_form_is_refused() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let good = key("A");
    for (member, value) in [
        ("public_key", "A".repeat(87)),
        ("public_key", "BA".to_owned()),
        ("public_key", "あ".to_owned()),
        ("private_key", String::new()),
        ("private_key", "A".repeat(44)),
    ] {
        let mut bad = good.clone();
        bad[member] = value.clone().into();
        let answer = staff
            .send(Method::POST, path::NOTEBOOK_KEY, Some(bad))
            .await;
        assert_eq!(answer.problem().code, ProblemCode::InvalidInput, "{value}");
    }
    let none: Notebook = staff.get(path::NOTEBOOK_KEY).await.json();
    assert_eq!(none.key, None);
}

#[tokio::test]
async fn an_administrator_sets_how_long_notes_are_kept() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    for (hours, is_taken) in [(0, false), (1, true), (720, true), (721, false)] {
        let answer = keep(&admin, hours).await;
        assert_eq!(answer.status == StatusCode::OK, is_taken, "{hours}");
    }
    let notebook: Notebook = admin.get(path::NOTEBOOK_KEY).await.json();
    assert_eq!(notebook.keep_hours, 720);
    let staff = service.log_in("staff").await;
    let refused = keep(&staff, 24).await.problem().code;
    assert_eq!(refused, ProblemCode::NotAllowed);
}

#[tokio::test]
async fn what_was_destroyed_is_in_the_trail() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    assert_eq!(
        destroyed(&staff, 3, false).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        destroyed(&staff, 1, true).await.status,
        StatusCode::NO_CONTENT
    );
    let none = destroyed(&staff, 0, true).await.problem().code;
    assert_eq!(none, ProblemCode::InvalidInput);
    let trail = service.audited();
    for line in ["notes_destroyed:person 3", "notes_destroyed:time 1"] {
        assert!(trail.contains(&line.to_owned()), "{trail:?}");
    }
}

#[tokio::test]
async fn what_a_page_does_by_itself_does_not_keep_a_session_open() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    service.clock.advance_seconds(9 * 60);
    let asked = staff.get(path::NOTEBOOK_KEY).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert_eq!(make(&staff, "A").await.status, StatusCode::OK);
    let recorded = destroyed(&staff, 1, true).await.status;
    assert_eq!(recorded, StatusCode::NO_CONTENT);
    // Ten minutes after the log-in, and one after the page's own requests.
    service.clock.advance_seconds(60);
    let info: SessionInfo = staff.get(path::SESSION).await.json();
    assert!(info.is_locked);
    let refused = staff.get(path::NOTEBOOK_KEY).await.problem().code;
    assert_eq!(refused, ProblemCode::Locked);
}

#[tokio::test]
async fn nobody_else_is_told_the_key() {
    let service = Service::new();
    let stranger = service.stranger().get(path::NOTEBOOK_KEY).await;
    assert_eq!(stranger.problem().code, ProblemCode::NotLoggedIn);
    let operator = service.log_in("operator").await;
    let refused = operator.get(path::NOTEBOOK_KEY).await;
    assert_eq!(refused.problem().code, ProblemCode::NotAllowed);
}
