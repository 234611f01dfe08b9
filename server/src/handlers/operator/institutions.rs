//! `/api/operator/institutions`: the register of institutions, by which they are called
//! back and written to.

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use domain::audit::Action;
use domain::identifier::{IdentifierError, MedicalInstitutionCode};
use protocol::http::{
    InstitutionImport, InstitutionPage, InstitutionToRegister, OPENING_PAGE, RegisteredInstitution,
};

use super::openings::key;
use crate::error::ApiError;
use crate::extract::{Body, Csv, Operator};
use crate::handlers::query::Members;
use crate::institutions;
use crate::state::AppState;
use crate::store::{Audited, InstitutionRow, Registered, Registration, StoreError, Writer};

/// The most bytes of a file: about twenty thousand institutions.
pub(crate) const MOST_FILE_BYTES: usize = 2 * 1024 * 1024;

/// Institutions by code.
#[utoipa::path(
    get,
    path = "/api/operator/institutions",
    tag = "operator",
    params(
        ("text" = Option<String>, Query, description = "A part of the name or code."),
        ("after" = Option<MedicalInstitutionCode>, Query, description = "After this code."),
    ),
    responses((status = OK, body = InstitutionPage)),
    security(("session" = []))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    _: Operator,
    ListQuery { text, after }: ListQuery,
) -> Result<Json<InstitutionPage>, ApiError> {
    let read = state.store.read(move |reader| {
        let most = OPENING_PAGE + 1;
        let institutions = reader.institutions(text.as_deref(), after.as_ref(), most)?;
        let total = reader.count_institutions(text.as_deref())?;
        Ok::<_, StoreError>((institutions, total))
    });
    let (mut institutions, total) = read.await?;
    let has_next = institutions.len() > OPENING_PAGE;
    institutions.truncate(OPENING_PAGE);
    let last = institutions.last().filter(|_| has_next);
    Ok(Json(InstitutionPage {
        next: last.map(|it| it.medical_institution_code.clone()),
        institutions,
        total,
    }))
}

/// Writes one institution into the register, new or as it is now.
#[utoipa::path(
    put,
    path = "/api/operator/institutions/{code}",
    tag = "operator",
    params(("code" = MedicalInstitutionCode, Path, description = "医療機関コード.")),
    request_body = InstitutionToRegister,
    responses((status = OK, body = RegisteredInstitution)),
    security(("session" = []))
)]
pub(crate) async fn register(
    State(state): State<AppState>,
    operator: Operator,
    Path(code): Path<String>,
    Body(entered): Body<InstitutionToRegister>,
) -> Result<Json<RegisteredInstitution>, ApiError> {
    let code = code.parse().map_err(|error: IdentifierError| {
        ApiError::invalid("medical_institution_code", &error.to_string())
    })?;
    let new = institutions::parse(code, &entered.name, &entered.telephone, &entered.email)
        .map_err(ApiError::Invalid)?;
    let work = move |writer: &Writer<'_>| {
        operator.still_operates(writer)?;
        let by = operator.0.session.account.id;
        let row = registered(institutions::register(writer, &new, Some(by))?);
        let event = operator.0.event(Action::InstitutionRegistered);
        let event = event.outcome(new.medical_institution_code.as_str());
        Ok::<_, ApiError>(Audited::new(row, event))
    };
    let row = state.store.write(state.now(), work).await?;
    state.events.opening_changed(row.number);
    Ok(Json(row.registered))
}

fn registered(registered: Registered) -> InstitutionRow {
    match registered {
        Registered::Added(now) | Registered::Changed { now, .. } | Registered::Unchanged(now) => {
            now
        }
    }
}

/// Takes a file into the register: all of it, or, if there is a row that can't be taken,
/// nothing. Its header is 医療機関コード,医療機関名,電話番号,メールアドレス; it is in UTF-8 or
/// Shift_JIS.
#[utoipa::path(
    post,
    path = "/api/operator/institution-file",
    tag = "operator",
    request_body(content = String, content_type = "text/csv"),
    responses((status = OK, body = InstitutionImport)),
    security(("session" = []))
)]
pub(crate) async fn import(
    State(state): State<AppState>,
    operator: Operator,
    Csv(file): Csv,
) -> Result<Json<InstitutionImport>, ApiError> {
    let read = tokio::task::spawn_blocking(move || institutions::read(&file)).await;
    let rows = match read.map_err(|_| StoreError::Stopped)? {
        Ok(rows) => rows,
        Err(refused) => {
            let refused = InstitutionImport {
                added: 0,
                changed: 0,
                unchanged: 0,
                refused,
            };
            return Ok(Json(refused));
        }
    };
    let work = move |writer: &Writer<'_>| {
        operator.still_operates(writer)?;
        write(writer, &rows, &operator)
    };
    let (import, written) = state.store.write(state.now(), work).await?;
    for institution_id in written {
        state.events.opening_changed(institution_id);
    }
    Ok(Json(import))
}

/// What became of a file, and the numbers of those that are written otherwise now.
fn write(
    writer: &Writer<'_>,
    rows: &[Registration],
    operator: &Operator,
) -> Result<Audited<(InstitutionImport, Vec<i64>)>, ApiError> {
    let by = operator.0.session.account.id;
    let (mut added, mut changed, mut unchanged) = (0, 0, 0);
    let mut written = Vec::new();
    for row in rows {
        match institutions::register(writer, row, Some(by))? {
            Registered::Added(now) => {
                added += 1;
                written.push(now.number);
            }
            Registered::Changed { now, .. } => {
                changed += 1;
                written.push(now.number);
            }
            Registered::Unchanged(_) => unchanged += 1,
        }
    }
    let import = InstitutionImport {
        added,
        changed,
        unchanged,
        refused: Vec::new(),
    };
    let outcome = format!("added:{added} changed:{changed} unchanged:{unchanged}");
    let event = operator
        .0
        .event(Action::InstitutionsImported)
        .outcome(outcome);
    Ok(Audited::new((import, written), event))
}

/// `text`, `after`.
pub(crate) struct ListQuery {
    text: Option<String>,
    after: Option<MedicalInstitutionCode>,
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut members = Members::read(parts)?;
        let text: Option<String> = members.take("text", "");
        let after = members.take("after", "医療機関コード（数字10桁）で指定してください");
        members.finish()?;
        Ok(Self {
            text: text.as_deref().and_then(key),
            after,
        })
    }
}
