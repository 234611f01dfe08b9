//! `cargo xtask run`: from a fresh checkout to the product in a browser.

use std::io::PipeWriter;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{command, run as run_command};
use crate::page;
use crate::progress::Progress;
use crate::setup::{self, Need};
use crate::workspace::Workspace;

/// Builds and starts everything; on success it returns only where it cannot become the
/// server.
pub(crate) fn run(workspace: &Workspace, port: u16, data: Option<PathBuf>) -> Result<()> {
    // Before the long build, not after it.
    check_port(port)?;
    let data = match data {
        Some(folder) => std::path::absolute(folder)?,
        None => workspace.root.join("data"),
    };

    let mut progress = Progress::of(4);
    let prepared = progress.step("set-up", "finds or installs the tools", || {
        setup::prepare(workspace, &[Need::Page, Need::PcscLibrary])
    })?;
    progress.step(
        "page",
        "builds the app for the browser, in release mode",
        || page::build(workspace, &prepared),
    )?;
    progress.step("server", "builds the server, with the page inside", || {
        run_command(&mut build_server(workspace, &["--release"]))
    })?;
    progress.step(
        "bridge",
        "builds the program that lends the card reader",
        || run_command(&mut build_bridge(workspace, &["--release"])),
    )?;

    check_port(port)?;
    let mut server = command(server_program(workspace, "release"));
    if port != 0 {
        println!(
            "\nブラウザーで開いてください / Open in a browser:  http://127.0.0.1:{port}/\n\
             読取画面（模擬カード） / The reader's screen:    http://127.0.0.1:{port}/reader\n\
             止めるには Ctrl-C / Ctrl-C stops it\n"
        );
        match start_bridge(workspace, port, &data) {
            Ok(leash) => {
                server.stdin(leash);
            }
            Err(error) => {
                println!("読取画面は使えません / the reader's screen will not work: {error:#}");
            }
        }
    }
    server
        .args([
            "serve",
            "--demo",
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--data",
        ])
        .arg(data);
    become_server(server)
}

/// Builds the server so that a missing page is an error, not a server without one.
pub(crate) fn build_server(workspace: &Workspace, profile: &[&'static str]) -> Command {
    let mut cargo = workspace.cargo(["build", "--locked", "-p", "server"]);
    cargo
        .args(["--bin", "shikaku-server"])
        .args(profile)
        .env("SHIKAKU_REQUIRE_APP", "1");
    cargo
}

/// Builds the reader bridge.
pub(crate) fn build_bridge(workspace: &Workspace, profile: &[&'static str]) -> Command {
    let mut cargo = workspace.cargo(["build", "--locked", "-p", "reader-bridge"]);
    cargo.args(["--bin", "shikaku-reader-bridge"]).args(profile);
    cargo
}

/// Where [`build_bridge`] leaves the program.
pub(crate) fn bridge_program(workspace: &Workspace, profile: &str) -> PathBuf {
    let name = format!("shikaku-reader-bridge{}", std::env::consts::EXE_SUFFIX);
    workspace.target.join(profile).join(name)
}

/// Starts the bridge with simulated cards beside the server; the page may be opened by any of
/// this machine's names. It ends with whoever holds what is returned, however that ends.
fn start_bridge(workspace: &Workspace, port: u16, data: &Path) -> Result<PipeWriter> {
    let (end, leash) = std::io::pipe()?;
    let mut bridge = command(bridge_program(workspace, "release"));
    bridge
        .args(["run", "--simulator", "--until-stdin-closes", "--data"])
        .arg(data.join("bridge"));
    for host in ["127.0.0.1", "localhost"] {
        bridge.args(["--pre-approve", &format!("http://{host}:{port}")]);
    }
    bridge
        .stdin(end)
        .spawn()
        .context("could not start the bridge")?;
    Ok(leash)
}

/// Where [`build_server`] leaves the program; `profile` is the folder's name.
pub(crate) fn server_program(workspace: &Workspace, profile: &str) -> PathBuf {
    let name = format!("shikaku-server{}", std::env::consts::EXE_SUFFIX);
    workspace.target.join(profile).join(name)
}

fn check_port(port: u16) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map(drop)
        .with_context(|| {
            format!("port {port} of 127.0.0.1 cannot be used; choose another one with --port")
        })
}

/// Replaces this process by the server: its signals, its end and its status are then the
/// server's own, and nothing is left running when the server is killed.
#[cfg(unix)]
fn become_server(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(server.exec()).context("could not start the server")
}

/// Waits for the server. Ctrl-C reaches both processes; this one must outlive the other.
#[cfg(not(unix))]
fn become_server(mut server: Command) -> Result<()> {
    ctrlc::set_handler(|| {}).context("could not prepare for Ctrl-C")?;
    run_command(&mut server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_the_option() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = check_port(port).unwrap_err().to_string();
        assert!(
            error.contains(&port.to_string()) && error.contains("--port"),
            "{error}"
        );
        drop(taken);
        check_port(port).unwrap();
    }
}
