//! Every route of the service, and what every request goes through.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post};
use protocol::http::path;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::handlers::{about, accounts, eligibility, health, password, searches, session};
use crate::http::{headers, problems};
use crate::state::AppState;
use crate::{assets, handlers};

/// The most bytes of a request's body; a search form is below 4 kB.
const MOST_BODY_BYTES: usize = 16 * 1024;

/// The longest that a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The service.
pub fn router(state: AppState) -> Router {
    let eligibility = format!("{}/{{candidate}}", path::ELIGIBILITY);
    let api = Router::new()
        .route(path::HEALTH, get(health::read))
        .route(path::ABOUT, get(about::read))
        .route(
            path::SESSION,
            get(session::read).post(session::begin).delete(session::end),
        )
        .route(path::ACTIVITY, post(session::note_activity))
        .route(path::UNLOCK, post(session::unlock))
        .route(path::EVERYWHERE, delete(session::end_everywhere))
        .route(path::PASSWORD, post(password::change))
        .route(path::ACCOUNTS, get(accounts::list).post(accounts::create))
        .route(path::DISABLE_ACCOUNT, post(accounts::disable))
        .route(path::RESET_ACCOUNT, post(accounts::reset))
        .route(path::SEARCHES, post(searches::run))
        .route(&eligibility, get(eligibility::read));
    #[cfg(feature = "bench")]
    let api = api.route(handlers::fixed::PATH, post(handlers::fixed::run));
    let api = api
        .route(
            "/api/{*rest}",
            axum::routing::any(handlers::no_such_address),
        )
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIMEOUT,
        ))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state.clone(), problems::render));
    Router::new()
        .merge(api)
        .fallback(get(assets::serve))
        .layer(from_fn_with_state(state.clone(), headers::add))
        .layer(from_fn(crate::http::cache::default_to_no_store))
        .with_state(state)
}
