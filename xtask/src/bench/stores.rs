//! A store of each size, with its service: filled, searched, and kept for what is measured
//! between them.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::import::{self, Imports};
use super::live::{self, Live};
use super::morning::{self, Morning};
use super::questions::questions;
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
    let imports = import::measure(&programs, persons)?;
    Stored::serve(programs, persons, imports, options)
}

impl Stored {
    /// Serves a store that is filled, and searches it.
    pub(super) fn serve(
        programs: Programs,
        persons: u32,
        imports: Imports,
        options: Options,
    ) -> Result<Self> {
        let service = programs.serve()?;
        // Persons of all ages and names: they are as far apart in a store as any.
        let csv = programs.generated(persons.min(QUESTIONS.into()))?;
        let forms = questions(&csv, &service.date()?, QUESTIONS.into())?;
        let mut stored = Self {
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
        stored.measured.search = stored.asked()?.measure(options)?;
        stored.measured.idle_megabytes = stored.service.idle_megabytes;
        stored.measured.megabytes = stored.service.megabytes();
        Ok(stored)
    }

    /// Where files of this measurement go.
    pub(super) fn folder(&self) -> &Path {
        self.programs.folder()
    }

    /// Ends the service and gives the disk back; what was measured stays.
    pub(super) fn end(self) -> Result<OfStore> {
        drop(self.service);
        self.programs.remove()?;
        Ok(self.measured)
    }

    /// Its searches, by somebody who has just logged in.
    pub(super) fn asked(&self) -> Result<Asked> {
        Asked::new(&self.service, &self.forms)
    }

    /// An import into this store while it is searched.
    pub(super) fn import_live(&self, options: Options) -> Result<Live> {
        let asked = self.asked()?;
        live::measure(&self.programs, &asked, self.measured.persons, options)
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

/// The one that is imported into while it is in use: the largest, or, when it has to be quick,
/// the largest whose pages are soon in memory.
pub(super) fn in_use(stores: &[Stored], options: Options) -> Result<&Stored> {
    let most = options.most_in_use();
    let mut stores = stores.iter().rev();
    let store = stores.find(|store| store.measured.persons <= most);
    store.context("nothing was measured")
}

/// Ends all services and gives the disk back; what was measured stays.
pub(super) fn end(stores: Vec<Stored>) -> Result<Vec<OfStore>> {
    stores.into_iter().map(Stored::end).collect()
}
