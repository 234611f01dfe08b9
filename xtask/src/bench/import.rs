//! Rows per second into an empty store, and again, when every row is there already.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};

use super::service::{Programs, SEED};
use super::sizes;

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

/// More persons than so many are imported as they are made: their file would be as large as
/// the store.
const MOST_IN_FILE: u32 = 1_000_000;

/// Imports so many persons.
pub(super) fn measure(programs: &Programs, persons: u32) -> Result<Imports> {
    if persons > MOST_IN_FILE {
        return once(programs, persons);
    }
    let file = programs.file("insured.csv");
    programs.generate(SEED, persons, &file)?;
    let from_file = || from(programs, &file);
    // What is unchanged is as fast with any number of persons.
    let again = persons == sizes::FEWEST;
    let imports = Imports {
        new: from_file()?,
        unchanged: again.then(from_file).transpose()?,
    };
    fs::remove_file(&file)?;
    Ok(imports)
}

/// Imports so many persons as they are made.
pub(super) fn once(programs: &Programs, persons: u32) -> Result<Imports> {
    Ok(Imports {
        new: import(|| programs.import_generated(persons))?,
        unchanged: None,
    })
}

/// Imports a file.
pub(super) fn from(programs: &Programs, file: &Path) -> Result<Import> {
    let path = file.to_str();
    let path = path.context("the target folder's name is not UTF-8")?;
    import(|| programs.run(&["import", path]))
}

fn import(run: impl FnOnce() -> Result<String>) -> Result<Import> {
    let began = Instant::now();
    let summary = run()?;
    print!("  {summary}");
    Ok(Import {
        rows: rows(&summary).context("the import told no rows")?,
        seconds: began.elapsed().as_secs_f64(),
    })
}

/// `107 rows: …` → 107.
fn rows(summary: &str) -> Option<u32> {
    summary.split(' ').next()?.parse().ok()
}
