//! Every route of the service, and what every request goes through.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use protocol::http::path;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::handlers::{
    about, accounts, audit, card_links, claim_guidance, consents_asked, eligibility, events,
    health, notebook, openings, operator, passcodes, passkeys, password, reader,
    reader_confirmations, reader_screens, searches, session, usage_reports, visual_confirmations,
};
use crate::http::{device, headers, limits, pressure, problems};
use crate::state::AppState;
use crate::{assets, handlers, metrics, openapi};

/// The most bytes of a request's body; a search form is below 4 kB.
pub(crate) const MOST_BODY_BYTES: usize = 16 * 1024;

/// The most bytes of a step of many openings: each is named by 22 characters.
const MOST_BULK_BYTES: usize = 64 * 1024;

/// The longest that a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The service.
pub fn router(state: AppState) -> Router {
    let (api, description) = OpenApiRouter::with_openapi(openapi::document())
        .merge(of_service())
        .routes(routes!(session::read, session::begin, session::end))
        .routes(routes!(session::second_factor::finish))
        .routes(routes!(session::note_activity))
        .routes(routes!(session::unlock))
        .routes(routes!(session::end_everywhere))
        .routes(routes!(password::change))
        .routes(routes!(passkeys::list, passkeys::add))
        .routes(routes!(passkeys::ask))
        .routes(routes!(passkeys::rename))
        .routes(routes!(passkeys::remove))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::disable))
        .routes(routes!(accounts::reset))
        .routes(routes!(
            accounts::passkeys::rule,
            accounts::passkeys::set_rule
        ))
        .routes(routes!(accounts::passkeys::reset))
        .routes(routes!(searches::run))
        .routes(routes!(eligibility::read))
        .routes(routes!(
            passcodes::list,
            passcodes::issue,
            passcodes::revoke
        ))
        .routes(routes!(card_links::link))
        .routes(routes!(consents_asked::read, consents_asked::change))
        .routes(routes!(claim_guidance::read, claim_guidance::change))
        .merge(of_notebook())
        .routes(routes!(audit::read))
        .routes(routes!(audit::export))
        .routes(routes!(events::of_terminal))
        .routes(routes!(reader_screens::register))
        .routes(routes!(reader_screens::revoke))
        .routes(routes!(reader_screens::begin))
        .routes(routes!(visual_confirmations::cancel))
        .routes(routes!(visual_confirmations::tick))
        .routes(routes!(visual_confirmations::follow))
        .routes(routes!(visual_confirmations::open_result))
        .routes(routes!(reader::read, reader::pair))
        .routes(routes!(reader::pair_in_demo))
        .routes(routes!(reader::report))
        .routes(routes!(events::of_reader_screen))
        .routes(routes!(reader_confirmations::begin))
        .routes(routes!(reader_confirmations::cancel))
        .routes(routes!(reader_confirmations::tick))
        .routes(routes!(reader_confirmations::note_activity))
        .routes(routes!(reader_confirmations::present_card))
        .routes(routes!(reader_confirmations::answer))
        .routes(routes!(openings::read, openings::request))
        .routes(routes!(openings::withdraw))
        .merge(of_usage_reports())
        .routes(routes!(events::of_operator))
        .routes(routes!(
            operator::openings::list,
            operator::openings::request
        ))
        .routes(routes!(operator::openings::read))
        .routes(routes!(operator::openings::act))
        .merge(up_to(
            MOST_BULK_BYTES,
            OpenApiRouter::new().routes(routes!(operator::bulk::run)),
        ))
        .routes(routes!(operator::institutions::list))
        .routes(routes!(operator::institutions::register))
        .merge(up_to(
            operator::institutions::MOST_FILE_BYTES,
            OpenApiRouter::new().routes(routes!(operator::institutions::import)),
        ))
        .split_for_parts();
    let api = api.route(path::OPENAPI, openapi::serve(description));
    #[cfg(feature = "bench")]
    let api = with_measurements(api);
    let api = api
        .route(
            "/api/{*rest}",
            axum::routing::any(handlers::no_such_address),
        )
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES));
    Router::new()
        .merge(guarded(api, &state))
        .fallback(get(assets::serve))
        .layer(from_fn_with_state(state.clone(), headers::add))
        .layer(from_fn_with_state(state.clone(), metrics::count))
        .layer(from_fn(crate::http::cache::default_to_no_store))
        .with_state(state)
}

/// What is there for `cargo xtask bench` only.
#[cfg(feature = "bench")]
fn with_measurements(api: Router<AppState>) -> Router<AppState> {
    use axum::routing::post;

    use crate::handlers::{crowd, fixed, form};

    api.route(fixed::PATH, post(fixed::run))
        .route(crowd::PATH, post(crowd::run))
        .route(form::PATH, get(form::serve))
}

/// What every request of the API goes through, the last one first.
fn guarded(api: Router<AppState>, state: &AppState) -> Router<AppState> {
    api.layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(state.clone(), pressure::apply))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIMEOUT,
        ))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state.clone(), limits::apply))
        .layer(from_fn_with_state(state.clone(), problems::render))
        .layer(from_fn_with_state(state.clone(), device::recognise))
}

/// The service itself.
fn of_service() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health::read))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(about::read))
}

/// 利用報告書, for both sides.
fn of_usage_reports() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(usage_reports::read, usage_reports::save))
        .routes(routes!(usage_reports::hand_in))
        .routes(routes!(usage_reports::mail))
        .routes(routes!(usage_reports::read_by_operator))
}

/// Routes whose requests may have larger bodies than others.
fn up_to(most_bytes: usize, routes: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    routes.layer(DefaultBodyLimit::max(most_bytes))
}

/// 控え: the institution's key, its rule, and what was destroyed.
fn of_notebook() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(notebook::read, notebook::make_key))
        .routes(routes!(notebook::set_rule))
        .routes(routes!(notebook::record_destruction))
}
