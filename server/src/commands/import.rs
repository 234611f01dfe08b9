//! `import FILE.csv`: with a progress bar, and a file for what was rejected.

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::StoreArgs;
use crate::clock::SystemClock;
use crate::import::{self, Options, Progress, Rejections, Summary, Target};
use crate::store::Store;

/// Imports a file.
pub fn run(file: &Path, options: Options, store: &StoreArgs) -> anyhow::Result<()> {
    let source = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
    let bytes = source.metadata().map_or(0, |metadata| metadata.len());
    let store = Store::open_for_import(&store.location())?;
    let mut rejections = Rejections::beside(file);
    let mut bar = Bar::new(bytes);
    let target = Target {
        store: &store,
        clock: &SystemClock,
        rejections: &mut rejections,
        progress: &mut bar,
    };
    let imported = import::import_file(target, source, options);
    bar.0.finish_and_clear();
    let summary = imported.with_context(|| {
        format!(
            "{} was not imported to its end; the same command goes on where it stopped",
            file.display()
        )
    })?;
    warn(&summary);
    println!(
        "{} rows: {} added, {} changed, {} unchanged, {} rejected",
        summary.rows, summary.added, summary.changed, summary.unchanged, summary.rejected
    );
    if let Some(path) = rejections.path().filter(|_| summary.rejected > 0) {
        eprintln!(
            "the rejected rows are in {} with line, field and reason; correct them there and \
             import that file",
            path.display()
        );
    }
    Ok(())
}

/// What went in, or was left out, and should be known.
fn warn(summary: &Summary) {
    if let Some(line) = summary.resumed_at_line {
        eprintln!(
            "an earlier import of this file was interrupted; went on at line {line} \
             (--restart begins anew)"
        );
    }
    if !summary.ignored_columns.is_empty() {
        eprintln!("ignored columns: {}", summary.ignored_columns.join(", "));
    }
    let wrong = &summary.wrong_check_digits;
    if wrong.rows > 0 {
        let lines: Vec<String> = wrong.first_lines.iter().map(u64::to_string).collect();
        eprintln!(
            "検証番号が合わない保険者番号: {}行（取り込みました。最初の行: {}）",
            wrong.rows,
            lines.join(", ")
        );
    }
}

struct Bar(ProgressBar);

impl Bar {
    fn new(bytes: u64) -> Self {
        let template = "{bar:40} {percent:>3}%  {binary_bytes_per_sec}  残り {eta} {msg}";
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(bytes).with_style(style))
    }
}

impl Progress for Bar {
    fn advance(&mut self, bytes: u64) {
        self.0.set_position(bytes);
    }

    fn index(&mut self) {
        self.0.set_message("索引を作っています");
    }
}
