//! What journeys need: the real programs ([`Stack`]), a real browser
//! ([`Browser`]), and the pages in the words that are on the screen ([`pages`]).
//!
//! And a PC/SC service with a virtual reader ([`pcsc`]) for virtual cards ([`vpcd`]).
//!
//! And a virtual machine ([`machine`]) whose kernel sees emulated readers ([`emulated`]) as devices, by USB/IP ([`usbip`])
//! and HID ([`uhid`]).
//!
//! `cargo xtask test --only browser` builds the programs with the page inside and
//! says where they and the browser are: `SHIKAKU_SERVER`, `SHIKAKU_BRIDGE`, `CHROME`, `CHROMEDRIVER`;
//! and `SHIKAKU_FAKES`, the script with the devices ([`fakes`]).

pub mod accessibility;
pub mod bridge;
pub mod browser;
mod clock;
pub mod downloads;
pub mod emulated;
pub mod fakes;
#[cfg(target_os = "linux")]
pub mod machine;
mod next_build;
mod notes;
mod opening;
mod operator;
pub mod pages;
mod passkeys;
#[cfg(target_os = "linux")]
pub mod pcsc;
pub mod reader;
pub mod stack;
mod store;
pub mod terminal;
mod trail;
pub mod uhid;
pub mod usbip;
pub mod vpcd;

pub use bridge::Bridge;
pub use browser::Browser;
#[cfg(target_os = "linux")]
pub use machine::Machine;
pub use next_build::Deployment;
pub use stack::Stack;

/// Where a program is that `cargo xtask` found or built, by the variable that tells; an error
/// without the variable.
pub fn program(variable: &str) -> anyhow::Result<std::path::PathBuf> {
    std::env::var_os(variable).map(Into::into).ok_or_else(|| {
        anyhow::anyhow!(
            "{variable} is not set; run the journeys by: cargo xtask test --only browser, \
             and those in the virtual machine by: cargo xtask test --vm"
        )
    })
}
