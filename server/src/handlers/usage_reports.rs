//! `/api/openings/{id}/report`: 利用報告書, for administrators; operators read what was
//! handed in.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::opening::{Opening, Refusal};
use protocol::http::{Delivery, HandIn, OpeningId, ProblemCode, UsageReport, UsageReportDraft};

use crate::error::ApiError;
use crate::extract::{Administrator, Body, Operator};
use crate::state::AppState;
use crate::usage_reports::{self, Stop};

/// 利用報告書.eml, and for programs that know no other name an ASCII one (RFC 6266, appendix D).
const DISPOSITION: &str = "attachment; filename=\"usage-report.eml\"; \
    filename*=UTF-8''%E5%88%A9%E7%94%A8%E5%A0%B1%E5%91%8A%E6%9B%B8.eml";

/// The report of one of the institution's openings, from its opening on.
#[utoipa::path(
    get,
    path = "/api/openings/{id}/report",
    tag = "opening",
    params(("id" = OpeningId, Path, description = "One of the institution's openings.")),
    responses((status = OK, body = UsageReport), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Path(opening): Path<String>,
) -> Result<Json<UsageReport>, ApiError> {
    let institution = administrator.session.account.institution_id;
    report(&state, parse(&opening)?, institution).await
}

/// Saves a draft.
#[utoipa::path(
    put,
    path = "/api/openings/{id}/report",
    tag = "opening",
    params(("id" = OpeningId, Path, description = "One of the institution's openings.")),
    request_body = UsageReportDraft,
    responses((status = OK, body = UsageReport), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn save(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Path(opening): Path<String>,
    Body(draft): Body<UsageReportDraft>,
) -> Result<Json<UsageReport>, ApiError> {
    let id = parse(&opening)?;
    let institution = administrator.session.account.institution_id;
    let saved = id.clone();
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            let row = usage_reports::of_institution(writer, &saved, institution)?;
            usage_reports::save(writer, &row, &draft, &administrator)
        })
        .await?;
    report(&state, id, institution).await
}

/// 「利用報告書を提出」: by the mail file, or by the service. The same version again changes nothing.
#[utoipa::path(
    post,
    path = "/api/openings/{id}/report/hand-in",
    tag = "opening",
    params(("id" = OpeningId, Path, description = "One of the institution's openings.")),
    request_body = HandIn,
    responses(
        (status = OK, body = UsageReport),
        (status = NOT_FOUND),
        (status = CONFLICT),
        (status = BAD_GATEWAY),
    ),
    security(("session" = []))
)]
pub(crate) async fn hand_in(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Path(opening): Path<String>,
    Body(wanted): Body<HandIn>,
) -> Result<Json<UsageReport>, ApiError> {
    let id = parse(&opening)?;
    let institution = administrator.session.account.institution_id;
    let handed_in = match wanted.delivery {
        Delivery::Smtp => {
            usage_reports::send(&state, id.clone(), wanted.version, administrator).await
        }
        Delivery::File => {
            let id = id.clone();
            let work = state.store.write(state.now(), move |writer| {
                administrator.still_administers(writer)?;
                let row = usage_reports::of_institution(writer, &id, institution)?;
                usage_reports::hand_in(writer, row, wanted.version, &administrator)
            });
            work.await
        }
    };
    match handed_in {
        Ok(()) => state.events.opening_changed(institution),
        Err(Stop::Already) => {}
        Err(Stop::Refused(error)) => return Err(error),
    }
    report(&state, id, institution).await
}

/// The mail, once the report was handed in.
#[utoipa::path(
    get,
    path = "/api/openings/{id}/report.eml",
    tag = "opening",
    params(("id" = OpeningId, Path, description = "One of the institution's openings.")),
    responses(
        (status = OK, body = String, content_type = "message/rfc822"),
        (status = NOT_FOUND),
        (status = CONFLICT),
    ),
    security(("session" = []))
)]
pub(crate) async fn mail(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Path(opening): Path<String>,
) -> Result<Response, ApiError> {
    let id = parse(&opening)?;
    let institution = administrator.session.account.institution_id;
    let read = state.store.read(move |reader| {
        let row = usage_reports::of_institution(reader, &id, institution)?;
        let frozen = usage_reports::handed_in(reader, &row)?;
        Ok::<_, ApiError>(usage_reports::mail(&row, &frozen))
    });
    let message = read.await?.and_then(|mail| mail.message().ok());
    let message = message.ok_or(ApiError::Refused(ProblemCode::Internal))?;
    let headers = [
        (CONTENT_TYPE, "message/rfc822"),
        (CONTENT_DISPOSITION, DISPOSITION),
    ];
    Ok((headers, message.formatted()).into_response())
}

/// A report that was handed in.
#[utoipa::path(
    get,
    path = "/api/operator/openings/{id}/report",
    tag = "operator",
    params(("id" = OpeningId, Path, description = "From the list.")),
    responses((status = OK, body = UsageReport), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn read_by_operator(
    State(state): State<AppState>,
    _: Operator,
    Path(opening): Path<String>,
) -> Result<Json<UsageReport>, ApiError> {
    let (id, now) = (parse(&opening)?, state.now());
    let read = state.store.read(move |reader| {
        let row = reader.opening(&id)?;
        let row = row.ok_or(ApiError::Refused(ProblemCode::NoSuchOpening))?;
        match row.opening {
            Opening::HandedIn(_) | Opening::Acknowledged(_) => {
                usage_reports::view(reader, row, now, false)
            }
            _ => Err(Refusal::NotHandedIn.into()),
        }
    });
    Ok(Json(read.await?))
}

async fn report(
    state: &AppState,
    id: OpeningId,
    institution: i64,
) -> Result<Json<UsageReport>, ApiError> {
    let (now, can_be_sent) = (state.now(), state.mail_server.is_some());
    let read = state.store.read(move |reader| {
        let row = usage_reports::of_institution(reader, &id, institution)?;
        usage_reports::view(reader, row, now, can_be_sent)
    });
    Ok(Json(read.await?))
}

fn parse(id: &str) -> Result<OpeningId, ApiError> {
    id.parse()
        .map_err(|_| ApiError::Refused(ProblemCode::NoSuchOpening))
}
