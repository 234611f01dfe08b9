//! Emulated readers as devices that an operating system sees, in a virtual machine with a browser.
//! Needs QEMU and an image: `cargo xtask test --vm` brings both.
#![cfg(target_os = "linux")]

mod devices;
mod medium;
mod routes;
mod site;

use anyhow::{Context as _, Result};
use site::{Port, Site};
use tests::Browser;

/// One machine and one browser for all: they take longer to start than what is tested.
#[tokio::test]
async fn pages_use_readers_that_the_operating_system_sees() -> Result<()> {
    let (mut site, ports) = Site::start().await?;
    let done = all(&mut site, &ports).await;
    let console = site.machine.console()?;
    done.with_context(|| format!("the machine's console:\n{console}"))
}

async fn all(site: &mut Site, ports: &[Port]) -> Result<()> {
    let page = site.browser().await?;
    devices::are_there(site, &page, ports).await?;

    let desk = Browser::terminal(&site.stack, "staff").await?;
    routes::register(site, &page).await?;
    for port in ports {
        routes::go_through(site, &desk, &page, port).await?;
        routes::again(&desk).await?;
    }
    page.holds_nothing_personal().await?;
    desk.close_after_failed_requests().await
}
