//! `/api/operator/openings`: the list of openings, and the steps of one.

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use domain::fold;
use domain::identifier::MedicalInstitutionCode;
use protocol::http::{
    OPENING_PAGE, OpeningId, OpeningPage, OpeningStage, OperatorAct, OperatorOpening, ProblemCode,
    RecordedCall, TelephoneRequest,
};

use crate::error::ApiError;
use crate::extract::{Body, Operator};
use crate::handlers::query::Members;
use crate::openings::{self, Wanted};
use crate::state::AppState;
use crate::store::{InstitutionRow, OpeningFilter, StoreError};
use crate::view::summary;

/// The most that the timeline of an institution tells.
const MOST_STEPS: usize = 500;

/// Openings by waiting time. Without a stage: those that somebody still has to do something for.
#[utoipa::path(
    get,
    path = "/api/operator/openings",
    tag = "operator",
    params(
        ("stage" = Option<OpeningStage>, Query, description = "Those of one stage."),
        ("text" = Option<String>, Query, description = "A part of the institution's name or code."),
        ("after" = Option<OpeningId>, Query, description = "After this one, from the page before."),
    ),
    responses((status = OK, body = OpeningPage)),
    security(("session" = []))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    _: Operator,
    ListQuery(filter): ListQuery,
) -> Result<Json<OpeningPage>, ApiError> {
    let now = state.now();
    let read = state.store.read(move |reader| {
        let openings = reader.openings(&filter, now, OPENING_PAGE + 1)?;
        let total = reader.count_openings(&filter, now)?;
        Ok::<_, StoreError>((openings, total))
    });
    let (mut openings, total) = read.await?;
    let has_next = openings.len() > OPENING_PAGE;
    openings.truncate(OPENING_PAGE);
    let last = openings.last().filter(|_| has_next);
    Ok(Json(OpeningPage {
        next: last.map(|row| row.id.clone()),
        openings: openings.into_iter().map(|row| summary(row, now)).collect(),
        total,
    }))
}

/// 「利用申請」 of an institution that called, entered by who took the call.
#[utoipa::path(
    post,
    path = "/api/operator/openings",
    tag = "operator",
    request_body = TelephoneRequest,
    responses((status = OK, body = OperatorOpening), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn request(
    State(state): State<AppState>,
    operator: Operator,
    Body(wanted): Body<TelephoneRequest>,
) -> Result<Json<OperatorOpening>, ApiError> {
    let invalid_code = |message: &str| ApiError::invalid("medical_institution_code", message);
    let code: MedicalInstitutionCode = (wanted.medical_institution_code.parse())
        .map_err(|error: domain::identifier::IdentifierError| invalid_code(&error.to_string()))?;
    let request = openings::parse(&wanted.contact, &wanted.cause, &wanted.remark, true)?;
    let id: OpeningId = state.entropy.opaque_id()?;
    let (new, unknown) = (
        id.clone(),
        invalid_code(
            "登録簿にない医療機関コードです。番号を確かめるか、先に登録簿に登録してください",
        ),
    );
    let institution_id = state
        .store
        .write(state.now(), move |writer| {
            operator.still_operates(writer)?;
            let institution = writer.registered_institution(&code)?;
            let is_registered = |it: &InstitutionRow| it.registered.telephone.is_some();
            let institution = institution.filter(is_registered).ok_or(unknown)?;
            let done = openings::request(writer, &institution, &new, request, &operator.0)?;
            Ok::<_, ApiError>(done.map(|()| institution.number))
        })
        .await?;
    state.events.opening_changed(institution_id);
    one(&state, id).await
}

/// An opening, its institution, and everything that was done for that one.
#[utoipa::path(
    get,
    path = "/api/operator/openings/{id}",
    tag = "operator",
    params(("id" = OpeningId, Path, description = "From the list.")),
    responses((status = OK, body = OperatorOpening), (status = NOT_FOUND)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    _: Operator,
    Path(id): Path<String>,
) -> Result<Json<OperatorOpening>, ApiError> {
    one(&state, parse(&id)?).await
}

/// A step of an opening. What it needs of the institution is taken from the register at
/// this moment.
#[utoipa::path(
    post,
    path = "/api/operator/openings/{id}/acts",
    tag = "operator",
    params(("id" = OpeningId, Path, description = "From the list.")),
    request_body = OperatorAct,
    responses((status = OK, body = OperatorOpening), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn act(
    State(state): State<AppState>,
    operator: Operator,
    Path(id): Path<String>,
    Body(act): Body<OperatorAct>,
) -> Result<Json<OperatorOpening>, ApiError> {
    let id = parse(&id)?;
    let wanted = Wanted::one(act, &state.openings)?;
    let acted_on = id.clone();
    let row = state
        .store
        .write(state.now(), move |writer| {
            operator.still_operates(writer)?;
            let row = writer.opening(&acted_on)?.ok_or_else(none)?;
            let act = wanted.act(writer, &row)?;
            openings::take(writer, row, act, &operator.0, None)
        })
        .await?;
    state.events.opening_changed(row.institution_id);
    one(&state, id).await
}

async fn one(state: &AppState, id: OpeningId) -> Result<Json<OperatorOpening>, ApiError> {
    let now = state.now();
    let read = state.store.read(move |reader| {
        let row = reader.opening(&id)?.ok_or_else(none)?;
        let institution = reader.registered_institution_of(row.institution_id)?;
        let institution = institution.ok_or_else(none)?.registered;
        let call_back = row.opening.called_back().map(|it| RecordedCall {
            spoken_to: it.call_back.spoken_to.clone(),
            telephone: it.call_back.telephone.clone(),
            at: it.step.at,
        });
        Ok::<_, ApiError>(OperatorOpening {
            timeline: reader.opening_steps(row.institution_id, MOST_STEPS)?,
            institution,
            call_back,
            opening: summary(row, now),
        })
    });
    Ok(Json(read.await?))
}

/// Unknown and malformed are one answer.
fn parse(id: &str) -> Result<OpeningId, ApiError> {
    id.parse().map_err(|_| none())
}

const fn none() -> ApiError {
    ApiError::Refused(ProblemCode::NoSuchOpening)
}

/// `stage`, `text`, `after`.
pub(crate) struct ListQuery(OpeningFilter);

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut members = Members::read(parts)?;
        let stage = "手順の種類が違います。一覧から選んでください";
        let stage = members.take("stage", stage);
        let text: Option<String> = members.take("text", "");
        let after = members.take("after", "一覧の続きは、前の答えの番号で指定してください");
        members.finish()?;
        Ok(Self(OpeningFilter {
            stage,
            text: text.as_deref().and_then(key),
            after,
        }))
    }
}

/// What names and codes are compared with; `None` where nothing was entered.
pub(super) fn key(text: &str) -> Option<String> {
    Some(fold::name(text)).filter(|key| !key.is_empty())
}
