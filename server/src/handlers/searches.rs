//! `POST /api/eligibility/searches`: 資格情報照会（システム障害時）.
//!
//! The search, the candidates it hands out and its audit events are one transaction.

use axum::Json;
use axum::extract::State;
use domain::audit::Action;
use domain::coverage::Coverage;
use domain::date::Date;
use domain::eligibility::judge;
use domain::search::{MOST_CANDIDATES, SearchForm, SearchKeys};
use protocol::http::{CANDIDATE_SECONDS, Candidate, CandidateId, ProblemViolation, SearchOutcome};

use crate::entropy::Entropy;
use crate::error::ApiError;
use crate::extract::{Authenticated, Body, Searcher};
use crate::state::AppState;
use crate::store::{Audited, PersonId, StoreError, Writer};

pub(crate) async fn run(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Body(form): Body<SearchForm>,
) -> Result<Json<SearchOutcome>, ApiError> {
    let now = state.now();
    let criteria = form.parse(now.tokyo_date()).map_err(|violations| {
        ApiError::Invalid(violations.iter().map(ProblemViolation::from).collect())
    })?;
    let keys = criteria.keys();
    let day = criteria.qualification_confirmation_date();
    let entropy = state.entropy;
    let outcome = state
        .store
        .write(now, move |writer| {
            Search {
                writer,
                searcher: &searcher,
                day,
            }
            .run(&keys, &*entropy)
        })
        .await?;
    Ok(Json(outcome))
}

/// One search inside its transaction.
struct Search<'a, 'c> {
    writer: &'a Writer<'c>,
    searcher: &'a Authenticated,
    day: Date,
}

impl Search<'_, '_> {
    fn run(
        &self,
        keys: &SearchKeys,
        entropy: &dyn Entropy,
    ) -> Result<Audited<SearchOutcome>, ApiError> {
        let persons = self.writer.search(keys, MOST_CANDIDATES + 1)?;
        match persons.as_slice() {
            [] => Ok(self.audited(SearchOutcome::NotFound, "not_found")),
            [person] => {
                let outcome = SearchOutcome::One(self.candidate_id(*person, entropy)?);
                let event = self
                    .searcher
                    .event(Action::Searched)
                    .about(*person)
                    .outcome("one");
                Ok(Audited::new(outcome, event))
            }
            persons if persons.len() > MOST_CANDIDATES => {
                Ok(self.audited(SearchOutcome::TooMany, "too_many"))
            }
            persons => {
                let mut candidates = Vec::with_capacity(persons.len());
                for person in persons {
                    let id = self.candidate_id(*person, entropy)?;
                    candidates.extend(self.candidate(id, *person)?);
                }
                let listed = persons
                    .iter()
                    .map(|person| self.searcher.event(Action::CandidateListed).about(*person));
                Ok(self
                    .audited(SearchOutcome::Several(candidates), "several")
                    .and(listed))
            }
        }
    }

    fn audited(&self, outcome: SearchOutcome, word: &str) -> Audited<SearchOutcome> {
        Audited::new(outcome, self.searcher.event(Action::Searched).outcome(word))
    }

    fn candidate_id(
        &self,
        person: PersonId,
        entropy: &dyn Entropy,
    ) -> Result<CandidateId, ApiError> {
        let id = entropy.candidate_id()?;
        let expires_at = self.writer.now().plus_seconds(CANDIDATE_SECONDS.into());
        self.writer
            .add_candidate(&id, self.searcher.session.id, person, self.day, expires_at)?;
        Ok(id)
    }

    /// The five columns, from the coverage that would be shown first.
    fn candidate(
        &self,
        id: CandidateId,
        person: PersonId,
    ) -> Result<Option<Candidate>, StoreError> {
        let coverages = self.writer.coverages(person)?;
        let shown = judge(&coverages, self.day)
            .shown
            .and_then(|index| coverages.get(index));
        Ok(shown.map(|coverage: &Coverage| Candidate {
            id,
            name: coverage.name.clone(),
            birthdate: coverage.birthdate,
            sex1: coverage.sex1,
            address: coverage.address.clone(),
            insurer_name: coverage.insurer_name.clone(),
        }))
    }
}
