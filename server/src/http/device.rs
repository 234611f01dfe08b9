//! Which device a browser is: a random id in a cookie, and nothing else about it.
//!
//! It tells the terminals of an institution apart in the audit trail. It opens
//! nothing: a session is another cookie.

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::state::AppState;

/// A browser keeps the cookie for a year after its last use.
const MAX_AGE: &str = "31536000";
/// Sixteen random bytes in base64url.
const LENGTH: usize = 22;

/// The device that a request comes from.
#[derive(Debug, Clone)]
pub(crate) struct Device(pub(crate) String);

/// Tells handlers the device, and gives a browser an id that has none.
pub(crate) async fn recognise(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let name = cookie_name(state.mode.behind_tls);
    let jar = CookieJar::from_headers(request.headers());
    let known = jar
        .get(name)
        .map(Cookie::value)
        .filter(|id| is_id(id))
        .map(str::to_owned);
    let is_new = known.is_none();
    // Without randomness the id is all zeros: the request is answered all the same.
    let id = known
        .unwrap_or_else(|| URL_SAFE_NO_PAD.encode(state.entropy.bytes::<16>().unwrap_or_default()));
    request.extensions_mut().insert(Device(id.clone()));
    let mut response = next.run(request).await;
    if is_new {
        let cookie = Cookie::build((name, id))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(state.mode.behind_tls)
            .build();
        if let Ok(value) = HeaderValue::try_from(format!("{cookie}; Max-Age={MAX_AGE}")) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.len() == LENGTH && text.bytes().all(allowed)
}

/// As the session's, bound to the host where browsers take that.
const fn cookie_name(behind_tls: bool) -> &'static str {
    if behind_tls {
        "__Host-shikaku-device"
    } else {
        "shikaku-device"
    }
}
