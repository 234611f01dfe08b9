//! `/api/health`: whether the service can do its work, whether it is alive, and whether it is
//! to be asked at all.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use protocol::http::{Health, ProblemCode};
use tokio::time::timeout;

use crate::error::ApiError;
use crate::state::AppState;

/// A store that needs longer for the least of its work has too much to do.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the service can reach its store.
#[utoipa::path(get, path = "/api/health", tag = "service", responses((status = OK, body = Health)))]
pub(crate) async fn read(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    state.store.read(|reader| reader.check()).await?;
    Ok(Json(ok()))
}

/// Whether the program still answers: restarting it helps if it does not. The store may be
/// away, which a restart does not change.
#[utoipa::path(get, path = "/api/health/live", tag = "service", responses((status = OK, body = Health)))]
pub(crate) async fn live() -> Json<Health> {
    Json(ok())
}

/// Whether to send requests here: not when the store is away, and not any more from the
/// moment that the service was told to stop.
#[utoipa::path(get, path = "/api/health/ready", tag = "service", responses((status = OK, body = Health)))]
pub(crate) async fn ready(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    let unavailable = ApiError::Refused(ProblemCode::Unavailable);
    if state.is_leaving() {
        return Err(unavailable);
    }
    match timeout(PATIENCE, state.store.read(|reader| reader.check())).await {
        Ok(checked) => checked?,
        Err(_) => return Err(unavailable),
    }
    Ok(Json(ok()))
}

fn ok() -> Health {
    Health {
        status: "ok".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
