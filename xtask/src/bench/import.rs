//! Rows per second into an empty store, and again, when every row is there already.

use std::path::Path;
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
    pub(super) unchanged: Option<Import>,
}

/// Imports a file, and again if that is wanted.
pub(super) fn measure(programs: &Programs, file: &Path, again: bool) -> Result<Imports> {
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
    Ok(Imports {
        new: import()?,
        unchanged: again.then(import).transpose()?,
    })
}

/// `107 rows: …` → 107.
fn rows(summary: &str) -> Option<u32> {
    summary.split(' ').next()?.parse().ok()
}
