//! `/api/audit`: 監査証跡 of an administrator's own institution.

mod query;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use domain::audit::{Action, Record};
use futures_util::stream;
use protocol::http::{AUDIT_PAGE_LINES, AuditPage, ProblemCode};

use crate::audit_file;
use crate::error::ApiError;
use crate::extract::Authenticated;
use crate::state::AppState;
use crate::store::{AuditFilter, AuditScope, Audited, Reader, Store, StoreError};
use query::{ExportQuery, PageQuery};

/// Lines of one piece of an export.
const EXPORT_LINES: usize = 1000;

/// How long the further pages of a list belong to its opening: as long as an idle
/// session lasts.
const LIST_SECONDS: i64 = 30 * 60;

/// The lines before `before`, the latest first. Leaves a line of its own once for a
/// list: turning its pages leaves no other, unless it was opened long ago.
#[utoipa::path(
    get,
    path = "/api/audit",
    tag = "audit",
    params(
        AuditFilter,
        ("before" = Option<u64>, Query, description = "Before the line of this number."),
    ),
    responses((status = OK, body = AuditPage)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    Auditor(auditor): Auditor,
    PageQuery { filter, before }: PageQuery,
) -> Result<Json<AuditPage>, ApiError> {
    let list = List {
        scope: scope(&auditor),
        filter,
        before,
    };
    let mut records = match list.clone().go_on(&state, &auditor).await? {
        Some(records) => records,
        None => list.open(&state, &auditor).await?,
    };
    let has_next = records.len() > AUDIT_PAGE_LINES;
    records.truncate(AUDIT_PAGE_LINES);
    let next_before = records.last().filter(|_| has_next);
    Ok(Json(AuditPage {
        next_before: next_before.map(|record| record.sequence),
        records,
    }))
}

/// All lines as CSV, the earliest first, piece by piece. Leaves a line of its own.
#[utoipa::path(
    get,
    path = "/api/audit/export",
    tag = "audit",
    params(AuditFilter),
    responses((status = OK, body = String, content_type = "text/csv; charset=utf-8")),
    security(("session" = []))
)]
pub(crate) async fn export(
    State(state): State<AppState>,
    Auditor(auditor): Auditor,
    ExportQuery(filter): ExportQuery,
) -> Result<Response, ApiError> {
    let scope = scope(&auditor);
    let event = auditor.event(Action::AuditExported).outcome("page");
    let written = state
        .store
        .write(state.now(), |_| Ok::<_, ApiError>(Audited::new((), event)));
    written.await?;
    let export = Export {
        store: state.store.clone(),
        scope,
        filter,
        next: Some(0),
    };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    let pieces = stream::try_unfold(export, Export::piece);
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// What is asked of the trail.
#[derive(Clone)]
struct List {
    scope: AuditScope,
    filter: AuditFilter,
    before: Option<u64>,
}

impl List {
    /// A further page of what the same account has opened; `None` if it has not.
    async fn go_on(
        self,
        state: &AppState,
        auditor: &Authenticated,
    ) -> Result<Option<Vec<Record>>, ApiError> {
        let Some(before) = self.before else {
            return Ok(None);
        };
        let since = state.now().plus_seconds(-LIST_SECONDS);
        let user_id = auditor.session.account.user_id.clone();
        let read = state.store.read(move |reader| {
            let is_open = reader.has_read_audit(&user_id, &self.filter.name(), before, since)?;
            is_open.then(|| self.lines(reader)).transpose()
        });
        Ok(read.await?)
    }

    /// The lines as they were before their reading is audited.
    async fn open(
        self,
        state: &AppState,
        auditor: &Authenticated,
    ) -> Result<Vec<Record>, ApiError> {
        let event = auditor.event(Action::AuditRead).outcome(self.filter.name());
        let opened = state.store.write(state.now(), move |writer| {
            let records = self.lines(writer)?;
            Ok::<_, StoreError>(Audited::new(records, event))
        });
        Ok(opened.await?)
    }

    /// One more than a page has tells whether there is a next one.
    fn lines(&self, reader: &Reader<'_>) -> Result<Vec<Record>, StoreError> {
        reader.audit_before(&self.scope, &self.filter, self.before, AUDIT_PAGE_LINES + 1)
    }
}

fn scope(auditor: &Authenticated) -> AuditScope {
    let institution = &auditor.session.account.institution;
    AuditScope::Institution(institution.medical_institution_code.clone())
}

/// How far an export is.
struct Export {
    store: Store,
    scope: AuditScope,
    filter: AuditFilter,
    /// The number of the last line sent; `None` at the end.
    next: Option<u64>,
}

impl Export {
    async fn piece(mut self) -> Result<Option<(Bytes, Self)>, ExportError> {
        let Some(after) = self.next else {
            return Ok(None);
        };
        let (scope, filter) = (self.scope.clone(), self.filter.clone());
        let read = self
            .store
            .read(move |reader| reader.audit_after(&scope, &filter, after, EXPORT_LINES));
        let records = read.await?;
        self.next = records.last().map(|record| record.sequence);
        let mut csv = csv::Writer::from_writer(Vec::new());
        if after == 0 {
            audit_file::write_header(&mut csv)?;
        }
        for record in &records {
            audit_file::write_record(&mut csv, record)?;
        }
        let mut piece = csv.into_inner().map_err(|error| error.into_error())?;
        if after == 0 {
            piece.splice(..0, audit_file::BYTE_ORDER_MARK.bytes());
        }
        Ok(Some((piece.into(), self)))
    }
}

/// Why an export broke off; the browser then says that the download failed.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Somebody who may read the trail.
pub(crate) struct Auditor(Authenticated);

impl FromRequestParts<AppState> for Auditor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let authenticated = Authenticated::from_request_parts(parts, state).await?;
        if authenticated.session.account.role.may_read_audit() {
            Ok(Self(authenticated))
        } else {
            Err(ApiError::Refused(ProblemCode::NotAllowed))
        }
    }
}
