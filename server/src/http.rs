//! HTTP as such: connections, headers, and the answer to what went wrong.

pub(crate) mod cache;
pub(crate) mod device;
pub(crate) mod headers;
pub(crate) mod limits;
pub mod listener;
pub mod peer;
pub mod pressure;
pub(crate) mod problems;
