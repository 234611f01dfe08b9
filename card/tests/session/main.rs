//! The reading against the virtual card: tables of cards and habits, and properties.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod properties;
mod reading;
mod support;
mod virtual_card;
