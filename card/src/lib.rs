//! The smart card's own language, without I/O: the same code runs in the page
//! (over `WebUSB` and `WebHID`) and in the reader bridge (over PC/SC).
//!
//! So far: what a card's answer means ([`status_word`]).
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod status_word;
