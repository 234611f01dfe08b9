//! Who may talk to the bridge: programs of this machine that name it by its own
//! address. No page may, yet: there is nothing that one could ask for.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Refuses with a reason, before anything else is done.
pub(crate) async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    match refusal(request.headers(), port) {
        None => next.run(request).await,
        Some(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
    }
}

fn refusal(headers: &HeaderMap, port: u16) -> Option<&'static str> {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    if !host.is_some_and(|host| own.iter().any(|own| own == host)) {
        return Some("the Host header must name this bridge by its own address\n");
    }
    if headers.contains_key(header::ORIGIN) {
        return Some("no page may use this bridge yet: it drives no reader\n");
    }
    None
}
