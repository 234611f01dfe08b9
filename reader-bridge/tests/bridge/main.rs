//! The real program, on a real PC/SC service with a virtual reader, and pages that talk to
//! it. Needs pcscd and vpcd: `cargo xtask setup` installs them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod greeting;
mod page;
mod process;
mod simulator;

use page::Page;
use process::Bridge;

/// The origin of the pages of these tests.
const ORIGIN: &str = "https://clinic.example";
