//! `GET /api/eligibility/{candidate}`: 資格情報確認.

use axum::Json;
use axum::extract::{Path, State};
use domain::audit::Action;
use domain::eligibility::judge;
use protocol::http::{CandidateId, Eligibility, ProblemCode};

use crate::error::ApiError;
use crate::extract::Searcher;
use crate::state::AppState;
use crate::store::Audited;

/// How long an opened eligibility may stay on a screen.
const SHOWN_SECONDS: u32 = 10 * 60;

/// A candidate's eligibility.
///
/// Unknown, expired and another session's are one answer.
#[utoipa::path(
    get,
    path = "/api/eligibility/{candidate}",
    tag = "eligibility",
    params(("candidate" = CandidateId, Path, description = "From a search of this session.")),
    responses((status = OK, body = Eligibility), (status = GONE)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Path(candidate): Path<String>,
) -> Result<Json<Eligibility>, ApiError> {
    let expired = || ApiError::Refused(ProblemCode::CandidateExpired);
    let id: CandidateId = candidate.parse().map_err(|_| expired())?;
    let now = state.now();
    let eligibility = state
        .store
        .write(now, move |writer| {
            let found = writer.candidate(&id, searcher.session.id, now)?;
            let (person, day) = found.ok_or_else(expired)?;
            let coverages = writer.coverages(person)?;
            let judgement = judge(&coverages, day);
            let event = searcher
                .event(Action::EligibilityOpened)
                .about(person)
                .outcome(judgement.qualification_validity.code());
            let eligibility = Eligibility {
                qualification_confirmation_date: day,
                judgement,
                coverages,
                presentation: None,
                expires_in_seconds: SHOWN_SECONDS,
            };
            Ok::<_, ApiError>(Audited::new(eligibility, event))
        })
        .await?;
    Ok(Json(eligibility))
}
