//! An import into a store in use: how fast it is, and what searches feel of it. Searches come
//! before it and meanwhile at the same pace, which is a morning's and far below what the service
//! can do: so it is the import that makes them wait, not each other.

use std::fs;

use anyhow::Result;

use super::figures::Figures;
use super::import::{self, Import};
use super::load::Load;
use super::search::Asked;
use super::service::{Programs, SEED};
use super::sizes::{self, Options};

/// What 5,000 institutions ask that search once in twenty seconds each.
const PER_SECOND: f64 = 250.0;
/// Of persons who are not in the store.
const OTHERS: u32 = SEED + 1;

/// What was measured.
#[derive(Debug)]
pub(super) struct Live {
    persons: u32,
    import: Import,
    /// Searches before and during the import.
    quiet: Load,
    during: Load,
}

/// Imports new persons into a store of so many, which somebody searches.
pub(super) fn measure(
    programs: &Programs,
    asked: &Asked,
    persons: u32,
    options: Options,
) -> Result<Live> {
    let file = programs.file("newcomers.csv");
    programs.generate(OTHERS, options.newcomers(), &file)?;
    asked.searches_at(PER_SECOND, options.warm_up())?;
    let quiet = asked.searches_at(PER_SECOND, options.before_import())?;
    let (during, import) = asked.searches_during(PER_SECOND, || import::from(programs, &file))?;
    fs::remove_file(&file)?;
    Ok(Live {
        persons,
        import,
        quiet,
        during,
    })
}

impl Live {
    fn ratio(&self) -> f64 {
        self.during.quantile(0.99) / self.quiet.quantile(0.99)
    }

    /// Adds its figures.
    pub(super) fn add_to(&self, figures: &mut Figures) {
        figures.add("import_live_rows_per_s", self.import.rows_per_second());
        figures.add("search_p99_import_ratio", self.ratio());
        figures.add("search_p99_quiet_ms", self.quiet.quantile(0.99));
        figures.add("search_p99_import_ms", self.during.quantile(0.99));
    }

    /// One sentence.
    pub(super) fn markdown(&self) -> String {
        format!(
            "Into a store of {} persons that is searched {:.0} times a second, {} rows were imported in {:.1} s, {:.0} a \
             second; p50 and p99 of a search were {:.1} and {:.1} ms before and {:.1} and {:.1} ms meanwhile.",
            sizes::name(self.persons),
            PER_SECOND,
            self.import.rows,
            self.import.seconds,
            self.import.rows_per_second(),
            self.quiet.quantile(0.5),
            self.quiet.quantile(0.99),
            self.during.quantile(0.5),
            self.during.quantile(0.99),
        )
    }
}
