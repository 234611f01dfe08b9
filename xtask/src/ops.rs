//! `cargo xtask ops`: the example of `ops/`, on this machine. Two servers behind a load
//! balancer, a primary and a replica, all of them to be killed and started again; and the
//! test that does so.

mod console;
mod crowd;
mod database;
mod desk;
mod example;
mod machine;
mod part;
mod survival;

use anyhow::{Result, bail};

use crate::command::run as run_command;
use crate::page;
use crate::progress::Progress;
use crate::run::{build_server, server_program};
use crate::setup::{self, Need, Prepared};
use crate::workspace::Workspace;
use example::Example;
use machine::Programs;

/// The test by itself.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::of(2);
    let needs = [Need::Postgres, Need::LoadBalancer];
    let prepared = progress.step("set-up", "finds or installs the programs", || {
        setup::prepare(workspace, &needs)
    })?;
    progress.step("many machines", "kills each in turn", || {
        survive(workspace, &prepared)
    })
}

/// Builds the product, starts the example and does what is typed.
pub(crate) fn run(workspace: &Workspace, port: u16) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("the example is made with programs of Linux");
    }
    let mut progress = Progress::of(4);
    let needs = [Need::Page, Need::Postgres, Need::LoadBalancer];
    let prepared = progress.step("set-up", "finds or installs the programs", || {
        setup::prepare(workspace, &needs)
    })?;
    progress.step(
        "page",
        "builds the app for the browser, in release mode",
        || page::build(workspace, &prepared),
    )?;
    progress.step("server", "builds the server, with the page inside", || {
        run_command(&mut build_server(workspace, &["--release"]))
    })?;
    let programs = Programs::of(workspace, &prepared, server_program(workspace, "release"))?;
    let mut example = progress.step("example", "starts all of it, one after the other", || {
        Example::start(programs, port, &[])
    })?;
    console::obey(&mut example)
}

/// Kills each part in turn, while people search.
pub(crate) fn survive(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("\n省略/skipped  the example is made with programs of Linux");
        return Ok(());
    }
    let build = [
        "build",
        "--locked",
        "-p",
        "server",
        "--bin",
        "shikaku-server",
    ];
    run_command(&mut workspace.cargo(build))?;
    let programs = Programs::of(workspace, prepared, server_program(workspace, "debug"))?;
    survival::test(programs)
}
