//! `cargo xtask`: everything a newcomer needs after `git clone`.
//!
//! `run` starts the product in demo mode, `test` checks all of it, `bench` measures it,
//! `setup` only gets what these need. Each finds what is there, installs what is missing, and says what it
//! does and why before doing it.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks through its terminal"
)]

mod bench;
mod command;
mod fakes;
mod ops;
mod page;
mod postgres;
mod progress;
mod run;
mod setup;
mod test;
mod unprivileged;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, starts and tests the whole of shikaku.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Builds the app in release mode and starts the server in demo mode on loopback
    Run {
        /// Loopback port to listen on
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Folder of the server's database [default: data/ in the repository]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Checks everything: formatting, lints, docs, unit, API and browser tests
    Test {
        /// Only this group of tests, for daily work
        #[arg(long, value_enum)]
        only: Option<test::Group>,
        /// Only, and in no other run: readers as devices in a virtual machine (Linux on x86-64;
        /// makes its image first: 0.4 GB from Debian's mirror, 0.9 GB on disk, minutes)
        #[arg(long, conflicts_with = "only")]
        vm: bool,
    },
    /// Measures the page's size, searches, imports, cards and a morning of many institutions
    Bench(bench::Options),
    /// Starts two servers, two databases in step and a load balancer, to be killed in turn (Linux)
    Ops {
        /// Loopback port of the load balancer
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Kill each in turn while people search, and end, as `test` does
        #[arg(long, conflicts_with = "port")]
        check: bool,
    },
    /// Only finds or installs what `run` and `test` need
    Setup,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = workspace::Workspace::find().and_then(|workspace| match arguments.task {
        Task::Run { port, data } => run::run(&workspace, port, data),
        Task::Test { vm: true, .. } => test::in_machine(&workspace),
        Task::Test { only, .. } => test::test(&workspace, only),
        Task::Bench(options) => bench::bench(&workspace, options),
        Task::Ops { check: true, .. } => ops::check(&workspace),
        Task::Ops { port, .. } => ops::run(&workspace, port),
        Task::Setup => setup::prepare(&workspace, &setup::Need::ALL).map(drop),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}
