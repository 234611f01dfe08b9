//! `/api/accounts/passkey-rule` and `…/reset-passkeys`: who needs a passkey, and
//! what to do about a lost one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::Action;
use protocol::http::{AccountChoice, PasskeyRule, ProblemCode};

use super::find;
use crate::error::ApiError;
use crate::extract::{Administrator, Body};
use crate::state::AppState;
use crate::store::Audited;

/// Whether the institution wants a passkey of each account.
#[utoipa::path(
    get,
    path = "/api/accounts/passkey-rule",
    tag = "accounts",
    responses((status = OK, body = PasskeyRule)),
    security(("session" = []))
)]
pub(crate) async fn rule(Administrator(administrator): Administrator) -> Json<PasskeyRule> {
    Json(PasskeyRule {
        is_required: administrator.session.account.requires_passkey,
    })
}

/// Makes passkeys a must for the institution, or a choice. Who makes them a must
/// has one: it has been seen to work here, and somebody can still log in.
#[utoipa::path(
    post,
    path = "/api/accounts/passkey-rule",
    tag = "accounts",
    request_body = PasskeyRule,
    responses((status = OK, body = PasskeyRule), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn set_rule(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(rule): Body<PasskeyRule>,
) -> Result<Json<PasskeyRule>, ApiError> {
    if rule.is_required {
        state.passkeys()?;
    }
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            let own = &administrator.session.account;
            if rule.is_required && writer.passkeys_of(own.id)?.is_empty() {
                return Err(ApiError::Refused(ProblemCode::OwnPasskeyFirst));
            }
            writer.require_passkeys(own.institution_id, rule.is_required)?;
            let outcome = if rule.is_required {
                "required"
            } else {
                "optional"
            };
            let event = administrator.event(Action::PasskeyRuleChanged);
            Ok(Audited::new((), event.outcome(outcome)))
        })
        .await?;
    Ok(Json(rule))
}

/// Removes all passkeys of an account, because a device was lost; its sessions end.
#[utoipa::path(
    post,
    path = "/api/accounts/reset-passkeys",
    tag = "accounts",
    request_body = AccountChoice,
    responses((status = NO_CONTENT), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn reset(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(AccountChoice { user_id }): Body<AccountChoice>,
) -> Result<StatusCode, ApiError> {
    let institution = administrator.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            let account = find(writer, &administrator, &user_id)?;
            writer.reset_passkeys(account.id)?;
            let event = administrator.event(Action::PasskeysReset);
            Ok::<_, ApiError>(Audited::new((), event.outcome(user_id.as_str())))
        })
        .await?;
    state.events.changed(institution);
    Ok(StatusCode::NO_CONTENT)
}
