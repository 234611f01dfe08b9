//! `GET /api/health`: whether the service can do its work.

use axum::Json;
use axum::extract::State;
use protocol::http::Health;

use crate::error::ApiError;
use crate::state::AppState;

#[utoipa::path(get, path = "/api/health", tag = "service", responses((status = OK, body = Health)))]
pub(crate) async fn read(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    state.store.read(|reader| reader.check()).await?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Json(Health {
        status: "ok".to_owned(),
        version,
    }))
}
