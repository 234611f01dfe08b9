//! `cargo xtask bench`: how large the page is, how fast searches, imports and cards are.
//!
//! The page and the service are measured as they are delivered, but for one route that
//! answers without searching (the server's feature `bench`), to compare searches with.

mod card;
mod http;
mod import;
mod load;
mod machine;
mod questions;
mod report;
mod search;
mod service;
mod size;

use std::fs;

use anyhow::{Context as _, Result};

use crate::command::run;
use crate::page;
use crate::progress::Progress;
use crate::run::{build_server, server_program};
use crate::setup::{self, Need};
use crate::workspace::Workspace;
use report::Report;
use service::Programs;

pub(crate) use size::check_first_load;

/// Persons in the store that is searched.
pub(crate) const PERSONS: u32 = 100_000;

/// Measures everything, prints it, and leaves it in `target/bench.json`.
pub(crate) fn bench(workspace: &Workspace, persons: u32) -> Result<()> {
    let mut progress = Progress::of(8);
    let prepared = progress.step("set-up", "finds or installs the tools", || {
        let needs = [
            Need::Page,
            Need::Browser,
            Need::PcscLibrary,
            Need::VirtualReader,
        ];
        setup::prepare(workspace, &needs)
    })?;
    progress.step("page", "the app as it will be delivered", || {
        page::build(workspace, &prepared)
    })?;
    progress.step(
        "server",
        "the service, with the route to compare with",
        || {
            run(&mut build_server(
                workspace,
                &["--release", "--features", "bench"],
            ))
        },
    )?;
    progress.step(
        "bridge",
        "the program that lends the card reader, and what it is compared with",
        || card::build(workspace, &prepared),
    )?;
    // Later builds must not take the one with that route for the delivered one.
    let programs = Programs::copy(&server_program(workspace, "release"), &workspace.target)?;
    let (imports, csv) = progress.step("import", "invented persons, twice", || {
        import::measure(&programs, persons)
    })?;
    let service = programs.serve()?;
    let size = progress.step("size", "what a browser loads first", || {
        size::measure(&workspace.dist(), &service.address)
    })?;
    let search = progress.step("search", "beside a fixed answer", || {
        search::measure(&service, &csv)
    })?;
    let date = service.date()?;
    // It has to itself what the machine has.
    drop(service);
    let card = progress.step(
        "card",
        "read through the bridge and without it, and by the page; from the card to the eligibility",
        || card::measure(workspace, &prepared, programs.server()),
    )?;
    let report = Report {
        machine: machine::describe(),
        date,
        persons,
        size,
        search,
        imports,
        card,
    };
    let file = workspace.target.join("bench.json");
    fs::write(&file, report.json())
        .with_context(|| format!("could not write {}", file.display()))?;
    println!("\n{}\n→ {}", report.markdown(), file.display());
    Ok(())
}
