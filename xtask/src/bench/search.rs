//! Searches through HTTP, in turns with the same requests to a fixed answer.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::http::{self, Connection};
use super::load::{Load, drive, drive_at, drive_during};
use super::service::Service;
use super::sizes::Options;

const SEARCHES: &str = "/api/eligibility/searches";
const FIXED: &str = "/api/bench/fixed";

/// Different searches; more than a run sends would cost memory only.
pub(super) const QUESTIONS: u16 = 20_000;
/// In turns, so that whatever else the machine does meets both.
const ROUNDS: usize = 5;
/// The part of the most that a service which is not overloaded has to do.
const BUSY: f64 = 0.8;

/// All loads on one store.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub(super) fixed: Load,
    pub(super) searches: Load,
    /// Searches under 80 % of the most.
    pub(super) busy: Load,
    /// The p99 of each of its rounds, in milliseconds.
    busy_p99: Vec<f64>,
}

impl Search {
    /// Searches per fixed answer.
    pub(super) fn ratio(&self) -> f64 {
        self.searches.per_second() / self.fixed.per_second()
    }

    /// Half of the rounds under 80 % of the most had no greater p99, in milliseconds: what holds
    /// the machine up for a tenth of a second is in one round, not in all.
    pub(super) fn busy_p99(&self) -> f64 {
        let mut rounds = self.busy_p99.clone();
        rounds.sort_by(f64::total_cmp);
        let middle = rounds.get(rounds.len() / 2);
        middle.copied().unwrap_or_default()
    }
}

/// A service, and what it is asked.
pub(super) struct Asked {
    address: String,
    fixed: Vec<Vec<u8>>,
    search: Vec<Vec<u8>>,
}

impl Asked {
    /// These searches, by somebody logged in.
    pub(super) fn new(service: &Service, forms: &[String]) -> Result<Self> {
        let session = service.log_in()?;
        let address = service.address.clone();
        let requests = |path: &str| -> Vec<Vec<u8>> {
            let forms = forms.iter();
            forms
                .map(|json| http::post(&address, path, &session, json))
                .collect()
        };
        let (fixed, search) = (requests(FIXED), requests(SEARCHES));
        Ok(Self {
            address,
            fixed,
            search,
        })
    }

    /// Measures all loads.
    pub(super) fn measure(&self, options: Options) -> Result<Search> {
        let round = options.round();
        drive(&self.address, &self.fixed, options.warm_up())?;
        drive(&self.address, &self.search, options.warm_up())?;
        let mut measured = Search::default();
        for _ in 0..ROUNDS {
            measured
                .fixed
                .add(drive(&self.address, &self.fixed, round)?);
            let most = self.searches(round)?;
            // Of the most that the machine does now: it is not the same in each round.
            let pace = most.per_second() * BUSY;
            measured.searches.add(most);
            let busy = drive_at(&self.address, &self.search, round, pace)?;
            measured.busy_p99.push(busy.quantile(0.99));
            measured.busy.add(busy);
        }
        Ok(measured)
    }

    fn searches(&self, round: Duration) -> Result<Load> {
        drive(&self.address, &self.search, round)
    }

    /// So many searches a second.
    pub(super) fn searches_at(&self, per_second: f64, time: Duration) -> Result<Load> {
        drive_at(&self.address, &self.search, time, per_second)
    }

    /// The same, for as long as some work takes; gives also what came of the work.
    pub(super) fn searches_during<T>(
        &self,
        per_second: f64,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<(Load, T)> {
        drive_during(&self.address, &self.search, per_second, work)
    }

    /// Some of the searches, one after the other; what is done with each answer.
    pub(super) fn some(&self, count: usize, mut after: impl FnMut() -> Result<()>) -> Result<()> {
        let mut connection = Connection::open(&self.address)?;
        let between = (self.search.len() / count).max(1);
        for request in self.search.iter().step_by(between).take(count) {
            let answer = connection.send(request)?;
            ensure!(answer.status == 200, "a search: {}", answer.status);
            after()?;
        }
        Ok(())
    }
}

/// How much longer half of the searches take in the larger store: asked in turns.
pub(super) fn growth(small: &Asked, large: &Asked, round: Duration) -> Result<f64> {
    let (mut few, mut many) = (Load::default(), Load::default());
    for _ in 0..ROUNDS {
        few.add(small.searches(round)?);
        many.add(large.searches(round)?);
    }
    Ok(many.quantile(0.5) / few.quantile(0.5))
}
