//! The figures, for people and for programs.

use std::fmt::Write as _;

use super::card::Card;
use super::import::Imports;
use super::load::{CONNECTIONS, Load};
use super::search::Search;
use super::size::Size;

/// Everything that was measured in one run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) machine: String,
    pub(super) date: String,
    pub(super) persons: u32,
    pub(super) size: Size,
    pub(super) search: Search,
    pub(super) imports: Imports,
    pub(super) card: Card,
}

impl Report {
    /// As README shows it.
    pub(super) fn markdown(&self) -> String {
        let Self {
            machine,
            date,
            persons,
            ..
        } = self;
        let mut text = format!("{date}, {machine}; {persons} persons.\n\n");
        text.push_str(&self.size.markdown());
        let _ = write!(
            text,
            "\n| {CONNECTIONS} connections | answers/s | p50 | p99 | bytes |\n|---|---|---|---|---|\n"
        );
        for (name, load) in self.loads() {
            let _ = writeln!(
                text,
                "| {name} | {:.0} | {:.2} ms | {:.2} ms | {:.0} |",
                load.per_second(),
                load.quantile(0.5),
                load.quantile(0.99),
                load.bytes_per_answer()
            );
        }
        let _ = writeln!(
            text,
            "\nSearches are {:.0} % of fixed answers; {:.0} % of them find one person.\n",
            self.search.ratio() * 100.0,
            self.search.search.found() * 100.0
        );
        text.push_str("| import | rows | s | rows/s |\n|---|---|---|---|\n");
        let imports = [
            ("into an empty store", self.imports.new),
            ("again, unchanged", self.imports.unchanged),
        ];
        for (name, import) in imports {
            let (rows, seconds) = (import.rows, import.seconds);
            let rate = import.rows_per_second();
            let _ = writeln!(text, "| {name} | {rows} | {seconds:.1} | {rate:.0} |");
        }
        text.push('\n');
        text.push_str(&self.card.markdown());
        text
    }

    /// The same as JSON; no name in it needs escaping.
    pub(super) fn json(&self) -> String {
        let kinds = self.size.first.iter().chain([&self.size.lazy]).map(|kind| {
            let (name, files, raw, brotli) = (kind.name, kind.files, kind.raw, kind.brotli);
            format!(r#"{{"name":"{name}","files":{files},"raw":{raw},"brotli":{brotli}}}"#)
        });
        let kinds: Vec<_> = kinds.collect();
        let loads = self.loads().map(|(name, load)| {
            format!(
                r#"{{"name":"{name}","per_second":{:.1},"p50_ms":{:.3},"p99_ms":{:.3},"bytes":{:.1}}}"#,
                load.per_second(),
                load.quantile(0.5),
                load.quantile(0.99),
                load.bytes_per_answer()
            )
        });
        format!(
            r#"{{"date":"{}","machine":"{}","persons":{},"first_load_brotli":{},"size":[{}],"loads":[{}],"search_ratio":{:.4},"import_rows_per_second":{:.1},"unchanged_rows_per_second":{:.1},{}}}
"#,
            self.date,
            self.machine,
            self.persons,
            self.size.total().brotli,
            kinds.join(","),
            loads.join(","),
            self.search.ratio(),
            self.imports.new.rows_per_second(),
            self.imports.unchanged.rows_per_second(),
            self.card.json(),
        )
    }

    fn loads(&self) -> [(&'static str, &Load); 2] {
        [
            ("fixed answer", &self.search.fixed),
            ("search", &self.search.search),
        ]
    }
}
