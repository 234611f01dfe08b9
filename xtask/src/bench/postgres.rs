//! The same searches in a store on a `PostgreSQL` server, which is started for them with its
//! data in a scratch folder and writes to the disk as it does where it serves.

mod selects;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

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
use selects::{PREFIX, Select};

/// How many persons: what a search does there depends on their number as little as in a file.
const PERSONS: u32 = sizes::FEWEST;

/// So many different searches are what pgbench does again.
const SEARCHES: usize = 100;
/// How long all sessions may take to hear of a setting.
const HEARD: Duration = Duration::from_secs(1);

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
    /// By the database's own program, a second: what searches select of persons ([`selects`]),
    /// and single rows.
    selects: f64,
    rows: f64,
}

impl OnServer {
    /// Searches per search of which only the selects are made, without a service.
    fn ratio(&self) -> f64 {
        self.store.search.searches.per_second() / self.selects
    }

    /// Adds its figures.
    pub(super) fn add_to(&self, figures: &mut Figures) {
        let search = &self.store.search;
        figures.add("postgres_ratio", search.ratio());
        figures.add("postgres_pgbench_ratio", self.ratio());
        figures.add("postgres_searches_per_s", search.searches.per_second());
        figures.add("postgres_pgbench_searches_per_s", self.selects);
        figures.add("postgres_pgbench_row_selects_per_s", self.rows);
        figures.add("postgres_search_p50_ms", search.searches.quantile(0.5));
        figures.add("postgres_search_p99_ms", search.busy_p99());
        let import = self.store.imports.new.rows_per_second();
        figures.add("postgres_import_rows_per_s", import);
    }

    /// One sentence.
    pub(super) fn markdown(&self) -> String {
        format!(
            "On PostgreSQL, pgbench makes the selects of {:.0} such searches a second over as many connections, or {:.0} \
             of a single row.",
            self.selects, self.rows
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
    let log = format!("log_line_prefix={PREFIX}");
    let settings = ["shared_buffers=256MB", "log_min_messages=log", &log];
    let programs_folder = prepared.postgres()?;
    let server = Server::start(programs_folder, &settings)?;
    let programs = programs.on("postgres", server.url())?;
    let imports = import::once(&programs, PERSONS)?;
    let stored = Stored::serve(programs, PERSONS, imports, options)?;
    let pgbench = Pgbench {
        programs: programs_folder,
        server: &server,
        scratch: stored.folder(),
        options,
    };
    let rows = pgbench.rows()?;
    let selects = pgbench.selects_of(&stored)?;
    let store = stored.end()?;
    Ok(Some(OnServer {
        store,
        selects,
        rows,
    }))
}

/// The database's own programs.
struct Pgbench<'a> {
    programs: &'a Path,
    server: &'a Server,
    /// For scripts.
    scratch: &'a Path,
    options: Options,
}

impl Pgbench<'_> {
    /// How many single rows it reads a second.
    fn rows(&self) -> Result<f64> {
        let places = self.ask(&[PLACES])?;
        let (first, last) = places.trim().split_once(' ').context("no rows")?;
        let select = SELECT.replace("FIRST", first).replace("LAST", last);
        self.run(&[(self.script("row", &select)?, 1)])
    }

    /// Of how many searches a second it makes the selects.
    fn selects_of(&self, stored: &Stored) -> Result<f64> {
        self.log_statements("all")?;
        let searches = self.watch(stored);
        self.log_statements("none")?;
        let mut scripts = Vec::new();
        for (number, script) in selects::scripts(&searches?).into_iter().enumerate() {
            let file = self.script(&format!("search-{number}"), &script.text)?;
            scripts.push((file, script.searches));
        }
        self.run(&scripts)
    }

    /// Makes some searches; gives what each selected of persons.
    fn watch(&self, stored: &Stored) -> Result<Vec<Vec<Select>>> {
        let log = || fs::read_to_string(self.server.log()).context("no log of PostgreSQL");
        let mut read = log()?.len();
        let mut searches = Vec::new();
        stored.asked()?.some(SEARCHES, || {
            let log = log()?;
            let selects = selects::of_log(log.get(read..).unwrap_or_default());
            ensure!(!selects.is_empty(), "a search that reads no persons");
            searches.push(selects);
            read = log.len();
            Ok(())
        })?;
        Ok(searches)
    }

    /// Has the server log what it is asked, or stop it.
    fn log_statements(&self, which: &str) -> Result<()> {
        let set = format!("ALTER SYSTEM SET log_statement = '{which}'");
        self.ask(&[&set, "SELECT pg_reload_conf()"])?;
        thread::sleep(HEARD);
        Ok(())
    }

    fn script(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.scratch.join(name).with_extension("sql");
        fs::write(&file, text)?;
        Ok(file)
    }

    fn ask(&self, statements: &[&str]) -> Result<String> {
        let mut psql = self.program("psql")?;
        psql.arg("-qtA");
        for statement in statements {
            psql.args(["-c", statement]);
        }
        answer(psql.arg("postgres")).context("psql failed")
    }

    /// Runs scripts, each so much more often; gives how many a second.
    fn run(&self, scripts: &[(PathBuf, usize)]) -> Result<f64> {
        let seconds = (3 * self.options.round()).as_secs().to_string();
        let connections = CONNECTIONS.to_string();
        let mut pgbench = self.program("pgbench")?;
        pgbench.args(["-n", "-M", "prepared", "-j", "2", "-c", &connections]);
        pgbench.args(["-T", &seconds]);
        for (file, weight) in scripts {
            pgbench.args(["-f", &format!("{}@{weight}", file.display())]);
        }
        let said = answer(pgbench.arg("postgres")).context("pgbench failed")?;
        per_second(&said).context("pgbench did not say how fast it was")
    }

    fn program(&self, name: &str) -> Result<Command> {
        let program = in_folder(self.programs, name).with_context(|| format!("{name} is gone"))?;
        Ok(self.server.client(&program))
    }
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
