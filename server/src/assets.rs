//! The built page, out of the program itself.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// A file of the built page.
struct File {
    path: &'static str,
    content_type: &'static str,
    etag: &'static str,
    identity: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

mod files {
    use super::File;
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

pub(crate) use files::{CONTENT_SECURITY_POLICY, PAGE_VERSION};

const INDEX: &str = "index.html";

/// The names of these, or of their folder, hold a hash, so that they never change.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again, and is mostly answered “not modified”.
const REVALIDATE: &str = "no-cache";

const NO_PAGE: &str = "この shikaku-server は画面を組み込まずに作られています。\
    cargo xtask run で画面と一緒に作り直してください。\n";

/// Whether the page is in this program.
pub fn are_embedded() -> bool {
    find(INDEX).is_some()
}

/// Serves a file, or the page itself for each of its own addresses.
pub(crate) async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    // The page's own addresses have no dot; a missing file must not become a page.
    let is_address = !path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    match find(path).or_else(|| if is_address { find(INDEX) } else { None }) {
        Some(file) => file.answer(request.headers()),
        None if is_address => (StatusCode::SERVICE_UNAVAILABLE, NO_PAGE).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether a file is called the same in every build.
fn has_lasting_name(path: &str) -> bool {
    matches!(
        path,
        INDEX | "worker.js" | "manifest.webmanifest" | "icon.svg" | "icon-192.png" | "icon-512.png"
    )
}

fn find(path: &str) -> Option<&'static File> {
    files::FILES.iter().find(|file| file.path == path)
}

impl File {
    fn answer(&self, request: &HeaderMap) -> Response {
        let cache = if has_lasting_name(self.path) {
            REVALIDATE
        } else {
            IMMUTABLE
        };
        let headers: [(HeaderName, HeaderValue); 3] = [
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
            (header::ETAG, HeaderValue::from_static(self.etag)),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
        ];
        let known = request
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok());
        if known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == self.etag)) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let accepted = request
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let (encoding, body) = self.encoded(accepted.unwrap_or_default());
        let content_type = HeaderValue::from_static(self.content_type);
        let mut response = (headers, body).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding);
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }

    fn encoded(&self, accepted: &str) -> (Option<&'static str>, &'static [u8]) {
        match (self.brotli, self.gzip) {
            (Some(body), _) if accepts(accepted, "br") => (Some("br"), body),
            (_, Some(body)) if accepts(accepted, "gzip") => (Some("gzip"), body),
            _ => (None, self.identity),
        }
    }
}

/// Whether `Accept-Encoding` names a coding without `q=0`.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_coding = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let is_refused = parts.any(|parameter| {
            parameter
                .strip_prefix("q=")
                .is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0))
        });
        is_coding && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_change_with_their_content_are_kept_for_good() {
        for (path, expected) in [
            ("index.html", true),
            ("worker.js", true),
            ("manifest.webmanifest", true),
            ("icon.svg", true),
            ("icon-192.png", true),
            ("icon-8f0a1c2b3d4e5f60.svg", false),
            ("styles-8f0a1c2b3d4e5f60.css", false),
            ("app-8f0a1c2b3d4e5f60/worker.js", false),
        ] {
            assert_eq!(has_lasting_name(path), expected, "{path}");
        }
    }

    #[test]
    fn codings_are_taken_unless_refused() {
        let table = [
            ("gzip, deflate, br, zstd", "br", true),
            ("br;q=1.0, gzip;q=0.8", "gzip", true),
            ("br;q=0, gzip", "br", false),
            ("BR", "br", true),
            ("", "br", false),
            ("brotli", "br", false),
        ];
        for (header, coding, expected) in table {
            assert_eq!(accepts(header, coding), expected, "{header}");
        }
    }
}
