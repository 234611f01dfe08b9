//! Rows per second into an empty store, and again, when every row is there already.

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, Result};

use super::service::Programs;

/// One import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Import {
    pub(super) rows: u32,
    pub(super) seconds: f64,
}

impl Import {
    pub(super) fn rows_per_second(self) -> f64 {
        f64::from(self.rows) / self.seconds
    }
}

/// Into an empty store, and into itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Imports {
    pub(super) new: Import,
    pub(super) unchanged: Import,
}

/// Imports twice; gives the file's content too.
pub(super) fn measure(programs: &Programs, persons: u32) -> Result<(Imports, String)> {
    let file = programs.file("insured.csv");
    programs.generate(persons, &file)?;
    let path = file
        .to_str()
        .context("the target folder's name is not UTF-8")?;
    let import = || {
        let began = Instant::now();
        let summary = programs.run(&["import", path])?;
        print!("  {summary}");
        Ok::<_, anyhow::Error>(Import {
            rows: rows(&summary).context("the import told no rows")?,
            seconds: began.elapsed().as_secs_f64(),
        })
    };
    let imports = Imports {
        new: import()?,
        unchanged: import()?,
    };
    Ok((imports, fs::read_to_string(&file)?))
}

/// `107 rows: …` → 107.
fn rows(summary: &str) -> Option<u32> {
    summary.split(' ').next()?.parse().ok()
}
