//! `shikaku-reader-bridge`: the command line, wired to what does the work.

use std::process::ExitCode;

use clap::Parser as _;
use reader_bridge::cli::Cli;
use reader_bridge::commands;

fn main() -> anyhow::Result<ExitCode> {
    commands::dispatch(&Cli::parse().command).map(ExitCode::from)
}
