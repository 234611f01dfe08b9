//! `/api/accounts`: 「アカウント情報管理」, for administrators and their institution only.

pub(crate) mod passkeys;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::account::UserId;
use domain::audit::Action;
use domain::timestamp::Timestamp;
use protocol::http::{
    AccountChoice, AccountState, AccountSummary, AccountToCreate, OneTimePassword, ProblemCode,
    ProblemViolation,
};

use crate::attempts;
use crate::error::ApiError;
use crate::extract::{Administrator, Authenticated, Body};
use crate::password;
use crate::state::AppState;
use crate::store::{Account, Audited, NewAccount, Writer};

/// How long a one-time password is good: it may be made on a Friday for a Monday.
const ONE_TIME_SECONDS: i64 = 72 * 3600;

/// The accounts of the administrator's institution.
#[utoipa::path(
    get,
    path = "/api/accounts",
    tag = "accounts",
    responses((status = OK, body = Vec<AccountSummary>)),
    security(("session" = []))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
) -> Result<Json<Vec<AccountSummary>>, ApiError> {
    let now = state.now();
    let institution = administrator.session.account.institution_id;
    let accounts = state
        .store
        .read(move |reader| Ok::<_, ApiError>(reader.accounts_of(institution)?))
        .await?;
    let summaries = accounts.into_iter().map(|account| summary(account, now));
    Ok(Json(summaries.collect()))
}

/// Creates an account with a one-time password.
#[utoipa::path(
    post,
    path = "/api/accounts",
    tag = "accounts",
    request_body = AccountToCreate,
    responses((status = OK, body = OneTimePassword), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(wanted): Body<AccountToCreate>,
) -> Result<Json<OneTimePassword>, ApiError> {
    let user_id = wanted
        .user_id
        .parse::<UserId>()
        .map_err(|error| invalid("user_id", &error.to_string()))?;
    if !wanted.role.may_be_given() {
        return Err(invalid("role", "権限は職員または管理者にしてください"));
    }
    let made = MadeUp::new(&state, &user_id).await?;
    let new = NewAccount {
        institution: administrator.session.account.institution.clone(),
        user_id: user_id.clone(),
        role: wanted.role,
        password_hash: made.hash,
        is_demo: false,
        one_time_until: Some(made.told.expires_at),
    };
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            if writer.add_account(&new)?.is_none() {
                return Err(invalid("user_id", "このユーザIDはすでに使われています"));
            }
            let event = administrator.event(Action::AccountAdded);
            Ok(Audited::new((), event.outcome(user_id.as_str())))
        })
        .await?;
    Ok(Json(made.told))
}

/// Disables an account; its sessions end at once.
#[utoipa::path(
    post,
    path = "/api/accounts/disable",
    tag = "accounts",
    request_body = AccountChoice,
    responses((status = NO_CONTENT), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn disable(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(AccountChoice { user_id }): Body<AccountChoice>,
) -> Result<StatusCode, ApiError> {
    let institution_id = administrator.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            let account = find(writer, &administrator, &user_id)?;
            let others = writer.accounts_of(account.institution_id)?;
            let administers = |other: &Account| {
                other.id != account.id && !other.is_disabled && other.role.may_manage_accounts()
            };
            if !others.iter().any(administers) {
                return Err(ApiError::Refused(ProblemCode::LastAdministrator));
            }
            writer.disable_account(account.id)?;
            let event = administrator.event(Action::AccountDisabled);
            Ok(Audited::new((), event.outcome(user_id.as_str())))
        })
        .await?;
    state.events.changed(institution_id);
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an account a one-time password and lets it log in again.
#[utoipa::path(
    post,
    path = "/api/accounts/reset",
    tag = "accounts",
    request_body = AccountChoice,
    responses((status = OK, body = OneTimePassword), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn reset(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(AccountChoice { user_id }): Body<AccountChoice>,
) -> Result<Json<OneTimePassword>, ApiError> {
    let made = MadeUp::new(&state, &user_id).await?;
    let (hash, expires_at) = (made.hash, made.told.expires_at);
    let institution_id = administrator.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            let account = find(writer, &administrator, &user_id)?;
            writer.reset_password(account.id, &hash, Some(expires_at))?;
            writer.forget_failures(&attempts::at_account(&user_id))?;
            let event = administrator.event(Action::PasswordReset);
            Ok::<_, ApiError>(Audited::new((), event.outcome(user_id.as_str())))
        })
        .await?;
    state.events.changed(institution_id);
    Ok(Json(made.told))
}

/// An account of the institution that is not the administrator's own. One of
/// another institution is as good as none.
fn find(
    writer: &Writer<'_>,
    administrator: &Authenticated,
    user_id: &UserId,
) -> Result<Account, ApiError> {
    administrator.still_administers(writer)?;
    let own = &administrator.session.account;
    let account = writer
        .account(user_id)?
        .filter(|account| account.institution_id == own.institution_id)
        .ok_or(ApiError::Refused(ProblemCode::NoSuchAccount))?;
    if account.id == own.id {
        return Err(ApiError::Refused(ProblemCode::OwnAccount));
    }
    Ok(account)
}

/// A one-time password, and its hash.
struct MadeUp {
    told: OneTimePassword,
    hash: String,
}

impl MadeUp {
    async fn new(state: &AppState, user_id: &UserId) -> Result<Self, ApiError> {
        let password = password::make_up(&*state.entropy)?;
        let entropy = state.entropy.clone();
        let hash = state.passwords.hash(password.clone(), entropy).await?;
        let told = OneTimePassword {
            user_id: user_id.clone(),
            password,
            expires_at: state.now().plus_seconds(ONE_TIME_SECONDS),
        };
        Ok(Self { told, hash })
    }
}

fn summary(account: Account, now: Timestamp) -> AccountSummary {
    let state = match account.one_time_until {
        _ if account.is_disabled => AccountState::Disabled,
        Some(until) if until <= now => AccountState::OneTimeExpired,
        Some(_) => AccountState::OneTime,
        None => AccountState::Enabled,
    };
    AccountSummary {
        user_id: account.user_id,
        role: account.role,
        state,
        passkeys: account.passkeys,
        last_logged_in_at: account.last_logged_in_at,
    }
}

fn invalid(field: &str, message: &str) -> ApiError {
    ApiError::Invalid(vec![ProblemViolation {
        field: field.to_owned(),
        message: message.to_owned(),
    }])
}
