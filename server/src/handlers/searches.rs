//! `POST /api/eligibility/searches`: 資格情報照会（システム障害時）.
//!
//! The search, the candidates it hands out and its audit events are one transaction.

use axum::Json;
use axum::extract::State;
use domain::audit::Action;
use domain::coverage::Coverage;
use domain::date::Date;
use domain::eligibility::judge;
use domain::search::{Field, MOST_CANDIDATES, SearchForm, SearchKeys, narrowing};
use protocol::http::{
    CANDIDATE_SECONDS, Candidate, CandidateId, ProblemViolation, SearchAnswer, SearchOutcome,
};

use crate::entropy::Entropy;
use crate::error::ApiError;
use crate::extract::{Authenticated, Body, Searcher};
use crate::http::limits::shared;
use crate::openings;
use crate::state::AppState;
use crate::store::{AuditEvent, Audited, PersonId, StoreError, Writer};

/// Of how many matched persons it is measured which condition would narrow most.
const MOST_MEASURED: usize = 1000;

/// 検索.
#[utoipa::path(
    post,
    path = "/api/eligibility/searches",
    tag = "eligibility",
    request_body = SearchForm,
    responses((status = OK, body = SearchAnswer)),
    security(("session" = []))
)]
pub(crate) async fn run(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Body(form): Body<SearchForm>,
) -> Result<Json<SearchAnswer>, ApiError> {
    let now = state.now();
    let criteria = form.parse(now.tokyo_date()).map_err(|violations| {
        ApiError::Invalid(violations.iter().map(ProblemViolation::from).collect())
    })?;
    let keys = criteria.keys();
    let day = criteria.qualification_confirmation_date();
    let entropy = state.entropy.clone();
    let (is_limited, metrics) = (state.limits.is_some(), state.metrics.clone());
    let answer = state
        .store
        .write(now, move |writer| {
            openings::must_be_open(writer, searcher.session.account.institution_id, now)?;
            if is_limited {
                shared::count_search(writer, &searcher, &metrics)?;
            }
            Search {
                writer,
                searcher: &searcher,
                day,
            }
            .run(&keys, &*entropy)
        })
        .await?;
    state.metrics.searched(kind(&answer.outcome));
    Ok(Json(answer))
}

/// What a search came to, without whom.
const fn kind(outcome: &SearchOutcome) -> &'static str {
    match outcome {
        SearchOutcome::NotFound => "not_found",
        SearchOutcome::One(_) => "one",
        SearchOutcome::Several(_) => "several",
        SearchOutcome::TooMany { .. } => "too_many",
    }
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
    ) -> Result<Audited<SearchAnswer>, ApiError> {
        let matches = self.writer.search(keys, MOST_CANDIDATES + 1)?;
        let persons: Vec<_> = matches.iter().map(|found| found.person).collect();
        let found = Found {
            variant_matches: self.variant_matches(keys, persons.len())?,
            with_variants: keys.with_variants,
            event: self.searcher.event(Action::Searched),
        };
        match persons.as_slice() {
            [] => Ok(found.audited(SearchOutcome::NotFound, "not_found")),
            [person] => {
                let outcome = SearchOutcome::One(self.candidate_id(*person, entropy)?);
                Ok(found.about(*person).audited(outcome, "one"))
            }
            persons if persons.len() > MOST_CANDIDATES => {
                let outcome = SearchOutcome::TooMany {
                    narrow_by: self.narrow_by(keys)?,
                };
                Ok(found.audited(outcome, "too_many"))
            }
            persons => {
                let outcome = SearchOutcome::Several(self.candidates(persons, entropy)?);
                let listed = persons
                    .iter()
                    .map(|person| self.searcher.event(Action::CandidateListed).about(*person));
                Ok(found.audited(outcome, "several").and(listed))
            }
        }
    }

    /// How many more persons a variant spelling of 氏名 would match, at most one
    /// more than are ever listed. Nothing is counted above that many as it is.
    fn variant_matches(&self, keys: &SearchKeys, exact: usize) -> Result<u32, StoreError> {
        if keys.with_variants || keys.name.is_none() || exact > MOST_CANDIDATES {
            return Ok(0);
        }
        let most = exact + MOST_CANDIDATES + 1;
        let all = self.writer.search(&keys.with_variants(), most)?.len();
        Ok(u32::try_from(all.saturating_sub(exact)).unwrap_or(u32::MAX))
    }

    fn narrow_by(&self, keys: &SearchKeys) -> Result<Vec<Field>, StoreError> {
        let matches = self.writer.search(keys, MOST_MEASURED)?;
        let records: Vec<_> = matches.into_iter().map(|found| found.record).collect();
        Ok(narrowing(keys, &records))
    }

    fn candidates(
        &self,
        persons: &[PersonId],
        entropy: &dyn Entropy,
    ) -> Result<Vec<Candidate>, ApiError> {
        let mut candidates = Vec::with_capacity(persons.len());
        for person in persons {
            let id = self.candidate_id(*person, entropy)?;
            candidates.extend(self.candidate(id, *person)?);
        }
        Ok(candidates)
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

    /// The five columns, from the coverage that would be shown first; where
    /// several are in force, from one of them.
    fn candidate(
        &self,
        id: CandidateId,
        person: PersonId,
    ) -> Result<Option<Candidate>, StoreError> {
        let coverages = self.writer.coverages(person)?;
        let shown = judge(&coverages, self.day)
            .listed()
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

/// What is said of a search however it ended, and its event in the trail: how
/// many were counted in other spellings belongs to it.
struct Found {
    variant_matches: u32,
    with_variants: bool,
    event: AuditEvent,
}

impl Found {
    fn about(self, person: PersonId) -> Self {
        Self {
            event: self.event.about(person),
            ..self
        }
    }

    fn audited(self, outcome: SearchOutcome, word: &str) -> Audited<SearchAnswer> {
        let word = match (self.with_variants, self.variant_matches) {
            (true, _) => format!("{word} with_variants"),
            (false, 0) => word.to_owned(),
            (false, more) => format!("{word} variants:{more}"),
        };
        let answer = SearchAnswer {
            outcome,
            variant_matches: self.variant_matches,
        };
        Audited::new(answer, self.event.outcome(word))
    }
}
