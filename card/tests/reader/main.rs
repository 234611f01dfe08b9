//! The drivers against the emulated readers: tables of habits and faults, and properties.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod air;
mod cost;
mod faults;
mod properties;
mod reading;
mod support;
