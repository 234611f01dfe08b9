//! Headers that tell browsers what the page may do (`facts/bridge.md` §2, “Design advice” 17).

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::assets;
use crate::state::AppState;

const HEADERS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("x-permitted-cross-domain-policies"),
        "none",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "usb=(self), hid=(self), loopback-network=(self), camera=(), display-capture=(), \
         geolocation=(), microphone=(), midi=(), payment=(), serial=()",
    ),
];

/// Two years, as preload lists ask.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=63072000; includeSubDomains";

pub(crate) async fn add(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(assets::CONTENT_SECURITY_POLICY),
    );
    let version = HeaderName::from_static(protocol::http::VERSION_HEADER);
    headers.insert(version, HeaderValue::from_static(assets::PAGE_VERSION));
    if state.mode.behind_tls {
        let value = HeaderValue::from_static(STRICT_TRANSPORT_SECURITY);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use protocol::bridge::PORTS;

    use crate::assets::CONTENT_SECURITY_POLICY;

    #[test]
    fn the_page_may_reach_the_bridge_and_nothing_else_beyond_its_origin() {
        let expected = PORTS
            .map(|port| format!(" ws://127.0.0.1:{port} http://127.0.0.1:{port}"))
            .concat();
        let expected = format!("connect-src 'self'{expected}; ");
        assert!(
            CONTENT_SECURITY_POLICY.contains(&expected),
            "{CONTENT_SECURITY_POLICY}"
        );
    }
}
