//! What journeys need: the real programs ([`Stack`]), a real browser
//! ([`Browser`]), and the pages in the words that are on the screen ([`pages`]).
//!
//! And a PC/SC service with a virtual reader ([`pcsc`]) for virtual cards ([`vpcd`]).
//!
//! `cargo xtask test --only browser` builds the programs with the page inside and
//! says where they and the browser are: `SHIKAKU_SERVER`, `SHIKAKU_BRIDGE`, `CHROME`, `CHROMEDRIVER`.

pub mod accessibility;
pub mod bridge;
pub mod browser;
mod opening;
pub mod pages;
mod passkeys;
#[cfg(target_os = "linux")]
pub mod pcsc;
pub mod reader;
pub mod stack;
pub mod terminal;
pub mod vpcd;

pub use bridge::Bridge;
pub use browser::Browser;
pub use stack::Stack;

/// Where a program is that `cargo xtask` found or built, by the variable that tells; an error
/// without the variable.
pub fn program(variable: &str) -> anyhow::Result<std::path::PathBuf> {
    std::env::var_os(variable).map(Into::into).ok_or_else(|| {
        anyhow::anyhow!(
            "{variable} is not set; run the journeys by: cargo xtask test --only browser"
        )
    })
}
