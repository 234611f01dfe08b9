//! `/api/opening`: 開放 of the institution's own function. Everybody there sees where it
//! stands; administrators ask for it.

use axum::Json;
use axum::extract::State;
use domain::opening::Act;
use protocol::http::{OpeningId, OpeningRequest, OpeningState, ProblemCode, Reason};

use crate::error::ApiError;
use crate::extract::{Administrator, Body, Searcher};
use crate::openings;
use crate::state::AppState;
use crate::view::OpeningView;

/// Where the institution's function stands. What terminals follow has the same.
#[utoipa::path(
    get,
    path = "/api/opening",
    tag = "opening",
    responses((status = OK, body = OpeningState)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
) -> Result<Json<OpeningState>, ApiError> {
    standing(&state, searcher.session.account.institution_id).await
}

/// 「利用申請」. Refused while one is under way.
#[utoipa::path(
    post,
    path = "/api/opening",
    tag = "opening",
    request_body = OpeningRequest,
    responses((status = OK, body = OpeningState), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn request(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(wanted): Body<OpeningRequest>,
) -> Result<Json<OpeningState>, ApiError> {
    let request = openings::parse(&wanted.contact, &wanted.cause, &wanted.remark, false)?;
    let id: OpeningId = state.entropy.opaque_id()?;
    let institution_id = administrator.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            let institution = writer.registered_institution_of(institution_id)?;
            let institution =
                institution.ok_or(ApiError::Refused(ProblemCode::NoSuchInstitution))?;
            openings::request(writer, &institution, &id, request, &administrator)
        })
        .await?;
    state.events.opening_changed(institution_id);
    standing(&state, institution_id).await
}

/// 「取り下げる」: the institution does not want what it asked for any more.
#[utoipa::path(
    post,
    path = "/api/opening/withdrawal",
    tag = "opening",
    request_body = Reason,
    responses((status = OK, body = OpeningState), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(why): Body<Reason>,
) -> Result<Json<OpeningState>, ApiError> {
    let reason = openings::reason(&why.reason)?;
    let institution_id = administrator.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            let row = writer.last_opening(institution_id)?;
            let row = row.ok_or(ApiError::Refused(ProblemCode::NoSuchOpening))?;
            let act = Act::Withdraw { reason };
            openings::take(writer, row, act, &administrator, None)
        })
        .await?;
    state.events.opening_changed(institution_id);
    standing(&state, institution_id).await
}

async fn standing(state: &AppState, institution_id: i64) -> Result<Json<OpeningState>, ApiError> {
    let now = state.now();
    let view = state
        .store
        .read(move |reader| OpeningView::read(reader, institution_id, now));
    let call_centre = state.openings.call_centre(now);
    Ok(Json(view.await?.state(call_centre)))
}
