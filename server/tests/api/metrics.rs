//! The numbers for whoever runs the service: what they count, and what they never tell.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use domain::search::SearchForm;
use protocol::http::path;
use server::metrics;
use server::state::Mode;
use tower::ServiceExt as _;

use crate::harness::Service;

/// Every line of the numbers' page.
async fn numbers(service: &Service) -> Vec<String> {
    let router: Router = metrics::router(service.state.clone());
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let media_type = response.headers()["content-type"].to_str().unwrap();
    assert!(media_type.starts_with("application/openmetrics-text"));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.ends_with("# EOF\n"));
    text.lines().map(str::to_owned).collect()
}

/// The value of a series, by all of its name and labels; 0 when there is none.
async fn number(service: &Service, series: &str) -> f64 {
    let lines = numbers(service).await;
    let value = lines.iter().find_map(|line| {
        let (found, value) = line.rsplit_once(' ')?;
        (found == series).then(|| value.parse().unwrap())
    });
    value.unwrap_or_default()
}

async fn assert_number(service: &Service, series: &str, expected: f64) {
    let value = number(service, series).await;
    assert!((value - expected).abs() < 1e-9, "{series}: {value}");
}

#[tokio::test]
async fn requests_searches_and_commits_are_counted() {
    let service = Service::opened().await;
    let client = service.log_in("staff").await;
    let form = SearchForm {
        name_kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
        birthdate: "S55.1.1".to_owned(),
        sex1: "1".to_owned(),
        address: "東京都".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    };
    for _ in 0..3 {
        client.answer(&form).await;
    }
    assert_eq!(client.search(&SearchForm::default()).await.status, 422);
    let of = |status: u16| {
        format!(
            r#"shikaku_requests_total{{method="POST",route="{}",status="{status}"}}"#,
            path::SEARCHES
        )
    };
    assert_number(&service, &of(200), 3.0).await;
    assert_number(&service, &of(422), 1.0).await;
    let seconds = format!(
        r#"shikaku_request_seconds_count{{route="{}"}}"#,
        path::SEARCHES
    );
    assert_number(&service, &seconds, 4.0).await;
    let not_found = r#"shikaku_searches_total{outcome="not_found"}"#;
    assert_number(&service, not_found, 3.0).await;
    assert_number(&service, "shikaku_store_queue", 0.0).await;
    assert!(number(&service, "shikaku_store_commit_seconds_count").await >= 3.0);
    assert!(number(&service, "shikaku_store_changes_together_sum").await >= 3.0);
    assert_number(&service, r#"shikaku_openings{stage="opened"}"#, 1.0).await;
    assert_number(&service, r#"shikaku_openings{stage="requested"}"#, 0.0).await;
}

#[tokio::test]
async fn streams_are_counted_as_long_as_they_are_open() {
    let service = Service::new();
    let client = service.log_in("staff").await;
    let mut followed = client.follow(path::EVENTS).await;
    followed.event().await.unwrap();
    assert_number(&service, "shikaku_streams", 1.0).await;
    drop(followed);
    assert_number(&service, "shikaku_streams", 0.0).await;
}

#[tokio::test]
async fn what_a_limit_refuses_is_counted() {
    let service = Service::in_mode(Mode::default());
    let client = service.log_in("staff").await;
    let mut refused = 0.0;
    for _ in 0..63 {
        let answer = client.get(path::SESSION).await;
        refused += f64::from(u8::from(answer.status == StatusCode::TOO_MANY_REQUESTS));
    }
    let series = r#"shikaku_refused_total{limit="session"}"#;
    assert_number(&service, series, refused).await;
    assert!(refused > 0.0);
}

#[tokio::test]
async fn nobody_can_make_up_series_and_nothing_personal_is_told() {
    let service = Service::opened().await;
    let client = service.log_in("staff").await;
    let id = "AAAAAAAAAAAAAAAAAAAAAA";
    client.open(id).await;
    client.get("/api/1311234569").await;
    client.get("/1311234569.js").await;
    let made_up = Method::from_bytes(b"MADEUP").unwrap();
    client.send(made_up, path::SESSION, None).await;
    let text = numbers(&service).await.join("\n");
    for route in [
        r#"route="/api/eligibility/{candidate}""#,
        r#"route="/api/{*rest}""#,
        r#"route="page""#,
        r#"method="other""#,
    ] {
        assert!(text.contains(route), "{route}\n{text}");
    }
    for personal in [id, "1311234569", "MADEUP", "staff", "新橋", "127.0.0.1"] {
        assert!(!text.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn the_numbers_are_not_where_browsers_are() {
    let service = Service::new();
    let answer = service.stranger().get("/metrics").await;
    assert!(!answer.text().contains("shikaku_"));
}
