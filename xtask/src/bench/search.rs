//! Searches through HTTP, in turns with the same requests to a fixed answer.

use std::time::Duration;

use anyhow::Result;

use super::http;
use super::load::{Load, drive};
use super::questions::questions;
use super::service::Service;

const SEARCHES: &str = "/api/eligibility/searches";
const FIXED: &str = "/api/bench/fixed";

/// Different searches; more than a run sends would cost memory only.
const QUESTIONS: usize = 20_000;
const WARM_UP: Duration = Duration::from_secs(2);
/// In turns, so that whatever else the machine does meets both.
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(4);

/// Both loads.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub(super) fixed: Load,
    pub(super) search: Load,
}

impl Search {
    /// Searches per fixed answer.
    pub(super) fn ratio(&self) -> f64 {
        self.search.per_second() / self.fixed.per_second()
    }
}

/// Measures both.
pub(super) fn measure(service: &Service, csv: &str) -> Result<Search> {
    let session = service.log_in()?;
    let forms = questions(csv, &service.date()?, QUESTIONS)?;
    let address = &service.address;
    let requests = |path: &str| -> Vec<Vec<u8>> {
        let forms = forms.iter();
        forms
            .map(|json| http::post(address, path, &session, json))
            .collect()
    };
    let (fixed, search) = (requests(FIXED), requests(SEARCHES));
    drive(address, &fixed, WARM_UP)?;
    drive(address, &search, WARM_UP)?;
    let mut measured = Search::default();
    for _ in 0..ROUNDS {
        measured.fixed.add(drive(address, &fixed, ROUND)?);
        measured.search.add(drive(address, &search, ROUND)?);
    }
    Ok(measured)
}
