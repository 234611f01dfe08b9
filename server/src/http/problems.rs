//! Gives every request of the API an id and one log line, and every answer that
//! is not a success the form of RFC 9457.

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::http::{PROBLEM_MEDIA_TYPE, Problem, ProblemCode};
use tracing::Instrument as _;

use crate::error::Refusal;
use crate::extract::RequestId;
use crate::http::device::Device;
use crate::state::AppState;
use crate::store::Origin;

/// After so many seconds the store may well be there again.
const USUAL_WAIT: i64 = 5;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn render(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    // Without randomness the id is all zeros: the request is answered all the same.
    let id = format!(
        "{:032x}",
        u128::from_ne_bytes(state.entropy.bytes().unwrap_or_default())
    );
    let device = request
        .extensions()
        .get::<Device>()
        .map(|device| device.0.clone());
    request.extensions_mut().insert(RequestId(Origin {
        request_id: id.clone(),
        device: device.unwrap_or_default(),
    }));
    // The route, not the path: an address may hold an opaque id, a log need not.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    let method = request.method();
    let span = tracing::info_span!(
        "request",
        // What traces call it.
        otel.name = format_args!("{method} {route}"),
        otel.kind = "server",
        %id,
        %method,
        route,
        session = tracing::field::Empty,
        screen = tracing::field::Empty,
    );
    let started = state.now();
    let mut response = answer(request, next, &id).instrument(span.clone()).await;
    let milliseconds = state.now().unix_milliseconds() - started.unix_milliseconds();
    span.in_scope(|| {
        tracing::info!(
            status = response.status().as_u16(),
            milliseconds,
            "answered"
        );
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

async fn answer(request: Request, next: Next, id: &str) -> Response {
    let response = next.run(request).await;
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        return refusal_response(refusal, id);
    }
    match code_of(response.status()) {
        Some(code) => refusal_response(&Refusal::from(code), id),
        None => response,
    }
}

fn refusal_response(refusal: &Refusal, id: &str) -> Response {
    let mut problem = refusal.code.problem(id, refusal.violations.clone());
    if let Some(title) = &refusal.title {
        problem.title.clone_from(title);
    }
    if let Some(detail) = &refusal.detail {
        problem.detail.clone_from(detail);
    }
    let usual = (refusal.code == ProblemCode::Unavailable).then_some(USUAL_WAIT);
    let Some(seconds) = refusal.retry_after_seconds.or(usual) else {
        return problem_response(&problem);
    };
    problem.detail = [
        "あと",
        &duration(seconds),
        "待ってから、もう一度お試しください。",
    ]
    .concat();
    let mut response = problem_response(&problem);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// In whole minutes, from one minute on; rounded up.
fn duration(seconds: i64) -> String {
    if seconds < 60 {
        format!("{seconds}秒")
    } else {
        format!("{}分", (seconds + 59) / 60)
    }
}

/// What a layer meant that answered with a bare status.
fn code_of(status: StatusCode) -> Option<ProblemCode> {
    match status {
        StatusCode::FORBIDDEN => Some(ProblemCode::ForeignOrigin),
        StatusCode::NOT_FOUND => Some(ProblemCode::NoSuchAddress),
        StatusCode::METHOD_NOT_ALLOWED => Some(ProblemCode::MethodNotAllowed),
        StatusCode::PAYLOAD_TOO_LARGE => Some(ProblemCode::TooLarge),
        StatusCode::SERVICE_UNAVAILABLE => Some(ProblemCode::Unavailable),
        status if status.is_client_error() => Some(ProblemCode::UnreadableRequest),
        status if status.is_server_error() => Some(ProblemCode::Internal),
        _ => None,
    }
}

fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(problem)).into_response();
    let media_type = HeaderValue::from_static(PROBLEM_MEDIA_TYPE);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    response
}
