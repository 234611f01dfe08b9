//! `cargo xtask test`: all checks, in the order in which they fail fastest.

mod machine;
mod postgres;
mod silent;
mod steps;

use anyhow::Result;
use clap::ValueEnum;

use crate::progress::Progress;
use crate::setup::{self, Need};
use crate::workspace::Workspace;
pub(crate) use machine::in_machine;
use steps::{STEPS, Step};

/// What a step is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Group {
    /// Formatting, lints and docs; they are for the whole run only
    #[value(skip)]
    Style,
    /// Unit tests, native and wasm, and the rules of the architecture
    Unit,
    /// The server's HTTP interface
    Api,
    /// Virtual cards on a real PC/SC service, and the bridge to them
    Card,
    /// Journeys in a real browser
    Browser,
}

impl Group {
    fn needs(self) -> &'static [Need] {
        match self {
            Self::Style => &[Need::Style, Need::Wasm, Need::PcscLibrary],
            Self::Unit => &[Need::Wasm, Need::PcscLibrary],
            Self::Api => &[Need::Postgres, Need::LoadBalancer],
            Self::Card => &[Need::PcscLibrary, Need::VirtualReader, Need::Conformance],
            Self::Browser => &[
                Need::Page,
                Need::Browser,
                Need::PcscLibrary,
                Need::VirtualReader,
            ],
        }
    }
}

/// Runs all steps, or those of one group, up to the first that fails.
pub(crate) fn test(workspace: &Workspace, only: Option<Group>) -> Result<()> {
    let steps = selected(only);
    let needs: Vec<Need> = steps
        .iter()
        .flat_map(|step| step.group.needs())
        .copied()
        .collect();
    let mut progress = Progress::of(steps.len() + 1);
    let prepared = progress.step("set-up", "finds or installs what the tests need", || {
        setup::prepare(workspace, &needs)
    })?;
    for step in steps {
        progress.step(step.name, step.why, || (step.run)(workspace, &prepared))?;
    }
    println!("\n✓ all passed in {:.0} s", progress.seconds());
    Ok(())
}

fn selected(only: Option<Group>) -> Vec<&'static Step> {
    STEPS
        .iter()
        .filter(|step| only.is_none_or(|group| step.group == group))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_part_of_the_whole() {
        for (only, expected) in [
            (
                None,
                "format, clippy, clippy for wasm, docs, docs for wasm, unit tests, architecture, \
                 wasm tests, API tests, API tests on PostgreSQL, many machines, virtual card, reader bridge, conformance, page, server, first load, fakes, journeys",
            ),
            (Some(Group::Unit), "unit tests, architecture, wasm tests"),
            (
                Some(Group::Api),
                "API tests, API tests on PostgreSQL, many machines",
            ),
            (
                Some(Group::Card),
                "virtual card, reader bridge, conformance",
            ),
            (
                Some(Group::Browser),
                "page, server, first load, fakes, journeys",
            ),
        ] {
            let names: Vec<_> = selected(only).iter().map(|step| step.name).collect();
            assert_eq!(names.join(", "), expected);
        }
    }

    #[test]
    fn a_group_needs_no_more_than_it_uses() {
        for (group, needless) in [
            (
                Group::Style,
                [Need::Page, Need::Browser, Need::VirtualReader].as_slice(),
            ),
            (
                Group::Unit,
                &[Need::Page, Need::Browser, Need::VirtualReader],
            ),
            (Group::Api, &[Need::Page, Need::Browser, Need::Wasm]),
            (Group::Card, &[Need::Page, Need::Browser, Need::Wasm]),
        ] {
            assert!(
                !group.needs().iter().any(|need| needless.contains(need)),
                "{group:?}"
            );
        }
    }
}
