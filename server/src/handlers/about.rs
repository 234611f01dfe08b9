//! `GET /api/about`: what the log-in page shows.

use axum::Json;
use axum::extract::State;
use protocol::http::About;

use crate::demo;
use crate::state::AppState;

#[utoipa::path(get, path = "/api/about", tag = "service", responses((status = OK, body = About)))]
pub(crate) async fn read(State(state): State<AppState>) -> Json<About> {
    let demo_accounts = if state.mode.demo {
        demo::accounts()
    } else {
        Vec::new()
    };
    Json(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo_accounts,
    })
}
