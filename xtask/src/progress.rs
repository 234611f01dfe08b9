//! Numbered steps, each with its reason and the time it took.

use std::time::Instant;

use anyhow::{Context as _, Result};

/// How far through its steps a task is.
#[derive(Debug)]
pub(crate) struct Progress {
    done: usize,
    total: usize,
    started: Instant,
}

impl Progress {
    pub(crate) fn of(total: usize) -> Self {
        Self {
            done: 0,
            total,
            started: Instant::now(),
        }
    }

    /// Runs one step; a failure names it.
    pub(crate) fn step<T>(
        &mut self,
        name: &str,
        why: &str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        self.done += 1;
        let place = format!("[{}/{}]", self.done, self.total);
        println!("\n{place} {name} — {why}");
        let started = Instant::now();
        let done = work();
        let seconds = started.elapsed().as_secs_f64();
        let value = done.with_context(|| format!("{place} {name} failed after {seconds:.1} s"))?;
        println!("{place} {name}: {seconds:.1} s");
        Ok(value)
    }

    /// Seconds since the first step.
    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

/// Names something the set-up found, so that a skipped step is not a silent one.
pub(crate) fn found(name: &str, why: &str, what: &str) {
    println!("  あり/ok  {name} — {why}: {what}");
}

/// Names something the set-up is about to install: what, why, and how to do it by hand.
pub(crate) fn installing(name: &str, why: &str, by_hand: &str) {
    println!("  導入/installing  {name} — {why}\n      by hand: {by_hand}");
}
