//! `cargo xtask test --vm`: emulated readers as devices of a virtual machine.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::command::run;
use crate::page;
use crate::progress::Progress;
use crate::run::{build_server, server_program};
use crate::setup::{self, Guest, Need, Prepared};
use crate::workspace::Workspace;

/// The first program of the machine runs with whatever libraries are there: none.
const TARGET: &str = "x86_64-unknown-linux-gnu";
const STATIC: &str = "-C target-feature=+crt-static";

/// Runs what needs the machine, or says why it can't run here.
pub(crate) fn in_machine(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::of(6);
    let guest = progress.step(
        "virtual machine",
        "finds or makes an image of Debian with a browser",
        || setup::ensure_guest(workspace),
    )?;
    let image = match guest {
        Guest::Image(image) => image,
        Guest::Impossible(why) => {
            println!("\n省略/skipped  nothing was tested in a virtual machine: {why}");
            return Ok(());
        }
    };
    let prepared = progress.step("set-up", "finds or installs what the tests need", || {
        setup::prepare(workspace, &[Need::Page, Need::Browser])
    })?;
    progress.step("page", "the app as it will be delivered", || {
        page::build(workspace, &prepared)
    })?;
    progress.step("server", "the program that serves it", || {
        run(&mut build_server(workspace, &[]))
    })?;
    let program = progress.step("guest", "the machine's first program", || {
        build_program(workspace)
    })?;
    progress.step(
        "journeys in the machine",
        "its kernel and its browser see the readers",
        || journeys(workspace, &prepared, &image, &program),
    )?;
    println!("\n✓ all passed in {:.0} s", progress.seconds());
    Ok(())
}

/// In a folder of its own: other flags, and nothing is built twice for them.
fn build_program(workspace: &Workspace) -> Result<PathBuf> {
    let target = workspace.target.join("guest");
    let mut cargo = workspace.cargo(["build", "--locked", "--release", "-p", "guest"]);
    run(cargo
        .args(["--target", TARGET])
        .env("RUSTFLAGS", STATIC)
        .env("CARGO_TARGET_DIR", &target))?;
    Ok(target.join(TARGET).join("release/guest"))
}

fn journeys(
    workspace: &Workspace,
    prepared: &Prepared,
    image: &Path,
    program: &Path,
) -> Result<()> {
    let browser = prepared.browser()?;
    let mut cargo = workspace.cargo(["test", "--locked", "-p", "tests", "--test", "vm"]);
    run(cargo
        // One machine at a time, and each says what took how long.
        .args(["--", "--test-threads=1", "--nocapture"])
        .env("CHROME", &browser.chrome)
        .env("CHROMEDRIVER", &browser.driver)
        .env("SHIKAKU_GUEST", program)
        .env("SHIKAKU_GUEST_IMAGE", image)
        .env("SHIKAKU_SERVER", server_program(workspace, "debug"))
        // As when the server was built, or cargo would build it again without the page.
        .env("SHIKAKU_REQUIRE_APP", "1"))
}
