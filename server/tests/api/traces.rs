//! What a collector of OpenTelemetry is sent: how long what took, and nothing of anybody.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use axum::{Router, http::HeaderMap};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use protocol::http::{SearchOutcome, path};
use serde_json::json;
use server::traces::Traces;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::desk::PERSONS;
use crate::harness::{PASSWORD, Service};
use crate::searches::taro;

/// What came, each with its type of content.
type Received = Arc<Mutex<Vec<(String, Bytes)>>>;

/// A collector, and what it is sent.
async fn collector(status: StatusCode) -> (String, Received) {
    let received = Received::default();
    let kept = Arc::clone(&received);
    let take = post(move |headers: HeaderMap, body: Bytes| async move {
        let content_type = headers[CONTENT_TYPE].to_str().unwrap().to_owned();
        kept.lock().unwrap().push((content_type, body));
        status
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", take);
    tokio::spawn(server::http::listener::serve(
        listener,
        router,
        std::future::pending(),
    ));
    (address, received)
}

/// Has work traced to an address until all of it was sent.
async fn traced(address: &str, work: impl Future<Output = ()>) {
    let collector = address.parse().unwrap();
    let traces = Traces::to(&collector, Handle::current()).unwrap();
    // As in `log.rs`: another test's thread must not decide that nobody listens.
    let _second = Dispatch::new(NoSubscriber::default());
    let registry = tracing_subscriber::registry().with(traces.layer());
    let listens = tracing::subscriber::set_default(registry);
    work.await;
    drop(listens);
    tokio::task::spawn_blocking(|| traces.end()).await.unwrap();
}

fn spans(received: &Received) -> Vec<Span> {
    let received = received.lock().unwrap();
    let requests = received.iter().map(|(content_type, body)| {
        assert_eq!(content_type, "application/x-protobuf");
        ExportTraceServiceRequest::decode(body.clone()).unwrap()
    });
    let resources = requests.flat_map(|request| request.resource_spans);
    let scopes = resources.flat_map(|resource| resource.scope_spans);
    scopes.flat_map(|scope| scope.spans).collect()
}

#[tokio::test]
async fn a_collector_is_told_what_took_long_and_nothing_of_anybody() {
    let (address, received) = collector(StatusCode::OK).await;
    let service = Service::opened().await;
    service.import(PERSONS);
    let mut opened = String::new();
    traced(&address, async {
        let mut staff = service.stranger();
        staff.log_in("staff", PASSWORD).await;
        let SearchOutcome::Several(candidates) = staff.found(&taro()).await else {
            panic!("not several")
        };
        opened = candidates[0].id.to_string();
        assert!(staff.open(&opened).await.text().contains("新橋"));
        let admin = service.log_in("admin").await;
        let asked = format!("{}?user_id=staff", path::AUDIT);
        assert_eq!(admin.get(&asked).await.status, StatusCode::OK);
        let wrong = json!({ "user_id": "staff", "password": "himitsu" });
        staff.post(path::SESSION, wrong).await;
    })
    .await;

    let spans = spans(&received);
    let named = |name: &str| spans.iter().find(|span| span.name == name);
    let search = named("POST /api/eligibility/searches").unwrap();
    let written = spans
        .iter()
        .find(|span| span.name == "store.write" && span.parent_span_id == search.span_id);
    assert!(written.is_some(), "its audit line is a part of the search");
    assert_eq!(written.unwrap().trace_id, search.trace_id);
    assert!(search.end_time_unix_nano >= search.start_time_unix_nano);
    assert!(named("GET /api/audit").is_some());

    let told = received.lock().unwrap();
    let told: Vec<u8> = told.iter().flat_map(|(_, body)| body.to_vec()).collect();
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("shikaku-server"));
    for secret in [
        "新橋",
        "太郎",
        "東京都",
        "1000001",
        "20210326",
        "2021-03-26",
        "himitsu",
        PASSWORD,
        "user_id=staff",
        &opened,
    ] {
        assert!(!told.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn no_request_waits_for_a_collector_that_is_away_or_refuses() {
    let (refusing, received) = collector(StatusCode::BAD_REQUEST).await;
    for address in [refusing.as_str(), "http://127.0.0.1:1"] {
        let service = Service::new();
        traced(address, async {
            let staff = service.log_in("staff").await;
            assert_eq!(staff.get(path::SESSION).await.status, StatusCode::OK);
        })
        .await;
    }
    assert_eq!(received.lock().unwrap().len(), 1, "it was asked");
}
