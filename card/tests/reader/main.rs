//! The drivers against the emulated readers: tables of habits and faults, and properties.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod air;
mod cost;
mod faults;
mod properties;
mod reading;
mod support;
mod transcripts;

/// What is emulated knows the drivers by name only: a mistake in their tables is none here.
#[test]
fn the_emulated_readers_use_nothing_of_the_drivers() {
    for source in [
        include_str!("../../src/virtual_reader.rs"),
        include_str!("../../src/virtual_reader/air.rs"),
        include_str!("../../src/virtual_reader/baltech.rs"),
        include_str!("../../src/virtual_reader/cost.rs"),
        include_str!("../../src/virtual_reader/identity.rs"),
        include_str!("../../src/virtual_reader/rc_s300.rs"),
        include_str!("../../src/virtual_reader/rc_s380.rs"),
    ] {
        let mut code = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        assert!(code.all(|line| !line.contains("reader::")));
    }
}
