//! The search form as somebody meets it: how long until it can be used where machine and line
//! are slow, beside the same form in JavaScript (`bench/form`), and how long the page takes for
//! a list. The program `measure-form` of the crate `tests` measures in a browser.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::card::figure;
use super::figures::Figures;
use super::sizes::Options;
use crate::command::{command, find, run};
use crate::setup::Prepared;
use crate::workspace::Workspace;

/// What a screen shows in a second.
const FRAMES_PER_SECOND: f64 = 60.0;

/// What was measured, in milliseconds.
#[derive(Debug)]
pub(super) struct Form {
    first: f64,
    first_in_javascript: f64,
    /// From 「検索」 to the painted list, and the server's part of it.
    search: f64,
    server: f64,
}

/// Builds the form in JavaScript from the page's styles, and what measures both.
pub(super) fn build(workspace: &Workspace) -> Result<()> {
    let source = workspace.root.join("bench/form");
    let npm = find("npm").context("npm is not on PATH")?;
    run(command(npm)
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(&source))?;
    let node = find("node").context("node is not on PATH")?;
    run(command(node)
        .arg(source.join("build.mjs"))
        .args([workspace.dist(), folder(workspace)]))?;
    let mut tests = workspace.cargo(["build", "--locked", "-p", "tests"]);
    run(tests.args(["--bin", "measure-form"]))
}

/// Where the form in JavaScript is built.
fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("bench-form")
}

/// Measures both forms, and a search.
pub(super) fn measure(
    workspace: &Workspace,
    prepared: &Prepared,
    server: &Path,
    options: Options,
) -> Result<Form> {
    let browser = prepared.browser()?;
    let program = format!("debug/measure-form{EXE_SUFFIX}");
    let output = command(workspace.target.join(program))
        .args(options.rounds_in_browser())
        .env("CHROME", &browser.chrome)
        .env("CHROMEDRIVER", &browser.driver)
        .env("SHIKAKU_SERVER", server)
        .env("SHIKAKU_BENCH_FORM", folder(workspace))
        .output()
        .context("measure-form does not start")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "measure-form: {errors}");
    Form::of(&String::from_utf8_lossy(&output.stdout))
}

impl Form {
    /// From what `measure-form` said.
    fn of(figures: &str) -> Result<Self> {
        Ok(Self {
            first: figure(figures, "first_form_ms")?,
            first_in_javascript: figure(figures, "first_form_javascript_ms")?,
            search: figure(figures, "search_total_ms")?,
            server: figure(figures, "search_server_ms")?,
        })
    }

    fn ratio(&self) -> f64 {
        self.first / self.first_in_javascript
    }

    /// What the page and its browser take of a search.
    fn frames(&self) -> f64 {
        (self.search - self.server) * FRAMES_PER_SECOND / 1000.0
    }

    /// One sentence for each.
    pub(super) fn markdown(&self) -> String {
        format!(
            "With a 4 × slower processor, 1.6 Mbit/s and 150 ms the search form can be used after {:.0} ms; the \
             form alone in JavaScript after {:.0} ms. From 「検索」 to the painted list: {:.1} ms, of which the \
             server took {:.1} ms.",
            self.first, self.first_in_javascript, self.search, self.server
        )
    }

    /// Adds its figures.
    pub(super) fn add_to(&self, figures: &mut Figures) {
        figures.add("first_form_ms", self.first);
        figures.add("first_form_javascript_ms", self.first_in_javascript);
        figures.add("first_form_ratio", self.ratio());
        figures.add("search_to_painted_frames", self.frames());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_time_is_not_the_pages() {
        let said = "search_total_ms 45.000\nsearch_server_ms 20.000\nfirst_form_ms 3000.0\n\
                    first_form_javascript_ms 1500.0\n";
        let form = Form::of(said).unwrap();
        assert!((form.frames() - 1.5).abs() < 1e-9);
        assert!((form.ratio() - 2.0).abs() < 1e-9);
        assert!(Form::of("first_form_ms 1").is_err());
    }
}
