//! 控え: patients that are noted while nothing can be confirmed, and looked up later.
//!
//! A note is sealed to its institution's public key ([`sealing`]) before it is stored
//! ([`storing`]), so that a terminal can note without anybody being logged in, and only an open
//! session of the institution gives it back ([`key`]). What is read and asked is in [`entry`],
//! [`asking`] and [`export`], which know nothing of the browser.

pub(crate) mod asking;
pub(crate) mod entry;
pub(crate) mod export;
pub(crate) mod fitness;
pub(crate) mod key;
pub(crate) mod run;
mod sealing;
pub(crate) mod storing;
pub(crate) mod tending;
