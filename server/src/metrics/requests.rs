//! Counts every request of the service, whatever became of it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::labels::{OfRequest, OfRoute, name_of};
use crate::state::AppState;

/// The files of the page, and what is no address at all.
const PAGE: &str = "page";

/// Counts a request, and how long it took until its answer began: a stream never ends.
pub(crate) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or(PAGE, MatchedPath::as_str).to_owned();
    let method = name_of(request.method());
    let began = Instant::now();
    let response = next.run(request).await;
    let seconds = began.elapsed().as_secs_f64();
    let metrics = &state.metrics;
    let of_route = OfRoute { route };
    metrics.seconds.get_or_create(&of_route).observe(seconds);
    let of_request = OfRequest {
        method,
        route: of_route.route,
        status: response.status().as_u16(),
    };
    metrics.requests.get_or_create(&of_request).inc();
    response
}
