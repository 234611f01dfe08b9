//! `POST /api/bench/fixed`: what a search's answer costs without the search.
//!
//! Only with the feature `bench`, for `cargo xtask bench`: through the same layers
//! and the same session as a search, with an answer as large as that of the
//! commonest search, the one that finds one person.

use axum::Json;
use axum::body::Bytes;
use protocol::http::{SearchAnswer, SearchOutcome};

use crate::error::ApiError;
use crate::extract::Searcher;

pub(crate) const PATH: &str = "/api/bench/fixed";

/// As long as one that is sealed.
const CANDIDATE: &str =
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(crate) async fn run(_: Searcher, _: Bytes) -> Result<Json<SearchAnswer>, ApiError> {
    let outcome = CANDIDATE.parse().map(SearchOutcome::One);
    Ok(Json(SearchAnswer {
        outcome: outcome.unwrap_or(SearchOutcome::NotFound),
        variant_matches: 0,
    }))
}
