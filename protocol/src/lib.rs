//! Data that crosses a process boundary, and nothing else.
//!
//! [`http`] is between the page and the service, [`bridge`] between the page
//! and the reader bridge. Messages are pinned by snapshots in `tests/`: a change
//! on the wire is visible in review.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod bridge;
pub mod http;
