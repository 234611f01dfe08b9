//! Log-in, log-out, and what ends a session.

use axum::http::{Method, StatusCode};
use domain::account::Role;
use protocol::http::{About, ProblemCode, SessionInfo, path};
use serde_json::json;
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
        ..Mode::default()
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
        ..Mode::default()
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

    let code =
        async |client: &crate::harness::Client<'_>| client.get(path::SESSION).await.problem().code;
    let client = service.log_in("staff").await;
    let use_it = async |client: &crate::harness::Client<'_>| {
        let answer = client.post(path::ACTIVITY, json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    };
    for _ in 0..5 {
        service.clock.advance_seconds(9 * 60);
        use_it(&client).await;
    }
    service.clock.advance_seconds(29 * 60);
    assert!(is_in(&client).await, "locked, not ended");
    service.clock.advance_seconds(60);
    assert_eq!(code(&client).await, ProblemCode::SessionIdle);

    let client = service.log_in("staff").await;
    for _ in 0..79 {
        service.clock.advance_seconds(9 * 60);
        use_it(&client).await;
    }
    service.clock.advance_seconds(9 * 60);
    assert_eq!(code(&client).await, ProblemCode::SessionExpired);

    let client = service.log_in("staff").await;
    service
        .accounts()
        .disable(&"staff".parse().unwrap())
        .unwrap();
    assert_eq!(code(&client).await, ProblemCode::AccountChanged);
    service
        .accounts()
        .reset_password(&"staff".parse().unwrap(), PASSWORD)
        .unwrap();
    service.log_in("staff").await;
}

#[tokio::test]
async fn asking_who_is_logged_in_is_no_use_and_idleness_locks() {
    let service = Service::new();
    let client = service.log_in("staff").await;
    let info: SessionInfo = client.get(path::SESSION).await.json();
    let key = info.page_key.unwrap();
    for _ in 0..5 {
        service.clock.advance_seconds(2 * 60);
        assert_eq!(client.get(path::SESSION).await.status, StatusCode::OK);
    }
    let info: SessionInfo = client.get(path::SESSION).await.json();
    assert!(info.is_locked);
    assert_eq!(info.page_key, None);
    for path in [path::SEARCHES, path::ACTIVITY, path::PASSWORD] {
        let answer = client.post(path, json!({})).await;
        assert_eq!(answer.problem().code, ProblemCode::Locked, "{path}");
    }
    let id = "/api/eligibility/AAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(client.get(id).await.problem().code, ProblemCode::Locked);

    let unlock = async |password| {
        client
            .post(path::UNLOCK, json!({ "password": password }))
            .await
    };
    let refused = unlock("wrong").await.problem();
    assert_eq!(refused.code, ProblemCode::PasswordRefused);
    let info: SessionInfo = unlock(PASSWORD).await.json();
    assert!(!info.is_locked);
    assert_eq!(info.page_key, Some(key), "what was encrypted can be read");
    let answer = client.post(path::ACTIVITY, json!({})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(
        service.audited(),
        ["logged_in:", "password_refused:", "unlocked:"]
    );
}

#[tokio::test]
async fn a_second_log_in_has_to_say_that_it_takes_over() {
    let service = Service::new();
    let first = service.log_in("staff").await;
    let mut second = service.stranger();
    let wrong = second.take_over("staff", "wrong password").await.problem();
    assert_eq!(
        wrong.code,
        ProblemCode::LogInRefused,
        "nothing is told before"
    );
    let answer = second.log_in("staff", PASSWORD).await.problem();
    assert_eq!(answer.code, ProblemCode::InUseElsewhere);
    assert_eq!(second.cookie, None);
    assert_eq!(first.get(path::SESSION).await.status, StatusCode::OK);

    let answer = second.take_over("staff", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK);
    for _ in 0..2 {
        let told = first.get(path::SESSION).await.problem();
        assert_eq!(told.code, ProblemCode::TakenOver);
    }
    assert_eq!(
        service.audited(),
        ["logged_in:", "log_in_refused:", "logged_in:", "took_over:"]
    );

    let mut same_browser = second.clone();
    let answer = same_browser.log_in("staff", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "its own session is no other");
    service.clock.advance_seconds(30 * 60);
    let mut third = service.stranger();
    let answer = third.log_in("staff", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "an ended session is no use");
    let told = same_browser.get(path::SESSION).await.problem();
    assert_eq!(told.code, ProblemCode::SessionIdle);
}

#[tokio::test]
async fn logging_out_everywhere_ends_every_session() {
    let service = Service::new();
    let client = service.log_in("staff").await;
    let answer = client.send(Method::DELETE, path::EVERYWHERE, None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    let told = client.get(path::SESSION).await.problem();
    assert_eq!(told.code, ProblemCode::NotLoggedIn);
    assert_eq!(service.audited(), ["logged_in:", "logged_out_everywhere:"]);
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
