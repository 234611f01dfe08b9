//! A store of each size, with its service: filled, searched, and kept for what is measured
//! between them.

use std::fs;

use anyhow::{Context as _, Result};

use super::import;
use super::morning::{self, Morning};
use super::questions::{questions, sample};
use super::report::OfStore;
use super::search::{Asked, QUESTIONS, Search};
use super::service::{Programs, Service};
use super::sizes::{self, Options};

/// A store that is served.
pub(super) struct Stored {
    programs: Programs,
    pub(super) service: Service,
    forms: Vec<String>,
    measured: OfStore,
}

/// Fills a store, searches it, and goes on to serve it.
pub(super) fn measure(programs: &Programs, persons: u32, options: Options) -> Result<Stored> {
    let programs = programs.apart(&sizes::name(persons))?;
    let file = programs.file("insured.csv");
    programs.generate(persons, &file)?;
    // What is unchanged is as fast with any number of persons.
    let again = persons == sizes::FEWEST;
    let imports = import::measure(&programs, &file, again)?;
    let csv = sample(&file, QUESTIONS.into())?;
    // It is the larger half of the disk that is needed.
    fs::remove_file(&file)?;
    let service = programs.serve()?;
    let forms = questions(&csv, &service.date()?, QUESTIONS.into())?;
    let mut stored = Stored {
        programs,
        service,
        forms,
        measured: OfStore {
            persons,
            imports,
            search: Search::default(),
            idle_megabytes: None,
            megabytes: None,
        },
    };
    stored.measured.search = stored.asked()?.measure(options.round())?;
    stored.measured.idle_megabytes = stored.service.idle_megabytes;
    stored.measured.megabytes = stored.service.megabytes();
    Ok(stored)
}

impl Stored {
    /// Its searches, by somebody who has just logged in.
    pub(super) fn asked(&self) -> Result<Asked> {
        Asked::new(&self.service, &self.forms)
    }

    /// A morning on this store.
    pub(super) fn have_morning(&self, options: Options) -> Result<Morning> {
        let (institutions, time) = (options.institutions(), options.morning());
        morning::measure(&self.service, &self.forms, institutions, time)
    }
}

/// The smallest and the largest.
pub(super) fn ends(stores: &[Stored]) -> Result<(&Stored, &Stored)> {
    let ends = stores.first().zip(stores.last());
    ends.context("nothing was measured")
}

/// Ends all services and gives the disk back; what was measured stays.
pub(super) fn end(stores: Vec<Stored>) -> Result<Vec<OfStore>> {
    let mut all = Vec::new();
    for stored in stores {
        drop(stored.service);
        stored.programs.remove()?;
        all.push(stored.measured);
    }
    Ok(all)
}
