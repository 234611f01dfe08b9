//! `import FILE.csv`: with a progress bar, and a file for what was rejected.

use std::fs::File;
use std::io::stdin;
use std::path::Path;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::StoreArgs;
use crate::clock::SystemClock;
use crate::import::{self, Options, Phase, Progress, Rejections, Summary, Target};
use crate::store::Store;

/// Stands for what is written to this program.
const STREAM: &str = "-";

/// Imports a file.
pub fn run(file: &Path, options: Options, store: &StoreArgs) -> anyhow::Result<()> {
    let is_stream = file == Path::new(STREAM);
    let unreadable = || format!("{} can't be read", file.display());
    let source = if is_stream {
        None
    } else {
        Some(File::open(file).with_context(unreadable)?)
    };
    let metadata = source.as_ref().and_then(|source| source.metadata().ok());
    let bytes = metadata.map_or(0, |metadata| metadata.len());
    give_way();
    let store = Store::open_for_import_in(&store.location(), &store.data)?;
    let mut rejections = Rejections::beside(if is_stream {
        Path::new("insured.csv")
    } else {
        file
    });
    let mut bar = Bar::new(bytes);
    let target = Target {
        store: &store,
        clock: &SystemClock,
        rejections: &mut rejections,
        progress: &mut bar,
    };
    let imported = match source {
        Some(source) => import::import_file(target, source, options),
        None => import::import(target, stdin().lock(), options.encoding),
    };
    bar.bar.finish_and_clear();
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

/// Who searches meanwhile comes first.
#[cfg(unix)]
fn give_way() {
    const LAST: i32 = 19;
    // Refused, it is as any other program.
    let _ = rustix::process::nice(LAST);
}

/// Other systems say it in other ways.
#[cfg(not(unix))]
const fn give_way() {}

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

/// The file by bytes, then each phase of an import into an empty store by rows.
struct Bar {
    bar: ProgressBar,
    phase: Option<Phase>,
}

impl Bar {
    fn new(bytes: u64) -> Self {
        let bar = ProgressBar::new(bytes);
        if bytes == 0 {
            bar.set_style(style("{spinner}  {binary_bytes}  {binary_bytes_per_sec}"));
        } else {
            bar.set_style(style(
                "{bar:40} {percent:>3}%  {binary_bytes_per_sec}  残り {eta}",
            ));
        }
        Self { bar, phase: None }
    }
}

impl Progress for Bar {
    fn advance(&mut self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    fn phase(&mut self, phase: Phase, done: u64, of: u64) {
        if self.phase.replace(phase) != Some(phase) {
            self.bar.set_style(style(
                "{bar:40} {percent:>3}%  {per_sec}  残り {eta}  {msg}",
            ));
            self.bar.set_message(match phase {
                Phase::Sorting => "並べ替えています",
                Phase::Persons => "書き込んでいます",
                Phase::Keys => "索引を作っています",
                Phase::Rest => "離れた行をまとめています",
            });
            self.bar.reset();
        }
        self.bar.set_length(of);
        self.bar.set_position(done);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
