//! The smart card's own language, without I/O: the same code runs in the page
//! (over `WebUSB` and `WebHID`) and in the reader bridge (over PC/SC).
//!
//! - [`jpki`]: reads the user-authentication certificate of a My Number Card,
//!   without a PIN. A medium loops [`jpki::Reading`] around its own way to send bytes.
//! - [`apdu`]: the three commands that this takes; no other can be made.
//! - [`status_word`]: what the last two bytes of an answer mean.
//! - [`der`]: where a certificate ends.
//! - [`reader`]: readers that the page drives itself; [`reader::Run`] is looped like a reading.
//! - `virtual_card` (feature `virtual-card`): a card in memory, for tests and the simulator.
//! - `virtual_reader` (feature `virtual-reader`): readers in memory, for tests and the page's fakes.
//! - `demo` (feature `demo-cards`): the three cards that demo mode knows, and their root.
//! - `test_pki` (feature `test-pki`): makes certificates of the same shape.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod apdu;
#[cfg(feature = "demo-cards")]
pub mod demo;
pub mod der;
pub mod jpki;
pub mod reader;
pub mod status_word;
#[cfg(feature = "test-pki")]
pub mod test_pki;
#[cfg(feature = "virtual-card")]
pub mod virtual_card;
#[cfg(feature = "virtual-reader")]
pub mod virtual_reader;
