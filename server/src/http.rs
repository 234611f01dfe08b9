//! HTTP as such: connections, headers, and the answer to what went wrong.

pub(crate) mod cache;
pub(crate) mod headers;
pub mod listener;
pub mod peer;
pub(crate) mod problems;
