//! Who may come in: one layer before every route.
//!
//! The bridge is bound to loopback, which says nothing about who speaks: any page in the
//! browser of this machine can. So the `Host` header must be the bridge's own address (a
//! name that was rebound to loopback is another), and the `Origin` one of the list, as a
//! whole, never by a part of it. Everything else is answered with 403 and the reason.

pub mod origin;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::bridge::{Refusal, RefusalReason, SOCKET_PATH, VERSION_PATH};

use crate::state::AppState;
use origin::Origin;

/// The origin of a page that was let through, for the routes behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromPage(pub Origin);

/// Refuses with a reason, before anything else is done.
pub(crate) async fn guard(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let (headers, path) = (request.headers(), request.uri().path());
    let checked = check(headers, request.method(), path, state.port, |origin| {
        state.approvals.allows(origin)
    });
    let page = match checked {
        Ok(page) => page,
        Err(reason) => {
            state.refused.note(reason);
            return refusal(StatusCode::FORBIDDEN, reason);
        }
    };
    if let Some(page) = &page {
        request.extensions_mut().insert(page.clone());
    }
    let mut response = next.run(request).await;
    let is_socket = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    add_headers(headers);
    if !is_socket {
        // Nobody has a second question.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(FromPage(origin)) = page
        && let Ok(origin) = HeaderValue::try_from(origin.to_string())
    {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// Lets a request through, and says which page it comes from, if from one.
fn check(
    headers: &HeaderMap,
    method: &Method,
    path: &str,
    port: u16,
    allows: impl Fn(&Origin) -> bool,
) -> Result<Option<FromPage>, RefusalReason> {
    if !is_own_host(headers, port) {
        return Err(RefusalReason::HostNotOwn);
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (first, second) = (origins.next(), origins.next());
    let Some(first) = first else {
        return match path {
            SOCKET_PATH => Err(RefusalReason::OriginMissing),
            // A page can have its browser ask without an `Origin`, as for an image; it
            // can't read the answer, and gets none anyway.
            _ if is_from_elsewhere(headers) => Err(RefusalReason::NotForPages),
            _ => Ok(None),
        };
    };
    let origin = first
        .to_str()
        .ok()
        .filter(|_| second.is_none())
        .and_then(|text| text.parse::<Origin>().ok())
        .ok_or(RefusalReason::OriginMalformed)?;
    if !allows(&origin) {
        return Err(RefusalReason::OriginNotAllowed);
    }
    match (method, path) {
        (&Method::GET, SOCKET_PATH | VERSION_PATH) => Ok(Some(FromPage(origin))),
        _ => Err(RefusalReason::NotForPages),
    }
}

fn is_own_host(headers: &HeaderMap, port: u16) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|own| host.as_bytes() == format!("{own}:{port}").as_bytes())
}

/// Whether the browser says that another site has it ask.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "none" && site != "same-origin")
}

/// An answer that lets nobody in.
pub(crate) fn refusal(status: StatusCode, reason: RefusalReason) -> Response {
    let message = message(reason).to_owned();
    let mut response = (status, Json(Refusal { reason, message })).into_response();
    let headers = response.headers_mut();
    add_headers(headers);
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn add_headers(headers: &mut HeaderMap) {
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
             base-uri 'none'; form-action 'none'",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

const fn message(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::HostNotOwn => {
            "このプログラムには、この端末自身のアドレス（127.0.0.1、localhost、[::1]）でしか接続できません。"
        }
        RefusalReason::OriginMissing => "接続元の画面を示す Origin がありません。",
        RefusalReason::OriginMalformed => "接続元の画面を示す Origin が正しくありません。",
        RefusalReason::OriginNotAllowed => {
            "この画面の接続元は許可されていません。端末の管理者が run --allow-origin で許可してください。"
        }
        RefusalReason::NotForPages => "画面からは使えません。",
        RefusalReason::NotFound => "ここには何もありません。",
        RefusalReason::TooManyConnections => "接続が多すぎます。使っていない画面を閉じてください。",
    }
}

/// Refusals so far, for the status page; the log has each kind at most once a minute.
#[derive(Default)]
pub struct Refused {
    counts: Mutex<HashMap<RefusalReason, (u64, Option<Instant>)>>,
}

impl Refused {
    const BETWEEN_LINES: Duration = Duration::from_mins(1);

    pub(crate) fn note(&self, reason: RefusalReason) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, said) = counts.entry(reason).or_default();
        *count += 1;
        if said.is_none_or(|said| said.elapsed() >= Self::BETWEEN_LINES) {
            *said = Some(Instant::now());
            tracing::warn!(?reason, count, "somebody was not let in");
        }
    }

    pub(crate) fn total(&self) -> u64 {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.values().map(|(count, _)| count).sum()
    }
}

#[cfg(test)]
mod tests;
