//! `shikaku-reader-bridge`: lends the card reader of this machine to the page, over a
//! `WebSocket` on loopback ([`protocol::bridge`]).
//!
//! ```text
//! listener ▸ door ▸ router ▸ session ▸ hub (desk) ▸ medium ─┬─ pcsc ▸ the machine's readers
//!                                             ▲             └─ simulator
//!                                             └── pcsc::monitor: readers and cards that come and go
//! ```
//!
//! One page's messages are a [`session`]; who uses which reader is the [`desk`]'s, a pure
//! state machine; a card is read by [`reading`], which drives `card`'s session. Nothing that
//! a card says is ever logged.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod announce;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod desk;
pub mod door;
mod entropy;
mod failures;
pub mod files;
pub mod hub;
pub mod listener;
pub mod medium;
pub mod pairing;
pub mod pcsc;
pub mod policy;
pub mod ports;
pub mod reading;
mod router;
mod session;
pub mod simulator;
pub mod socket;
pub mod sockets;
mod state;
mod status;
