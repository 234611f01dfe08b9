//! `cargo xtask bench`: how large the page is, how fast searches, imports and cards are, and
//! what a morning of many institutions is like.
//!
//! The page and the service are measured as they are delivered, but for routes that answer
//! without searching, to compare searches with, and that make institutions (the server's
//! feature `bench`).

mod card;
mod figures;
mod form;
mod http;
mod import;
mod live;
mod load;
mod machine;
mod morning;
mod postgres;
mod questions;
mod report;
mod scratch;
mod search;
mod service;
mod size;
mod sizes;
mod stores;

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{answer, run};
use crate::page;
use crate::progress::Progress;
use crate::run::{build_server, server_program};
use crate::setup::{self, Need, Prepared};
use crate::workspace::Workspace;
use figures::Figures;
use report::Report;
use service::Programs;

pub(crate) use http::{Answer, Connection};
pub(crate) use size::check_first_load;
pub(crate) use sizes::Options;

/// Measures everything, prints it, and leaves the figures in `target/bench.json`.
pub(crate) fn bench(workspace: &Workspace, options: Options) -> Result<()> {
    options.confirm(&workspace.target)?;
    machine::allow_open_files();
    let sizes = options.sizes();
    let mut progress = Progress::of(11 + sizes.len());
    let prepared = build(workspace, &mut progress)?;
    // Later builds must not take the one with those routes for the delivered one.
    let folder = workspace.target.join("bench");
    let _leash = scratch::make(&folder)?;
    let programs = Programs::copy(&server_program(workspace, "release"), folder)?;
    let mut stores = Vec::new();
    for persons in sizes {
        let why = "imports, and searches beside a fixed answer";
        stores.push(progress.step(&format!("{persons} persons"), why, || {
            stores::measure(&programs, persons, options)
        })?);
    }
    let (small, large) = stores::ends(&stores)?;
    let growth = progress.step(
        "growth",
        "searches among few and among many, in turns",
        || search::growth(&small.asked()?, &large.asked()?, options.round()),
    )?;
    let size = progress.step("size", "what a browser loads first", || {
        size::measure(&workspace.dist(), &small.service.address)
    })?;
    let date = small.service.date()?;
    let morning = progress.step(
        "morning",
        "many institutions at once: pages that follow, searches, openings",
        || large.have_morning(options),
    )?;
    let in_use = stores::in_use(&stores, options)?;
    let live = progress.step(
        "live",
        "an import into a store in use, and searches meanwhile",
        || in_use.import_live(options),
    )?;
    // What comes has to itself what the machine has.
    let stores = stores::end(stores)?;
    let postgres = progress.step(
        "PostgreSQL",
        "the same searches on a database server",
        || postgres::measure(&programs, &prepared, options),
    )?;
    let card = progress.step(
        "card",
        "read through the bridge and without it, and by the page; from the card to the eligibility",
        || card::measure(workspace, &prepared, programs.server(), options),
    )?;
    let form = progress.step(
        "form",
        "until it can be used, beside one in JavaScript; from 検索 to the painted list",
        || form::measure(workspace, &prepared, programs.server(), options),
    )?;
    let report = Report {
        size,
        stores,
        growth,
        postgres,
        live,
        morning,
        card,
        form,
    };
    let mut figures = Figures::new(machine::describe(), commit(workspace), date);
    report.add_to(&mut figures);
    let file = workspace.target.join("bench.json");
    fs::write(&file, figures.json()?)
        .with_context(|| format!("could not write {}", file.display()))?;
    let Figures {
        machine,
        commit,
        date,
        ..
    } = &figures;
    println!("\n{}", report.markdown());
    println!("{date}, {machine}; {commit}.\n\n{}", figures.markdown());
    println!("→ {} ({:.0} s)", file.display(), progress.seconds());
    Ok(())
}

/// Builds all that is measured.
fn build(workspace: &Workspace, progress: &mut Progress) -> Result<Prepared> {
    let prepared = progress.step("set-up", "finds or installs the tools", || {
        let needs = [
            Need::Page,
            Need::Browser,
            Need::PcscLibrary,
            Need::VirtualReader,
            Need::Postgres,
        ];
        setup::prepare(workspace, &needs)
    })?;
    progress.step("page", "the app as it will be delivered", || {
        page::build(workspace, &prepared)
    })?;
    progress.step(
        "server",
        "the service, with the routes to compare with",
        || {
            run(&mut build_server(
                workspace,
                &["--release", "--features", "bench"],
            ))
        },
    )?;
    progress.step(
        "rest",
        "the program that lends the card reader, what measures, and what is compared with",
        || {
            card::build(workspace, &prepared)?;
            form::build(workspace)
        },
    )?;
    Ok(prepared)
}

/// What was measured, with a `+` where files differ from it.
fn commit(workspace: &Workspace) -> String {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        answer(git.args(arguments).current_dir(&workspace.root))
    };
    let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_default();
    let changes = git(&["status", "--porcelain", "--untracked-files=no"]).unwrap_or_default();
    let mark = if changes.trim().is_empty() { "" } else { "+" };
    format!("{}{mark}", commit.trim())
}
