//! `GET /api/eligibility/{candidate}`: 資格情報確認.

use axum::Json;
use axum::extract::{Path, State};
use domain::audit::Action;
use domain::eligibility::judge;
use domain::visual_confirmation::Party;
use protocol::http::{CandidateId, ConfirmedBy, Eligibility, ProblemCode, VisualPresentation};

use crate::candidates::Candidate;
use crate::error::ApiError;
use crate::extract::Searcher;
use crate::openings;
use crate::state::AppState;
use crate::store::{Audited, Reader, Standing, StoreError};

/// How long an opened eligibility may stay on a screen.
const SHOWN_SECONDS: u32 = 10 * 60;

/// A candidate's eligibility.
///
/// Unknown, expired and another session's are one answer. One from a search can be opened as
/// long as the emergency function is open only; one from a visual confirmation does not need it.
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
    let candidate = searcher.seal().open(&id, now).ok_or_else(expired)?;
    let eligibility = state
        .store
        .write(now, move |writer| {
            let presentation = presentation(writer, &candidate)?;
            if presentation.is_none() {
                let institution_id = searcher.session.account.institution_id;
                openings::must_be_open(writer, institution_id, now)?;
            }
            let coverages = writer.coverages(candidate.person)?;
            let judgement = judge(&coverages, candidate.day);
            let event = searcher
                .event(Action::EligibilityOpened)
                .about(candidate.person)
                .outcome(judgement.qualification_validity.code());
            let eligibility = Eligibility {
                qualification_confirmation_date: candidate.day,
                judgement,
                coverages,
                presentation,
                expires_in_seconds: SHOWN_SECONDS,
            };
            Ok::<_, ApiError>(Audited::new(eligibility, event))
        })
        .await?;
    Ok(Json(eligibility))
}

/// 目視確認 and カード提示 behind a candidate, if it came about by them.
fn presentation(
    reader: &Reader<'_>,
    candidate: &Candidate,
) -> Result<Option<VisualPresentation>, StoreError> {
    let Some(number) = candidate.visual_confirmation else {
        return Ok(None);
    };
    let Some(row) = reader.visual_confirmation_of(number)? else {
        return Ok(None);
    };
    let Standing::Completed(completed) = row.standing else {
        return Ok(None);
    };
    let (confirmation, card) = (completed.confirmation(), completed.presentation());
    let account = match confirmation.by {
        Party::Terminal { account, .. } => reader.user_id_of(account)?,
        Party::ReaderScreen => None,
    };
    let confirmed_by = account.map_or(
        ConfirmedBy::ReaderScreen(row.screen_name),
        ConfirmedBy::Account,
    );
    Ok(Some(VisualPresentation {
        confirmed_by,
        confirmed_at: confirmation.at,
        presented_at: card.at,
        notice: card.notice,
        consents: completed.consents().to_vec(),
    }))
}
