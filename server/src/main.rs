//! `shikaku-server`: the command line, wired to what does the work.

use clap::Parser as _;
use server::cli::{Cli, Command};
use server::commands::{account, audit, generate, import, serve};
use server::import::Options;

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Import {
            file,
            encoding,
            restart,
            store,
        } => import::run(&file, Options { encoding, restart }, &store),
        Command::Generate { persons, seed } => generate::run(persons, seed),
        Command::Account(command) => account::run(&command),
        Command::Audit(command) => audit::run(&command),
    }
}
