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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_patients_time_is_left_out() -> Result<()> {
        let screen = json!({
            "moments": { "placed": 100.0, "read": 110.0, "card": 6.0, "consents": 130.0, "decided": 900.0 },
            "fetches": [
                { "path": "/api/reader/visual-confirmations/1/card", "sent": 112.0, "answered": 120.0 },
                { "path": "/api/reader/visual-confirmations/1/consents", "sent": 902.0, "answered": 909.0 }
            ],
            "states": []
        });
        let desk = json!({
            "moments": { "result": 940.0 },
            "fetches": [
                { "path": "/api/visual-confirmations/1/result", "sent": 911.0, "answered": 916.0 },
                { "path": "/api/eligibility/2", "sent": 917.0, "answered": 920.0 }
            ],
            "states": [121.0, 910.0, 912.0]
        });
        let split = Split::of(
            &serde_json::from_value(screen)?,
            &serde_json::from_value(desk)?,
        )?;
        for (found, expected) in [
            (split.card, 6.0),
            (split.bridge, 4.0),
            (split.server, 24.0),
            (split.render, 36.0),
            (split.total(), 64.0),
        ] {
            assert!((found - expected).abs() < 0.001, "{split:?}");
        }
        Ok(())
    }
}
