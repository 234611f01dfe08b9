//! rustfmt and clippy for the native toolchain: minimal installations lack them.

use anyhow::{Result, bail};

use super::apt;
use crate::command::{answer, command, find, run};
use crate::progress;
use crate::workspace::Workspace;

const WHY: &str = "check the code's form and habits";

pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    for (name, subcommand, package) in [
        ("rustfmt", "fmt", "rustfmt-web"),
        ("clippy", "clippy", "rust-web-clippy"),
    ] {
        let version = || answer(&mut workspace.cargo([subcommand, "--version"]));
        if version().is_none() {
            install(workspace, name, package)?;
        }
        match version() {
            Some(version) => progress::found(name, WHY, &version),
            None => bail!("{name} was installed, but `cargo {subcommand}` still does not work"),
        }
    }
    Ok(())
}

fn install(workspace: &Workspace, name: &str, package: &str) -> Result<()> {
    if find("rustup").is_none() {
        return apt::install(&[package], name, WHY);
    }
    progress::installing(name, WHY, &format!("rustup component add {name}"));
    run(command("rustup")
        .current_dir(&workspace.root)
        .args(["component", "add", name]))
}
