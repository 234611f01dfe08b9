//! `/api/session`: log-in, who is logged in, log-out.

use axum::Json;
use axum::extract::State;
use axum_extra::extract::CookieJar;
use domain::account::UserId;
use domain::audit::Action;
use protocol::http::{LogIn, ProblemCode, SessionInfo};

use crate::error::ApiError;
use crate::extract::{Authenticated, Body, RequestId};
use crate::password;
use crate::session::{self, Token};
use crate::state::AppState;
use crate::store::{Account, Actor, AuditEvent, Audited};

pub(crate) async fn read(
    State(state): State<AppState>,
    authenticated: Authenticated,
) -> Json<SessionInfo> {
    Json(info(&state, &authenticated.session.account))
}

/// Unknown, disabled and wrong are one answer, after the same work. The browser's
/// previous session, if any, ends.
pub(crate) async fn begin(
    State(state): State<AppState>,
    request_id: RequestId,
    jar: CookieJar,
    Body(log_in): Body<LogIn>,
) -> Result<(CookieJar, Json<SessionInfo>), ApiError> {
    let account = find(&state, &log_in).await?;
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let fits = state.passwords.verify(log_in.password, hash).await?;
    let Some(account) = account.filter(|_| fits) else {
        let event = AuditEvent::new(Action::LogInRefused, None).during(&request_id.0);
        state
            .store
            .write(state.now(), |_| Ok::<_, ApiError>(Audited::new((), event)))
            .await?;
        return Err(ApiError::Refused(ProblemCode::LogInRefused));
    };
    let token = Token::new(&*state.entropy)?;
    let hash = token.hash();
    let actor = Actor {
        account_id: account.id,
        institution_id: account.institution_id,
        role: account.role,
    };
    let event = AuditEvent::new(Action::LoggedIn, Some(actor)).during(&request_id.0);
    let now = state.now();
    let previous = Token::in_jar(&jar, state.mode.behind_tls).map(|token| token.hash());
    state
        .store
        .write(now, move |writer| {
            if let Some(previous) = previous {
                writer.end_session_of_token(&previous)?;
            }
            writer.begin_session(actor.account_id, &hash, session::limits(now))?;
            Ok::<_, ApiError>(Audited::new((), event))
        })
        .await?;
    let jar = jar.add(token.into_cookie(state.mode.behind_tls));
    Ok((jar, Json(info(&state, &account))))
}

pub(crate) async fn end(
    State(state): State<AppState>,
    authenticated: Authenticated,
    jar: CookieJar,
) -> Result<CookieJar, ApiError> {
    let event = authenticated.event(Action::LoggedOut);
    let id = authenticated.session.id;
    state
        .store
        .write(state.now(), move |writer| {
            writer.end_session(id)?;
            Ok::<_, ApiError>(Audited::new((), event))
        })
        .await?;
    Ok(jar.add(session::removal(state.mode.behind_tls)))
}

/// The account that may log in under a typed ユーザID.
async fn find(state: &AppState, log_in: &LogIn) -> Result<Option<Account>, ApiError> {
    if log_in.password.len() > password::MOST_BYTES {
        return Ok(None);
    }
    let Ok(user_id) = log_in.user_id.parse::<UserId>() else {
        return Ok(None);
    };
    let found = state
        .store
        .read(move |reader| reader.account(&user_id))
        .await?;
    let demo = state.mode.demo;
    Ok(found.filter(|account| !account.is_disabled && (demo || !account.is_demo)))
}

fn info(state: &AppState, account: &Account) -> SessionInfo {
    SessionInfo {
        user_id: account.user_id.clone(),
        role: account.role,
        medical_institution_code: account.institution.medical_institution_code.clone(),
        institution_name: account.institution.name.clone(),
        today: state.now().tokyo_date(),
    }
}
