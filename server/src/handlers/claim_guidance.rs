//! `/api/claim-guidance`: 請求の案内, read beside the search and changed by administrators.

use axum::Json;
use axum::extract::State;
use domain::audit::Action;
use domain::claim_guidance::GuidanceText;
use protocol::http::{ClaimGuidance, ClaimGuidanceToSave, ProblemCode};

use crate::error::ApiError;
use crate::extract::{Administrator, Body, Searcher};
use crate::state::AppState;
use crate::store::{Audited, Reader, StoreError};

/// The institution's words, or that it has none of its own.
#[utoipa::path(
    get,
    path = "/api/claim-guidance",
    tag = "claims",
    responses((status = OK, body = ClaimGuidance)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
) -> Result<Json<ClaimGuidance>, ApiError> {
    let institution = searcher.session.account.institution_id;
    let read = move |reader: &Reader<'_>| reader.claim_guidance(institution);
    Ok(Json(state.store.read::<_, StoreError>(read).await?))
}

/// Changes the words; an empty text puts the standard back. What was made from another version than
/// the last is refused: somebody else has changed it meanwhile.
#[utoipa::path(
    put,
    path = "/api/claim-guidance",
    tag = "claims",
    request_body = ClaimGuidanceToSave,
    responses((status = OK, body = ClaimGuidance), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(wanted): Body<ClaimGuidanceToSave>,
) -> Result<Json<ClaimGuidance>, ApiError> {
    let text = GuidanceText::parse(&wanted.text)
        .map_err(|problem| ApiError::invalid("text", &problem.to_string()))?;
    let changed = state.store.write(state.now(), move |writer| {
        administrator.still_administers(writer)?;
        let account = &administrator.session.account;
        let kept = writer.claim_guidance(account.institution_id)?;
        if kept.version != wanted.version {
            return Err(ApiError::Refused(ProblemCode::ClaimGuidanceChanged));
        }
        let version = kept.version.saturating_add(1);
        writer.set_claim_guidance(account.institution_id, version, text.as_ref(), account.id)?;
        let outcome = if text.is_some() { "own" } else { "standard" };
        let event = administrator.event(Action::ClaimGuidanceChanged);
        let changed = writer.claim_guidance(account.institution_id)?;
        Ok(Audited::new(changed, event.outcome(outcome)))
    });
    Ok(Json(changed.await?))
}
