//! `import FILE.csv`: with a progress bar, and a file for what was rejected.

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::StoreArgs;
use crate::clock::SystemClock;
use crate::import::{self, Progress, Rejections};
use crate::store::Store;

/// Imports a file.
pub fn run(file: &Path, store: &StoreArgs) -> anyhow::Result<()> {
    let source = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
    let bytes = source.metadata().map_or(0, |metadata| metadata.len());
    let store = Store::open(&store.location())?;
    let mut rejections = Rejections::beside(file);
    let mut bar = Bar::new(bytes);
    let imported = import::import(&store, &SystemClock, source, &mut rejections, &mut bar);
    bar.0.finish_and_clear();
    let summary = imported.with_context(|| format!("{} was not imported", file.display()))?;
    if !summary.ignored_columns.is_empty() {
        eprintln!("ignored columns: {}", summary.ignored_columns.join(", "));
    }
    println!(
        "{} rows: {} added, {} changed, {} unchanged, {} rejected",
        summary.rows, summary.added, summary.changed, summary.unchanged, summary.rejected
    );
    if summary.rejected > 0 {
        eprintln!(
            "the rejected rows are in {} with line, field and reason; correct them there and \
             import that file",
            rejections.path().display()
        );
    }
    Ok(())
}

struct Bar(ProgressBar);

impl Bar {
    fn new(bytes: u64) -> Self {
        let template = "{bar:40} {percent:>3}%  {binary_bytes_per_sec}  残り {eta}";
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(bytes).with_style(style))
    }
}

impl Progress for Bar {
    fn advance(&mut self, bytes: u64) {
        self.0.set_position(bytes);
    }
}
