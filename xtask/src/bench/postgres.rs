//! The same searches in a store on a `PostgreSQL` server, which is started for them with its
//! data in a scratch folder and writes to the disk as it does where it serves.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::figures::Figures;
use super::import;
use super::load::CONNECTIONS;
use super::report::OfStore;
use super::service::Programs;
use super::sizes::{self, Options};
use super::stores::Stored;
use crate::command::{answer, in_folder};
use crate::postgres::Server;
use crate::setup::Prepared;

/// How many persons: what a search does there depends on their number as little as in a file.
const PERSONS: u32 = sizes::FEWEST;

const SETTINGS: [&str; 1] = ["shared_buffers=256MB"];

/// `pgbench -S`, but from the table of persons: the row at a place, or the next one. `place`
/// is from the beginning to the end of the rows that are where they belong.
const SELECT: &str = "\\set place random(FIRST, LAST)\n\
    SELECT id, record FROM person WHERE id >= :place ORDER BY id LIMIT 1;\n";
const PLACES: &str =
    "SELECT min(id) || ' ' || max(id) FROM person WHERE id < (524287::bigint << 28)";

/// What was measured.
#[derive(Debug)]
pub(super) struct OnServer {
    /// Searches and fixed answers.
    pub(super) store: OfStore,
    /// Rows per second by the database's own program.
    selects: f64,
}

impl OnServer {
    /// Searches per row that the database gives alone.
    fn ratio(&self) -> f64 {
        self.store.search.searches.per_second() / self.selects
    }

    /// Adds its figures.
    pub(super) fn add_to(&self, figures: &mut Figures) {
        let search = &self.store.search;
        figures.add("postgres_ratio", search.ratio());
        figures.add("postgres_pgbench_ratio", self.ratio());
        figures.add("postgres_searches_per_s", search.searches.per_second());
        figures.add("postgres_pgbench_selects_per_s", self.selects);
        figures.add("postgres_search_p50_ms", search.searches.quantile(0.5));
        figures.add("postgres_search_p99_ms", search.busy.quantile(0.99));
        let import = self.store.imports.new.rows_per_second();
        figures.add("postgres_import_rows_per_s", import);
    }

    /// One sentence.
    pub(super) fn markdown(&self) -> String {
        format!(
            "On PostgreSQL, pgbench reads {:.0} rows/s of the same table over as many connections.",
            self.selects
        )
    }
}

/// Fills a store on a server, searches it, and has the database's own program read it. `None`
/// where there is no such server.
pub(super) fn measure(
    programs: &Programs,
    prepared: &Prepared,
    options: Options,
) -> Result<Option<OnServer>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let folder = prepared.postgres()?;
    let server = Server::start(folder, &SETTINGS)?;
    let programs = programs.on("postgres", server.url())?;
    let imports = import::once(&programs, PERSONS)?;
    let stored = Stored::serve(programs, PERSONS, imports, options)?;
    let selects = selects(folder, &server, stored.folder(), options)?;
    let store = stored.end()?;
    Ok(Some(OnServer { store, selects }))
}

/// How many rows a second the database's own program reads.
fn selects(programs: &Path, server: &Server, scratch: &Path, options: Options) -> Result<f64> {
    let program = |name: &str| {
        let program = in_folder(programs, name).with_context(|| format!("{name} is gone"))?;
        Ok::<_, anyhow::Error>(server.client(&program))
    };
    let places = answer(program("psql")?.args(["-qtAc", PLACES, "postgres"]));
    let places = places.context("psql did not say where rows are")?;
    let (first, last) = places.trim().split_once(' ').context("no rows")?;
    let script = scratch.join("select.sql");
    let select = SELECT.replace("FIRST", first).replace("LAST", last);
    std::fs::write(&script, select)?;
    let seconds = (3 * options.round()).as_secs().to_string();
    let connections = CONNECTIONS.to_string();
    let mut pgbench = program("pgbench")?;
    pgbench
        .args(["-n", "-M", "prepared", "-j", "2", "-c", &connections])
        .args(["-T", &seconds, "-f"])
        .arg(&script)
        .arg("postgres");
    let said = answer(&mut pgbench).context("pgbench failed")?;
    per_second(&said).context("pgbench did not say how fast it was")
}

/// `tps = 29683.913214 (without initial connection time)`.
fn per_second(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pgbench_says_is_read() {
        let said = "number of failed transactions: 0 (0.000%)\nlatency average = 1.1 ms\n\
                    tps = 29683.913214 (without initial connection time)\n";
        assert_eq!(per_second(said), Some(29_683.913_214));
        assert_eq!(per_second("latency average = 1.1 ms"), None);
    }
}
