//! `/api/passcodes`: 「目視確認用パスコード発行」, for administrators. The digits are in
//! one answer, and nowhere else.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::Action;
use domain::passcode::PasscodeState;
use protocol::http::{IssuedPasscode, PasscodeIssue, ProblemCode};

use crate::error::ApiError;
use crate::extract::Administrator;
use crate::passcodes;
use crate::state::AppState;
use crate::store::{Audited, Issue, NewPasscode};

/// The institution's issues, the newest first.
#[utoipa::path(
    get,
    path = "/api/passcodes",
    tag = "passcodes",
    responses((status = OK, body = Vec<PasscodeIssue>)),
    security(("session" = []))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
) -> Result<Json<Vec<PasscodeIssue>>, ApiError> {
    let now = state.now();
    let institution = administrator.session.account.institution_id;
    let issues = state
        .store
        .read(move |reader| Ok::<_, ApiError>(reader.passcodes(institution, now)?))
        .await?;
    Ok(Json(issues.into_iter().map(PasscodeIssue::from).collect()))
}

/// Issues a passcode, told in this answer only; the one before is at its end.
#[utoipa::path(
    post,
    path = "/api/passcodes",
    tag = "passcodes",
    responses((status = OK, body = IssuedPasscode)),
    security(("session" = []))
)]
pub(crate) async fn issue(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
) -> Result<Json<IssuedPasscode>, ApiError> {
    let passcode = passcodes::draw(&*state.entropy)?;
    let hash = passcodes::hash(&state, passcode.clone()).await?;
    let now = state.now();
    let account = &administrator.session.account;
    let institution = account.institution_id;
    let new = NewPasscode {
        institution_id: institution,
        issued_by: account.id,
        expires_at: state.passcodes.life.ends_at(now),
        hash,
    };
    let told = IssuedPasscode {
        passcode,
        expires_at: new.expires_at,
    };
    state
        .store
        .write(now, move |writer| {
            administrator.still_administers(writer)?;
            writer.add_passcode(&new)?;
            let event = administrator.event(Action::PasscodeIssued);
            Ok::<_, ApiError>(Audited::new((), event))
        })
        .await?;
    state.events.changed(institution);
    Ok(Json(told))
}

/// Revokes the passcode in force. Where the last one is void, notes that an
/// administrator has seen to that.
#[utoipa::path(
    delete,
    path = "/api/passcodes",
    tag = "passcodes",
    responses((status = NO_CONTENT)),
    security(("session" = []))
)]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
) -> Result<StatusCode, ApiError> {
    let institution = administrator.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            let event = administrator.event(Action::PasscodeRevoked);
            if writer.end_passcode(institution, PasscodeState::Revoked)? {
                return Ok(Audited::new((), event));
            }
            if writer.see_to_void_passcode(institution)? {
                let event = event.outcome(PasscodeState::Void.code());
                return Ok(Audited::new((), event));
            }
            Err(ApiError::Refused(ProblemCode::NoPasscode))
        })
        .await?;
    state.events.changed(institution);
    Ok(StatusCode::NO_CONTENT)
}

impl From<Issue> for PasscodeIssue {
    fn from(issue: Issue) -> Self {
        Self {
            issued_by: issue.issued_by,
            issued_at: issue.issued_at,
            expires_at: issue.expires_at,
            state: issue.state,
            last_used_at: issue.last_used_at,
            wrong_entries: issue.wrong_entries,
            wrong_at: issue.wrong_at,
        }
    }
}
