//! `GET /bench/form/…`: the search form once more, in JavaScript (`bench/form`).
//!
//! Only with the feature `bench`, for `cargo xtask bench`: both forms come from the same
//! service, as it sends the page's files.

use std::fs;
use std::path::PathBuf;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

pub(crate) const PATH: &str = "/bench/form/{file}";

/// The folder of the built form, by this variable.
const FOLDER: &str = "SHIKAKU_BENCH_FORM";

/// The form's two files, compressed.
pub(crate) async fn serve(Path(file): Path<String>) -> Response {
    let content_type = match file.as_str() {
        "index.html" => "text/html; charset=utf-8",
        "form.js" => "text/javascript; charset=utf-8",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let folder = std::env::var_os(FOLDER).map(PathBuf::from);
    let bytes = folder.and_then(|folder| fs::read(folder.join(file + ".br")).ok());
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_ENCODING, "br"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    match bytes {
        Some(bytes) => (headers, bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
