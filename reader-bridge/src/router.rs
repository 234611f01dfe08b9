//! Every route.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Extension, Json, Router};
use protocol::bridge::{RefusalReason, SOCKET_PATH, VERSION_PATH, VERSIONS, Version};

use crate::door::{self, FromPage};
use crate::files::CONTROL_PATH;
use crate::listener::Progress;
use crate::state::AppState;
use crate::{commands, session, socket, status};

/// A control message is short.
const MOST_CONTROL_BYTES: usize = 1024;

pub(crate) fn router(state: AppState) -> Router {
    Router::new()
        .route("/", get(status::page))
        .route(VERSION_PATH, get(version))
        .route(SOCKET_PATH, any(connect))
        .route(CONTROL_PATH, post(control))
        .fallback(async || door::refusal(StatusCode::NOT_FOUND, RefusalReason::NotFound))
        .layer(DefaultBodyLimit::max(MOST_CONTROL_BYTES))
        .layer(from_fn_with_state(state.clone(), door::guard))
        .with_state(state)
}

/// What this program is.
pub(crate) fn own_version() -> Version {
    Version {
        name: "shikaku-reader-bridge".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        drives_readers: true,
        protocol: VERSIONS,
    }
}

async fn version() -> Json<Version> {
    Json(own_version())
}

async fn connect(
    State(state): State<AppState>,
    Extension(FromPage(origin)): Extension<FromPage>,
    Extension(progress): Extension<Arc<Progress>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(counted) = state.sockets.enter(&origin) else {
        state.refused.note(RefusalReason::TooManyConnections);
        return door::refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            RefusalReason::TooManyConnections,
        );
    };
    socket::configure_for_pages(upgrade).on_upgrade(async move |socket| {
        session::run(state, origin, socket, progress).await;
        drop(counted);
    })
}

/// From another run of this program, which has read the token from a file that only this
/// user can read.
async fn control(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(message): Json<commands::Control>,
) -> Result<Json<commands::Controlled>, StatusCode> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    if !token.is_some_and(|token| is_same(token, state.token.as_bytes())) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Json(commands::pair::obey(&state, &message)))
}

/// Compares in a time that tells nothing of where they differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differences == 0
}
