//! Readers and a staff button for a browser that has none: what `navigator.js` makes
//! `navigator.usb` and `navigator.hid` of. Here is what the devices do; there, only what the
//! browser itself would.
//!
//! Compiled for wasm32 and bound to JavaScript by `cargo xtask`, which says in `SHIKAKU_FAKES`
//! where the script is that journeys have a page run before its own.
#![warn(missing_docs)]

mod descriptor;
mod pace;
mod reader;
mod stream_deck;

pub use reader::{Arrival, Reader};
pub use stream_deck::StreamDeck;
