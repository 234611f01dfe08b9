//! `POST /api/account/password`: パスワードの変更.

use axum::Json;
use axum::extract::State;
use domain::audit::Action;
use domain::password::{self, PasswordRule};
use protocol::http::{PasswordChange, ProblemCode, ProblemViolation, SessionInfo};

use crate::attempts::Attempt;
use crate::error::ApiError;
use crate::extract::{Body, Opened};
use crate::state::AppState;
use crate::store::Audited;

/// Changes one's own password; the account's other sessions end. The only thing
/// that a session begun with a one-time password is good for.
#[utoipa::path(
    post,
    path = "/api/account/password",
    tag = "accounts",
    request_body = PasswordChange,
    responses((status = OK, body = SessionInfo)),
    security(("session" = []))
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    Opened(present): Opened,
    Body(change): Body<PasswordChange>,
) -> Result<Json<SessionInfo>, ApiError> {
    let somebody = &present.authenticated;
    let account = &somebody.session.account;
    let hash = Some(account.password_hash.clone());
    let is_unchanged = change.current_password == change.new_password;
    password::check(&change.new_password, &account.user_id)
        .and(if is_unchanged {
            Err(PasswordRule::Unchanged)
        } else {
            Ok(())
        })
        .map_err(refused)?;
    let attempt = Attempt::in_session(somebody);
    if !attempt.check(&state, change.current_password, hash).await? {
        return Err(ApiError::Refused(ProblemCode::PasswordRefused));
    }
    let entropy = state.entropy.clone();
    let new = state.passwords.hash(change.new_password, entropy).await?;
    let event = somebody.event(Action::PasswordChanged);
    let (account, session) = (account.id, somebody.session.id);
    state
        .store
        .write(state.now(), move |writer| {
            writer.change_password(account, &new, session)?;
            Ok::<_, ApiError>(Audited::new((), event))
        })
        .await?;
    Ok(Json(present.with_own_password().info(&state)))
}

fn refused(rule: PasswordRule) -> ApiError {
    ApiError::Invalid(vec![ProblemViolation {
        field: "new_password".to_owned(),
        message: rule.to_string(),
    }])
}
