//! The reading against the virtual card: tables of cards and habits, and properties.

mod properties;
mod reading;
mod support;
