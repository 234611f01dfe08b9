//! What the bridge is.

use axum::Json;
use protocol::bridge::Version;

/// Said wherever somebody could expect more.
pub(crate) const NO_READER: &str =
    "このバージョンはまだカードリーダーを操作しません。(This version drives no reader yet.)";

pub(crate) fn version() -> Version {
    Version {
        name: "shikaku-reader-bridge".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        drives_readers: false,
    }
}

pub(crate) async fn answer() -> Json<Version> {
    Json(version())
}
