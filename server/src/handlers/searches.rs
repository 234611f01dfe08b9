//! `POST /api/eligibility/searches`: 資格情報照会（システム障害時）.
//!
//! Whether it may be done and its audit events are one transaction of the primary database. Who is
//! found is read in it, or before it where the database is a server, from a replica if there is
//! one: without that transaction nobody is told.

mod gathered;

use axum::Json;
use axum::extract::State;
use domain::audit::Action;
use domain::coverage::Coverage;
use domain::date::Date;
use domain::search::SearchForm;
use domain::timestamp::Timestamp;
use protocol::http::{
    self, CANDIDATE_SECONDS, CandidateId, ProblemViolation, SearchAnswer, SearchOutcome,
};

use crate::candidates::{Candidate, Seal};
use crate::entropy::Entropy;
use crate::error::ApiError;
use crate::extract::{Authenticated, Body, Searcher};
use crate::http::limits::shared;
use crate::openings;
use crate::state::AppState;
use crate::store::{AuditEvent, Audited, PersonId, Reader};
use gathered::{Found, Gathered};

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
    let ahead = {
        let keys = keys.clone();
        let read = move |reader: &Reader<'_>| Gathered::read(reader, &keys, day);
        state.store.read_ahead(read).await
    };
    let answer = state
        .store
        .write(now, move |writer| {
            openings::must_be_open(writer, searcher.session.account.institution_id, now)?;
            if is_limited {
                shared::count_search(writer, &searcher, &metrics)?;
            }
            let gathered = match ahead {
                Some(gathered) => gathered,
                None => Gathered::read(writer, &keys, day)?,
            };
            Search {
                searcher: &searcher,
                seal: searcher.seal(),
                day,
                expires_at: now.plus_seconds(CANDIDATE_SECONDS.into()),
                with_variants: keys.with_variants,
            }
            .tell(gathered, &*entropy)
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
struct Search<'a> {
    searcher: &'a Authenticated,
    seal: Seal,
    day: Date,
    expires_at: Timestamp,
    with_variants: bool,
}

impl Search<'_> {
    fn tell(
        &self,
        gathered: Gathered,
        entropy: &dyn Entropy,
    ) -> Result<Audited<SearchAnswer>, ApiError> {
        let told = Told {
            variant_matches: gathered.variant_matches,
            with_variants: self.with_variants,
            event: self.searcher.event(Action::Searched),
        };
        match gathered.found {
            Found::Nobody => Ok(told.audited(SearchOutcome::NotFound, "not_found")),
            Found::One(person) => {
                let outcome = SearchOutcome::One(self.candidate_id(person, entropy)?);
                Ok(told.about(person).audited(outcome, "one"))
            }
            Found::TooMany(narrow_by) => {
                let outcome = SearchOutcome::TooMany { narrow_by };
                Ok(told.audited(outcome, "too_many"))
            }
            Found::Several(persons) => {
                let listed: Vec<_> = persons
                    .iter()
                    .map(|(person, _)| self.searcher.event(Action::CandidateListed).about(*person))
                    .collect();
                let outcome = SearchOutcome::Several(self.candidates(persons, entropy)?);
                Ok(told.audited(outcome, "several").and(listed))
            }
        }
    }

    /// The five columns of each.
    fn candidates(
        &self,
        persons: Vec<(PersonId, Option<Coverage>)>,
        entropy: &dyn Entropy,
    ) -> Result<Vec<http::Candidate>, ApiError> {
        let mut candidates = Vec::with_capacity(persons.len());
        for (person, shown) in persons {
            let id = self.candidate_id(person, entropy)?;
            candidates.extend(shown.map(|coverage| http::Candidate {
                id,
                name: coverage.name,
                birthdate: coverage.birthdate,
                sex1: coverage.sex1,
                address: coverage.address,
                insurer_name: coverage.insurer_name,
            }));
        }
        Ok(candidates)
    }

    fn candidate_id(
        &self,
        person: PersonId,
        entropy: &dyn Entropy,
    ) -> Result<CandidateId, ApiError> {
        let candidate = Candidate {
            person,
            day: self.day,
            expires_at: self.expires_at,
            visual_confirmation: None,
        };
        Ok(self.seal.close(&candidate, entropy)?)
    }
}

/// What is said of a search however it ended, and its event in the trail: how
/// many were counted in other spellings belongs to it.
struct Told {
    variant_matches: u32,
    with_variants: bool,
    event: AuditEvent,
}

impl Told {
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
