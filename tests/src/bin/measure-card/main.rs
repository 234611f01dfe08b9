//! Measures how long a card takes, for `cargo xtask bench`, which builds what this needs and
//! says where it is:
//!
//! - `bridge`: reading a virtual card through the bridge and straight through PC/SC, in turns;
//! - `devices`: reading it through readers that the page drives itself, beside the time that the card takes;
//! - `page`: from the card that is placed to the eligibility on the terminal's screen.
//!
//! Prints a line for each figure: its name and its value.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks through its terminal"
)]

#[cfg(target_os = "linux")]
mod bridge;
mod devices;
mod marks;
mod page;

use anyhow::Result;
use clap::{Parser, ValueEnum};

/// Measures how long a card takes.
#[derive(Debug, Parser)]
struct Arguments {
    /// What is measured
    #[arg(value_enum)]
    what: What,
    /// How often; more gives steadier figures
    #[arg(long)]
    rounds: Option<usize>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Reading a card through the bridge, and without it
    #[cfg(target_os = "linux")]
    Bridge,
    /// Reading a card through readers that the page drives itself
    Devices,
    /// From the card that is placed to the eligibility on the screen
    Page,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { what, rounds } = Arguments::parse();
    let figures = match what {
        #[cfg(target_os = "linux")]
        What::Bridge => bridge::measure(rounds.unwrap_or(bridge::ROUNDS))?,
        What::Devices => devices::measure(rounds.unwrap_or(devices::ROUNDS)).await?,
        What::Page => page::measure(rounds.unwrap_or(page::ROUNDS)).await?,
    };
    for (name, value) in figures {
        println!("{name} {value:.3}");
    }
    Ok(())
}

/// A figure's name and its value in milliseconds.
type Figure = (&'static str, f64);

/// The middle one; nothing's is nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
