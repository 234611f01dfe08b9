//! The real program, on a real PC/SC service with a virtual reader, and pages that talk to
//! it. Needs pcscd and vpcd: `cargo xtask setup` installs them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod cards;
mod door;
mod greeting;
mod life;
mod limits;
mod page;
mod pages;
mod policies;
mod process;
mod service;
mod simulator;

// The harness is that of the other tests with a PC/SC service; no crate may depend on theirs.
#[path = "../../../tests/src/pcsc.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "a library elsewhere, of which these tests use a part"
)]
mod pcsc;
#[path = "../../../tests/src/vpcd.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "a library elsewhere, of which these tests use a part"
)]
mod vpcd;

use page::Page;
use process::Bridge;

/// The origin of the pages of these tests.
const ORIGIN: &str = "https://clinic.example";
