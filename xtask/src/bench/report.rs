//! The tables, for people.

use std::fmt::Write as _;

use super::card::Card;
use super::figures::Figures;
use super::form::Form;
use super::import::Imports;
use super::live::Live;
use super::load::{CONNECTIONS, Load};
use super::morning::Morning;
use super::postgres::OnServer;
use super::search::Search;
use super::size::Size;
use super::sizes;

/// What was measured with one number of persons.
#[derive(Debug)]
pub(super) struct OfStore {
    pub(super) persons: u32,
    pub(super) imports: Imports,
    pub(super) search: Search,
    /// Resident at the beginning and after the searches, in megabytes; only Linux tells.
    pub(super) idle_megabytes: Option<f64>,
    pub(super) megabytes: Option<f64>,
}

/// Everything that was measured in one run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) size: Size,
    /// From few persons to many.
    pub(super) stores: Vec<OfStore>,
    pub(super) growth: f64,
    /// Only where there is such a server.
    pub(super) postgres: Option<OnServer>,
    pub(super) live: Live,
    pub(super) morning: Morning,
    pub(super) card: Card,
    pub(super) form: Form,
}

impl Report {
    /// Adds all figures.
    pub(super) fn add_to(&self, figures: &mut Figures) {
        let ratios = self.stores.iter().map(|store| store.search.ratio());
        figures.add("search_http_ratio", ratios.fold(f64::INFINITY, f64::min));
        figures.add("search_growth", self.growth);
        if let Some(largest) = self.stores.last() {
            figures.add("search_p99_ms", largest.search.busy_p99());
            figures.add("import_rows_per_s", largest.imports.new.rows_per_second());
        }
        if let Some(idle) = self.stores.first().and_then(|store| store.idle_megabytes) {
            figures.add("rss_idle_mb", idle);
        }
        for store in &self.stores {
            store.add_to(figures);
        }
        if let Some(postgres) = &self.postgres {
            postgres.add_to(figures);
        }
        let bytes = u32::try_from(self.size.total().brotli).unwrap_or(u32::MAX);
        figures.add("first_load_brotli_kb", f64::from(bytes) / 1000.0);
        self.live.add_to(figures);
        self.morning.add_to(figures);
        self.card.add_to(figures);
        self.form.add_to(figures);
    }

    /// All that the figures were made of.
    pub(super) fn markdown(&self) -> String {
        let mut text = self.size.markdown();
        let _ = write!(
            text,
            "\n| {CONNECTIONS} connections | answers/s | p50 | p99 | bytes | found one |\n|---|---|---|---|---|---|\n"
        );
        for store in &self.stores {
            store.write_loads(&mut text, "");
        }
        if let Some(postgres) = &self.postgres {
            postgres.store.write_loads(&mut text, " on PostgreSQL");
        }
        text.push_str("\n| import | rows | s | rows/s |\n|---|---|---|---|\n");
        for store in &self.stores {
            store.write_imports(&mut text, "");
        }
        if let Some(postgres) = &self.postgres {
            postgres.store.write_imports(&mut text, " on PostgreSQL");
            let _ = writeln!(text, "\n{}", postgres.markdown());
        }
        let _ = writeln!(text, "\n{}", self.live.markdown());
        let _ = writeln!(text, "\n{}\n", self.morning.markdown());
        text.push_str(&self.card.markdown());
        let _ = writeln!(text, "\n{}", self.form.markdown());
        text
    }
}

impl OfStore {
    fn add_to(&self, figures: &mut Figures) {
        let name = sizes::name(self.persons);
        figures.add(format!("search_http_ratio_{name}"), self.search.ratio());
        figures.add(
            format!("searches_per_s_{name}"),
            self.search.searches.per_second(),
        );
        figures.add(
            format!("search_p50_ms_{name}"),
            self.search.searches.quantile(0.5),
        );
        figures.add(format!("search_p99_ms_{name}"), self.search.busy_p99());
        figures.add(
            format!("import_rows_per_s_{name}"),
            self.imports.new.rows_per_second(),
        );
        if let Some(megabytes) = self.megabytes {
            figures.add(format!("rss_{name}_mb"), megabytes);
        }
    }

    fn write_loads(&self, text: &mut String, place: &str) {
        let name = sizes::name(self.persons);
        let loads: [(&str, &Load); 3] = [
            ("fixed answer", &self.search.fixed),
            ("search", &self.search.searches),
            ("search, at 80 % of it", &self.search.busy),
        ];
        for (what, load) in loads {
            let _ = writeln!(
                text,
                "| {name}{place}: {what} | {:.0} | {:.2} ms | {:.2} ms | {:.0} | {:.0} % |",
                load.per_second(),
                load.quantile(0.5),
                load.quantile(0.99),
                load.bytes_per_answer(),
                load.found() * 100.0,
            );
        }
    }

    fn write_imports(&self, text: &mut String, place: &str) {
        let name = sizes::name(self.persons);
        let new = [("into an empty store", self.imports.new)];
        let again = self
            .imports
            .unchanged
            .map(|again| ("again, unchanged", again));
        for (what, import) in new.into_iter().chain(again) {
            let (rows, seconds) = (import.rows, import.seconds);
            let rate = import.rows_per_second();
            let _ = writeln!(
                text,
                "| {name}{place}: {what} | {rows} | {seconds:.1} | {rate:.0} |"
            );
        }
    }
}
