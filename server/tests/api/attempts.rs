//! Attempts at passwords are limited, whoever makes them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use protocol::http::{OneTimePassword, Problem, ProblemCode, path};
use serde_json::json;
use server::http::peer::Peer;

use crate::harness::{Answer, PASSWORD, Service};

async fn from_address(service: &Service, address: &str, user_id: &str) -> Answer {
    let body = json!({ "user_id": user_id, "password": "wrong password" });
    let mut request = Request::builder()
        .method("POST")
        .uri(path::SESSION)
        .header("content-type", "application/json")
        // Not believed without a proxy.
        .header("x-forwarded-for", "203.0.113.1")
        .body(Body::from(body.to_string()))
        .unwrap();
    request
        .extensions_mut()
        .insert(Peer(address.parse().unwrap()));
    service.stranger().request(request).await
}

/// What an answer tells, apart from the request's id.
fn told(answer: &Answer) -> (Problem, String) {
    let problem = Problem {
        request_id: String::new(),
        ..answer.problem()
    };
    (problem, answer.header("retry-after").to_owned())
}

#[tokio::test]
async fn an_account_waits_longer_and_longer_also_after_a_restart_and_also_an_unknown_one() {
    let mut service = Service::new();
    for _ in 0..5 {
        for (address, user_id) in [("192.0.2.1", "staff"), ("192.0.2.2", "nobody")] {
            let answer = from_address(&service, address, user_id).await;
            assert_eq!(answer.problem().code, ProblemCode::LogInRefused);
        }
    }
    service.restart();
    let known = from_address(&service, "192.0.2.1", " STAFF ").await;
    let unknown = from_address(&service, "192.0.2.2", "nobody").await;
    assert_eq!(known.problem().code, ProblemCode::TooManyAttempts);
    assert_eq!(known.header("retry-after"), "30");
    assert!(known.problem().detail.contains("あと30秒待ってから"));
    assert_eq!(told(&known), told(&unknown));

    let mut client = service.stranger();
    let answer = client.log_in("staff", PASSWORD).await;
    assert_eq!(
        answer.problem().code,
        ProblemCode::TooManyAttempts,
        "the right password has to wait too"
    );
    assert_eq!(
        client.log_in("admin", PASSWORD).await.status,
        StatusCode::OK
    );
    service.clock.advance_seconds(30);
    from_address(&service, "192.0.2.1", "staff").await;
    let answer = from_address(&service, "192.0.2.1", "staff").await;
    assert_eq!(answer.header("retry-after"), "60");
    assert!(answer.problem().detail.contains("あと1分待ってから"));
    service.clock.advance_seconds(60);
    let mut client = service.stranger();
    assert_eq!(
        client.log_in("staff", PASSWORD).await.status,
        StatusCode::OK
    );
    let answer = from_address(&service, "192.0.2.1", "staff").await;
    assert_eq!(
        answer.problem().code,
        ProblemCode::LogInRefused,
        "counted anew"
    );
    let delayed = service.audited();
    let delayed = delayed
        .iter()
        .filter(|event| *event == "log_in_delayed:")
        .count();
    assert_eq!(delayed, 4);
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_waits_and_others_do_not() {
    let service = Service::new();
    for number in 0..31 {
        let answer = from_address(&service, "192.0.2.1", &format!("user{number}")).await;
        assert_eq!(answer.problem().code, ProblemCode::LogInRefused, "{number}");
    }
    let answer = from_address(&service, "192.0.2.1", "another").await;
    assert_eq!(answer.problem().code, ProblemCode::TooManyAttempts);
    let answer = from_address(&service, "192.0.2.9", "another").await;
    assert_eq!(answer.problem().code, ProblemCode::LogInRefused);
}

#[tokio::test]
async fn attempts_made_at_the_same_time_are_all_counted() {
    let service = Service::new();
    let attempts = (0..12).map(|_| from_address(&service, "192.0.2.1", "staff"));
    let mut tried = 0;
    for answer in futures_util::future::join_all(attempts).await {
        tried += usize::from(answer.problem().code == ProblemCode::LogInRefused);
    }
    assert_eq!(tried, 5);
}

#[tokio::test]
async fn unlocking_is_limited_and_strangers_cannot_use_that_up() {
    let service = Service::new();
    let client = service.log_in("staff").await;
    for _ in 0..6 {
        from_address(&service, "192.0.2.1", "staff").await;
    }
    let unlock = async |password| {
        client
            .post(path::UNLOCK, json!({ "password": password }))
            .await
    };
    for _ in 0..5 {
        let answer = unlock("wrong").await;
        assert_eq!(answer.problem().code, ProblemCode::PasswordRefused);
    }
    let answer = unlock(PASSWORD).await;
    assert_eq!(answer.problem().code, ProblemCode::TooManyAttempts);
    assert_eq!(answer.header("retry-after"), "30");
    service.clock.advance_seconds(30);
    assert_eq!(unlock(PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_reset_lets_the_person_log_in_at_once() {
    let service = Service::new();
    let fail = async || {
        for _ in 0..6 {
            from_address(&service, "192.0.2.1", "staff").await;
        }
        let answer = service.stranger().log_in("staff", PASSWORD).await;
        assert_eq!(answer.problem().code, ProblemCode::TooManyAttempts);
    };
    fail().await;
    let admin = service.log_in("admin").await;
    let choice = json!({ "user_id": "staff" });
    let made: OneTimePassword = admin.post(path::RESET_ACCOUNT, choice).await.json();
    let answer = service.stranger().log_in("staff", &made.password).await;
    assert_eq!(answer.status, StatusCode::OK, "by an administrator");

    let user_id = "staff".parse().unwrap();
    fail().await;
    let reset = service.accounts().reset_password(&user_id, PASSWORD);
    reset.unwrap();
    let answer = service.stranger().log_in("staff", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "on the command line");
}
