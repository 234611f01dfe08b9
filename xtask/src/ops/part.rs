//! One program of the example.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::command::{command, run};

/// How many of its last lines are shown when something went wrong.
const LAST_LINES: usize = 15;

/// A program that may be killed and started again.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    log: PathBuf,
    process: Option<Child>,
}

impl Part {
    /// One that does not run yet; what it says goes into a file in this folder.
    pub(super) fn new(name: &'static str, folder: &Path) -> Self {
        Self {
            name,
            log: folder.join(format!("{name}.log")),
            process: None,
        }
    }

    pub(super) fn start(&mut self, command: &mut Command) -> Result<()> {
        ensure!(!self.runs(), "{} runs already", self.name);
        let log = self.log_file()?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = command.spawn();
        self.process = Some(child.with_context(|| format!("could not start {}", self.name))?);
        Ok(())
    }

    fn log_file(&self) -> Result<File> {
        let file = OpenOptions::new().create(true).append(true).open(&self.log);
        file.with_context(|| format!("could not write {}", self.log.display()))
    }

    pub(super) fn runs(&mut self) -> bool {
        let process = self.process.as_mut();
        process.is_some_and(|process| matches!(process.try_wait(), Ok(None)))
    }

    /// An error if it has ended by itself.
    pub(super) fn must_run(&mut self) -> Result<()> {
        if self.runs() {
            return Ok(());
        }
        bail!("{} has ended", self.name)
    }

    /// As if its machine had lost its power: the program and those that it started are gone
    /// from one moment to the next.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.must_run()?;
        if let Some(process) = &mut self.process {
            let id = process.id();
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
            let mut kill = command("kill");
            kill.args(["-KILL", &id.to_string()]);
            kill.args(children.unwrap_or_default().split_whitespace());
            // A child that has just ended by itself is no failure.
            let _ = kill.stderr(Stdio::null()).status();
            process.wait()?;
        }
        self.process = None;
        Ok(())
    }

    /// In order.
    pub(super) fn stop(&mut self, signal: &str) {
        if let Some(mut process) = self.process.take() {
            let id = process.id().to_string();
            if run(command("kill").args([signal, &id]).stderr(Stdio::null())).is_err() {
                let _ = process.kill();
            }
            let _ = process.wait();
        }
    }

    /// What it said last.
    pub(super) fn last_words(&self) -> String {
        let said = fs::read(&self.log).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }
}
