//! HTTP as such: headers, methods, bodies, and nothing personal where it must not be.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use protocol::http::{Health, ProblemCode, path};
use serde_json::json;

use crate::harness::Service;

fn request(method: &str, uri: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(uri)
}

#[tokio::test]
async fn health_is_ok_and_every_answer_has_the_headers() {
    let service = Service::new();
    let client = service.stranger();
    let health: Health = client.get(path::HEALTH).await.json();
    assert_eq!(health.status, "ok");
    for path in [path::HEALTH, "/api/nothing", "/nothing.js"] {
        let answer = client.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(answer.header("permissions-policy").contains("hid=(self)"));
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let service = Service::new();
    let client = service.stranger();
    let table = [
        (Method::GET, "/api/nothing", ProblemCode::NoSuchAddress),
        (Method::POST, "/api/nothing", ProblemCode::NoSuchAddress),
        (Method::PUT, path::SESSION, ProblemCode::MethodNotAllowed),
        (Method::GET, path::SEARCHES, ProblemCode::MethodNotAllowed),
    ];
    for (method, path, code) in table {
        assert_eq!(
            client.send(method, path, None).await.problem().code,
            code,
            "{path}"
        );
    }
    assert_eq!(
        client.get("/missing.wasm").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn bodies_are_json_and_bounded() {
    let service = Service::new();
    let client = service.log_in("staff").await;
    let cookie = client.cookie.clone().unwrap();
    let big = format!("{{\"name\":\"{}\"}}", "x".repeat(20_000));
    let table = [
        ("text/plain", "{}", ProblemCode::UnreadableRequest),
        (
            "application/x-www-form-urlencoded",
            "name=x",
            ProblemCode::UnreadableRequest,
        ),
        ("application/json", "", ProblemCode::UnreadableRequest),
        ("application/json", "{", ProblemCode::UnreadableRequest),
        ("application/json", "{}{}", ProblemCode::UnreadableRequest),
        (
            "application/json",
            "\u{feff}{}",
            ProblemCode::UnreadableRequest,
        ),
        ("application/json", big.as_str(), ProblemCode::TooLarge),
        (
            "application/json; charset=utf-8",
            "{}",
            ProblemCode::InvalidInput,
        ),
    ];
    for (media_type, body, code) in table {
        let request = request("POST", path::SEARCHES)
            .header("cookie", &cookie)
            .header("content-type", media_type)
            .body(Body::from(body.to_owned()));
        let answer = client.request(request.unwrap()).await;
        let body: String = body.chars().take(20).collect();
        assert_eq!(answer.problem().code, code, "{media_type} {body}");
    }
}

/// `PostgreSQL` has no text with U+0000; a file would keep it.
#[tokio::test]
async fn text_with_nul_is_refused_by_its_member_whatever_the_store_is() {
    let service = Service::opened().await;
    let admin = service.log_in("admin").await;
    let table = [
        (
            path::SESSION,
            json!({ "user_id": "st\0ff", "password": "x" }),
            "user_id",
        ),
        (path::SEARCHES, json!({ "name": "新\0橋" }), "name"),
        (path::READER_SCREENS, json!({ "name": "受\0付" }), "name"),
        (path::READER, json!({ "code": "\0" }), "code"),
    ];
    for (path, body, member) in table {
        let problem = admin.post(path, body).await.problem();
        let members = problem.violations.iter().map(|one| one.field.as_str());
        assert_eq!(problem.code, ProblemCode::InvalidInput, "{path}");
        assert_eq!(members.collect::<Vec<_>>(), [member], "{path}");
    }
    let asked = format!("{}?user_id=st%00ff", path::AUDIT);
    let problem = admin.get(&asked).await.problem();
    assert_eq!(problem.violations[0].field, "user_id");
    let nobody = admin.open("%00").await;
    assert_eq!(nobody.problem().code, ProblemCode::CandidateExpired);
}

#[tokio::test]
async fn other_sites_cannot_act() {
    let service = Service::new();
    let client = service.stranger();
    let table = [
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "same-origin", true),
        ("origin", "https://evil.example", false),
        ("origin", "http://127.0.0.1:8080", true),
    ];
    for (name, value, is_let_in) in table {
        let request = request("POST", path::SESSION)
            .header("host", "127.0.0.1:8080")
            .header(name, value)
            .header("content-type", "application/json")
            .body(Body::from("{}"));
        let code = client.request(request.unwrap()).await.problem().code;
        let expected = if is_let_in {
            ProblemCode::UnreadableRequest
        } else {
            ProblemCode::ForeignOrigin
        };
        assert_eq!(code, expected, "{name}: {value}");
    }
}

#[tokio::test]
async fn the_page_is_served_compressed_and_cached_as_its_names_allow() {
    let service = Service::new();
    let client = service.stranger();
    if !server::assets::are_embedded() {
        let answer = client.get("/").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text().contains("cargo xtask run"));
        return;
    }
    for path in ["/", "/login", "/emergency/search"] {
        let answer = client.get(path).await;
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert!(
            answer
                .header("content-security-policy")
                .contains("'sha256-")
        );
    }
    let html = client.get("/").await.text();
    let mut words = html.split(['"', '\'', '=', '>', ' ']);
    let wasm = words
        .find(|word| word.starts_with('/') && word.contains(".wasm"))
        .unwrap()
        .to_owned();
    for (accepted, encoding) in [("gzip, br", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = request("GET", &wasm)
            .header("accept-encoding", accepted)
            .body(Body::empty());
        let answer = client.request(request.unwrap()).await;
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert!(answer.header("cache-control").contains("immutable"));
        let known = answer.header("etag").to_owned();
        let request = self::request("GET", &wasm)
            .header("if-none-match", known)
            .body(Body::empty());
        assert_eq!(
            client.request(request.unwrap()).await.status,
            StatusCode::NOT_MODIFIED
        );
    }
}
