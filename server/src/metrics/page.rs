//! `/metrics`, on an address of its own: browsers never get here, and no proxy in front.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;

use super::labels::OfStage;
use crate::state::AppState;
use crate::store::{OpeningCounts, Reader};

/// `OpenMetrics`, as the library writes it and Prometheus asks for it.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The page of numbers and nothing else.
pub fn router(state: AppState) -> Router {
    Router::new().route("/metrics", get(read)).with_state(state)
}

async fn read(State(state): State<AppState>) -> Response {
    count_openings(&state).await;
    let mut text = String::new();
    match encode(&mut text, &state.metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Counted when they are asked for, because time alone ends openings. What can't be counted is
/// left out: the other numbers are wanted most when the store is in trouble.
async fn count_openings(state: &AppState) {
    let now = state.now();
    let read = move |reader: &Reader<'_>| reader.opening_counts(now);
    let openings = &state.metrics.openings;
    match state.store.read(read).await {
        Ok(counts) => {
            for (stage, count) in by_stage(counts) {
                let stage = OfStage { stage };
                openings.get_or_create(&stage).set(count.into());
            }
        }
        Err(error) => {
            tracing::error!(%error, "openings could not be counted");
            openings.clear();
        }
    }
}

const fn by_stage(counts: OpeningCounts) -> [(&'static str, u32); 6] {
    [
        ("requested", counts.requested),
        ("called_back", counts.called_back),
        ("form_sent", counts.form_sent),
        ("opened", counts.opened),
        ("ended", counts.ended),
        ("handed_in", counts.handed_in),
    ]
}
