//! What a page notes of itself (`marks.js`), and what follows from it.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// What one page noted; moments are milliseconds of the machine's clock.
#[derive(Debug, Deserialize)]
pub(super) struct Marks {
    moments: HashMap<String, f64>,
    fetches: Vec<Fetch>,
    states: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct Fetch {
    path: String,
    sent: f64,
    answered: f64,
}

impl Marks {
    fn at(&self, name: &str) -> Result<f64> {
        let mark = self.moments.get(name).copied();
        mark.with_context(|| format!("never: {name}"))
    }

    /// The only request to such a path.
    fn fetch(&self, is_it: impl Fn(&str) -> bool) -> Result<&Fetch> {
        let mut fetches = self.fetches.iter().filter(|fetch| is_it(&fetch.path));
        fetches.next().context("a request was not sent")
    }
}

/// Where the time of one patient went, in milliseconds. The patient's own, between the
/// questions and the answers, is not in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// The card's own answers.
    pub(super) card: f64,
    /// From the placing to the answer of the bridge at the page, without `card`.
    pub(super) bridge: f64,
    /// From requests to their answers, and from the consents to the state at the terminal.
    pub(super) server: f64,
    /// Everything else: what the two pages do, up to the end of the frame.
    pub(super) render: f64,
    /// From the placing to the questions.
    pub(super) to_consents: f64,
    /// From the answers to the eligibility.
    pub(super) to_result: f64,
}

impl Split {
    /// What the two pages noted of one patient.
    pub(super) fn of(screen: &Marks, desk: &Marks) -> Result<Self> {
        let (placed, read) = (screen.at("placed")?, screen.at("read")?);
        let card = screen.at("card")?;
        let bridge = read - placed - card;
        let presented = screen.fetch(|path| path.ends_with("/card"))?;
        let consents = screen.fetch(|path| path.ends_with("/consents"))?;
        let opened = desk.fetch(|path| path.ends_with("/result"))?;
        let eligibility = desk.fetch(|path| path.starts_with("/api/eligibility/"))?;
        let told = desk.states.iter().rev().find(|at| **at <= opened.sent);
        let told = told.context("the terminal was not told")?;
        let server = (presented.answered - presented.sent)
            + (told - consents.sent)
            + (opened.answered - opened.sent)
            + (eligibility.answered - eligibility.sent);
        let to_consents = screen.at("consents")? - placed;
        let to_result = desk.at("result")? - screen.at("decided")?;
        Ok(Self {
            card,
            bridge,
            server,
            render: to_consents + to_result - card - bridge - server,
            to_consents,
            to_result,
        })
    }

    /// From card to eligibility without the card's own time and the patient's.
    pub(super) fn total(self) -> f64 {
        self.bridge + self.server + self.render
    }
}
