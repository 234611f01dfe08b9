//! What is asked of the list, and what came back.

use protocol::http::{OpeningId, OpeningPage, OpeningStage, OpeningSummary};

use crate::api::Error;

/// Which openings are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Conditions {
    /// Without one, all that need something.
    pub(in super::super) stage: Option<OpeningStage>,
    /// A part of the institution's name or code.
    pub(in super::super) text: String,
}

/// The rows that are known, the longest waiting first.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Model {
    pub(in super::super) conditions: Conditions,
    pub(in super::super) rows: Vec<OpeningSummary>,
    /// What to ask for the next ones with.
    pub(in super::super) next: Option<OpeningId>,
    /// How many there are.
    pub(in super::super) total: u32,
    pub(in super::super) is_answered: bool,
    pub(in super::super) failure: Option<Error>,
}

impl Model {
    pub(in super::super) fn new(conditions: Conditions) -> Self {
        Self {
            conditions,
            ..Self::default()
        }
    }

    /// Takes the first rows, or the next ones. One that moved between two pages stands once.
    pub(in super::super) fn answered(&mut self, result: Result<OpeningPage, Error>) {
        match result {
            Ok(page) => {
                let first = page.openings.first();
                let overlaps =
                    first.is_some_and(|new| self.rows.iter().any(|row| row.id == new.id));
                let known = if overlaps {
                    self.rows.clone()
                } else {
                    Vec::new()
                };
                let is_new = |new: &OpeningSummary| known.iter().all(|row| row.id != new.id);
                self.rows.extend(page.openings.into_iter().filter(is_new));
                self.next = page.next;
                self.total = page.total;
                self.is_answered = true;
                self.failure = None;
            }
            Err(error) => self.failure = Some(error),
        }
    }

    /// Takes as many rows asked for anew; if that failed, those before stay.
    pub(in super::super) fn refreshed(&mut self, fresh: Self) {
        if fresh.conditions != self.conditions {
            return;
        }
        match fresh.failure {
            Some(error) => self.failure = Some(error),
            None => *self = fresh,
        }
    }
}

#[cfg(test)]
pub(in super::super) mod tests {
    use domain::timestamp::Timestamp;
    use protocol::http::ProblemCode;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// An opening of a stage, asked for at a fixed moment.
    pub(in super::super::super) fn opening(id: &str, stage: OpeningStage) -> OpeningSummary {
        OpeningSummary {
            id: id.parse().unwrap(),
            medical_institution_code: "1311234569".parse().unwrap(),
            institution_name: "架空内科".to_owned(),
            stage,
            contact: "資格　花子".parse().unwrap(),
            cause: domain::opening::Cause::Line,
            remark: None,
            is_by_telephone: false,
            requested_at: Timestamp::from_unix_milliseconds(1_795_000_000_000),
            called_back_at: None,
            form_sent: None,
            period: None,
            reason: None,
            handed_in_at: None,
            acknowledged_at: None,
        }
    }

    const IDS: [&str; 3] = [
        "AAAAAAAAAAAAAAAAAAAAAA",
        "BBBBBBBBBBBBBBBBBBBBBB",
        "CCCCCCCCCCCCCCCCCCCCCC",
    ];

    fn page(ids: &[&str], next: Option<&str>) -> OpeningPage {
        OpeningPage {
            openings: ids
                .iter()
                .map(|id| opening(id, OpeningStage::Requested))
                .collect(),
            next: next.map(|id| id.parse().unwrap()),
            total: 3,
        }
    }

    fn ids(model: &Model) -> Vec<&str> {
        model.rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[wasm_bindgen_test]
    fn pages_follow_each_other_and_none_stands_twice() {
        let mut model = Model::default();
        model.answered(Ok(page(&IDS[..2], Some(IDS[1]))));
        assert_eq!(ids(&model), IDS[..2]);
        model.answered(Err(Error::Network));
        assert_eq!(
            (ids(&model), model.failure.is_some()),
            (IDS[..2].to_vec(), true)
        );
        model.answered(Ok(page(&IDS[1..], None)));
        assert_eq!(ids(&model), IDS);
        assert!(model.next.is_none() && model.failure.is_none());
    }

    #[wasm_bindgen_test]
    fn what_is_asked_anew_replaces_only_its_own_conditions() {
        let mut model = Model::default();
        model.answered(Ok(page(&IDS, None)));
        let other = Conditions {
            stage: Some(OpeningStage::Opened),
            ..Conditions::default()
        };
        model.refreshed(Model::new(other));
        assert_eq!(ids(&model), IDS);
        let problem = Error::Problem(ProblemCode::Unavailable.problem("r-1", Vec::new()));
        let mut failed = Model::default();
        failed.answered(Err(problem));
        model.refreshed(failed);
        assert_eq!((ids(&model), model.failure.is_some()), (IDS.to_vec(), true));
        let mut fresh = Model::default();
        fresh.answered(Ok(page(&IDS[1..], None)));
        model.refreshed(fresh);
        assert_eq!(
            (ids(&model), model.failure.is_some()),
            (IDS[1..].to_vec(), false)
        );
    }
}
