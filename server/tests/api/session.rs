//! Log-in, log-out, and what ends a session.

use axum::http::{Method, StatusCode};
use domain::account::Role;
use protocol::http::{About, ProblemCode, SessionInfo, path};
use server::state::Mode;

use crate::harness::{PASSWORD, Service};

#[tokio::test]
async fn a_log_in_gives_a_session_that_scripts_and_other_sites_cannot_use() {
    let service = Service::new();
    let mut client = service.stranger();
    let answer = client.log_in(" Staff ", PASSWORD).await;
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("shikaku-session="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"));
    let info: SessionInfo = client.get(path::SESSION).await.json();
    assert_eq!(info.user_id.as_str(), "staff");
    assert_eq!(info.role, Role::Staff);
    assert_eq!(info.today.to_string(), "2026-11-22");
    assert_eq!(service.audited(), ["logged_in:"]);
}

#[tokio::test]
async fn behind_tls_the_cookie_is_bound_to_the_host_and_to_tls() {
    let service = Service::in_mode(Mode {
        demo: false,
        behind_tls: true,
    });
    let mut client = service.stranger();
    let answer = client.log_in("staff", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-shikaku-session="), "{cookie}");
    assert!(cookie.contains("Secure"), "{cookie}");
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
    assert_eq!(client.get(path::SESSION).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_refused_log_in_looks_the_same() {
    let service = Service::new();
    service.add_account("gone", Role::Staff, false);
    service
        .accounts()
        .disable(&"gone".parse().unwrap())
        .unwrap();
    service.add_account("demo", Role::Staff, true);
    let long = "x".repeat(300);
    let table = [
        ("staff", "wrong password"),
        ("staff", ""),
        ("staff", long.as_str()),
        ("nobody", PASSWORD),
        ("新橋", PASSWORD),
        ("", ""),
        ("gone", PASSWORD),
        ("demo", PASSWORD),
    ];
    for (user_id, password) in table {
        let mut client = service.stranger();
        let answer = client.log_in(user_id, password).await;
        assert_eq!(
            answer.problem().code,
            ProblemCode::LogInRefused,
            "{user_id}"
        );
        assert_eq!(client.cookie, None);
    }
    assert_eq!(service.audited(), ["log_in_refused:"; 8]);
}

#[tokio::test]
async fn demo_accounts_are_named_and_let_in_by_the_demo_only() {
    let demo = Service::in_mode(Mode {
        demo: true,
        behind_tls: false,
    });
    demo.add_account("demo", Role::Staff, true);
    demo.log_in("demo").await;
    let about: About = demo.stranger().get(path::ABOUT).await.json();
    assert_eq!(about.demo_accounts.len(), 3);
    let about: About = Service::new().stranger().get(path::ABOUT).await.json();
    assert!(about.demo_accounts.is_empty());
}

#[tokio::test]
async fn a_session_ends_by_log_out_idleness_age_and_disabling() {
    let service = Service::new();
    let is_in = async |client: &crate::harness::Client<'_>| {
        client.get(path::SESSION).await.status == StatusCode::OK
    };

    let client = service.log_in("staff").await;
    let answer = client.send(Method::DELETE, path::SESSION, None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.header("set-cookie").contains("Max-Age=0"),
        "{}",
        answer.header("set-cookie")
    );
    assert!(!is_in(&client).await);

    let client = service.log_in("staff").await;
    for _ in 0..3 {
        service.clock.advance_seconds(29 * 60);
        assert!(is_in(&client).await, "each request keeps it alive");
    }
    service.clock.advance_seconds(31 * 60);
    assert_eq!(
        client.get(path::SESSION).await.problem().code,
        ProblemCode::NotLoggedIn
    );

    let client = service.log_in("staff").await;
    for _ in 0..25 {
        service.clock.advance_seconds(29 * 60);
        is_in(&client).await;
    }
    assert!(
        !is_in(&client).await,
        "twelve hours are the end in any case"
    );

    let client = service.log_in("staff").await;
    service
        .accounts()
        .disable(&"staff".parse().unwrap())
        .unwrap();
    assert!(!is_in(&client).await);
    service
        .accounts()
        .reset_password(&"staff".parse().unwrap(), PASSWORD)
        .unwrap();
    service.log_in("staff").await;
}

#[tokio::test]
async fn logging_in_again_ends_the_session_before() {
    let service = Service::new();
    let mut client = service.log_in("staff").await;
    let before = client.clone();
    client.log_in("admin", PASSWORD).await;
    assert_eq!(
        before.get(path::SESSION).await.problem().code,
        ProblemCode::NotLoggedIn
    );
    let info: SessionInfo = client.get(path::SESSION).await.json();
    assert_eq!(info.user_id.as_str(), "admin");
}

#[tokio::test]
async fn a_forged_cookie_is_nobody() {
    let service = Service::new();
    for cookie in [
        "shikaku-session=",
        "shikaku-session=AAAA",
        "other=1",
        "\u{7f}",
    ] {
        let mut client = service.stranger();
        client.cookie = Some(cookie.replace('\u{7f}', "shikaku-session=%00%ff"));
        let answer = client.get(path::SESSION).await;
        assert_eq!(answer.problem().code, ProblemCode::NotLoggedIn);
    }
}
