//! How many persons are searched among, and what that needs.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::scratch;

/// Bytes of a person in a store with its indexes, and of what an import sorts meanwhile: 209 at
/// the peak of the whole country, and room to spare.
const BYTES: u64 = 300;
/// Rows a second that an import is trusted to make at least; a slower one only takes longer.
const LEAST_ROWS: u64 = 20_000;

/// The size that the others are compared with.
pub(super) const FEWEST: u32 = 100_000;
const NATIONAL: u32 = 125_000_000;

/// How much is measured.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Options {
    /// Shorter rounds and a shorter morning: under five minutes once everything is built
    #[arg(long, conflicts_with = "national")]
    quick: bool,
    /// Also with the whole country's 125 million persons: says what that needs, and asks
    #[arg(long)]
    national: bool,
    /// Does not ask
    #[arg(long)]
    yes: bool,
}

impl Options {
    /// Numbers of persons, from few to many.
    pub(super) fn sizes(self) -> Vec<u32> {
        let mut sizes = vec![FEWEST, 1_000_000, 10_000_000];
        sizes.extend(self.national.then_some(NATIONAL));
        sizes
    }

    /// How long one round of a load takes.
    pub(super) const fn round(self) -> Duration {
        Duration::from_millis(if self.quick { 700 } else { 4_000 })
    }

    /// How long a load is sent before it counts.
    pub(super) const fn warm_up(self) -> Duration {
        Duration::from_secs(if self.quick { 1 } else { 2 })
    }

    /// How many persons a store has at most that is imported into while it is in use.
    pub(super) const fn most_in_use(self) -> u32 {
        if self.quick { 1_000_000 } else { NATIONAL }
    }

    /// How many persons are imported into it.
    pub(super) const fn newcomers(self) -> u32 {
        if self.quick { 150_000 } else { 600_000 }
    }

    /// How long it is searched before, to compare with.
    pub(super) const fn before_import(self) -> Duration {
        Duration::from_secs(if self.quick { 5 } else { 20 })
    }

    /// What says how often a card is read and a form is loaded.
    pub(super) const fn rounds_in_browser(self) -> &'static [&'static str] {
        if self.quick { &["--rounds", "3"] } else { &[] }
    }

    /// How long the mixed morning takes.
    pub(super) const fn morning(self) -> Duration {
        Duration::from_secs(if self.quick { 15 } else { 120 })
    }

    /// How many institutions have their morning.
    pub(super) const fn institutions(self) -> u32 {
        if self.quick { 1_000 } else { 5_000 }
    }

    /// Whether there is room for it in the folder of builds; says what the country needs, and
    /// asks whether to go on.
    pub(super) fn confirm(self, target: &Path) -> Result<()> {
        if self.national {
            println!("{}", needs(&self.sizes()));
        }
        scratch::ensure_room(target, bytes(&self.sizes()))?;
        if !self.national {
            return Ok(());
        }
        if self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            bail!("nobody is there to be asked; --yes goes on without asking");
        }
        print!("Go on? [y/N] ");
        std::io::stdout().flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if answer.trim().eq_ignore_ascii_case("y") {
            Ok(())
        } else {
            bail!("not begun")
        }
    }
}

/// Disk and time of stores with so many persons, at most.
fn needs(sizes: &[u32]) -> String {
    let persons: u64 = sizes.iter().copied().map(u64::from).sum();
    format!(
        "{} million persons need up to {} GB of disk below target/bench and up to {} minutes for the imports \
         alone; the disk is given back at the end, and when this is interrupted.",
        persons / 1_000_000,
        bytes(sizes).div_ceil(1_000_000_000),
        persons / LEAST_ROWS / 60,
    )
}

/// What all stores take while they are there together, at most.
fn bytes(sizes: &[u32]) -> u64 {
    sizes
        .iter()
        .map(|persons| u64::from(*persons) * BYTES)
        .sum()
}

/// What a size is called in a figure's name.
pub(super) fn name(persons: u32) -> String {
    if persons.is_multiple_of(1_000_000) {
        format!("{}m", persons / 1_000_000)
    } else {
        format!("{}k", persons / 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_country_is_measured_when_it_is_asked_for() {
        let options = |national| Options {
            quick: false,
            national,
            yes: false,
        };
        for (national, expected) in [(false, "100k 1m 10m"), (true, "100k 1m 10m 125m")] {
            let sizes = options(national).sizes();
            let names: Vec<_> = sizes.into_iter().map(name).collect();
            assert_eq!(names.join(" "), expected);
        }
    }

    #[test]
    fn what_it_needs_is_said_beforehand() {
        let text = needs(&[10_000_000, 125_000_000]);
        assert!(
            text.starts_with("135 million persons need up to 41 GB"),
            "{text}"
        );
        assert!(text.contains("up to 112 minutes"), "{text}");
    }
}
