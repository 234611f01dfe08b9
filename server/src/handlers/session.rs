//! `/api/session`: log-in, who is logged in, unlocking, log-out.

mod beginning;
pub(crate) mod second_factor;

use axum::Json;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use domain::account::UserId;
use domain::audit::Action;
use domain::password::MOST_BYTES;
use domain::session::{SessionEnd, Standing};
use protocol::http::{LogIn, PasskeyChallenge, ProblemCode, SessionInfo, Unlock};

use crate::attempts::Attempt;
use crate::error::ApiError;
use crate::extract::{Body, Opened, Present, RequestId};
use crate::http::peer;
use crate::session::{self, Token};
use crate::state::AppState;
use crate::store::{Account, Audited, Reader};
use beginning::Beginning;

/// Who is logged in. Asking is no use of the session: pages ask by themselves.
#[utoipa::path(
    get,
    path = "/api/session",
    tag = "session",
    responses((status = OK, body = SessionInfo)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    present: Present,
) -> Result<Json<SessionInfo>, ApiError> {
    let mut info = present.info(&state);
    let account = &present.authenticated.session.account;
    if !info.is_locked && account.role.may_manage_accounts() {
        let institution = account.institution_id;
        let read = move |reader: &Reader<'_>| Ok::<_, ApiError>(reader.void_passcode(institution)?);
        info.passcode_is_void = state.store.read(read).await?;
    }
    Ok(Json(info))
}

/// ログイン.
///
/// Unknown, disabled, expired and wrong are one answer, after the same work. The
/// browser's previous session, if any, ends. An account with passkeys is answered
/// with 202 and a question to one of them.
#[utoipa::path(
    post,
    path = "/api/session",
    tag = "session",
    request_body = LogIn,
    responses(
        (status = OK, body = SessionInfo),
        (status = ACCEPTED, body = PasskeyChallenge),
        (status = UNAUTHORIZED),
        (status = CONFLICT)
    )
)]
pub(crate) async fn begin(
    State(state): State<AppState>,
    request_id: RequestId,
    extensions: Extensions,
    headers: HeaderMap,
    Body(log_in): Body<LogIn>,
) -> Result<Response, ApiError> {
    let jar = CookieJar::from_headers(&headers);
    let address = peer::address(&extensions, &headers, state.mode.behind_tls);
    let account = find(&state, &log_in).await?;
    let whose = account.as_ref().map(Account::actor);
    let attempt = Attempt::to_log_in(&log_in.user_id, address, &request_id, whose)
        .of(account.as_ref().map(|account| account.role));
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let checked = attempt.check_first_factor(&state, log_in.password, hash);
    let fits = checked.await?;
    let Some(account) = account.filter(|_| fits) else {
        return Err(ApiError::Refused(ProblemCode::LogInRefused));
    };
    let token = Token::new(&*state.entropy)?;
    let beginning = Beginning::new(&state, &jar, &token, log_in.take_over, request_id);
    if account.passkeys > 0 {
        let challenge = second_factor::ask(&state, account, beginning).await?;
        return Ok((StatusCode::ACCEPTED, Json(challenge)).into_response());
    }
    attempt.forgive(&state).await?;
    beginning.by_password(&state, &account).await?;
    let info = session::info(&state, &account, Standing::Open, &token);
    let jar = jar.add(token.into_cookie(state.mode.behind_tls));
    Ok((jar, Json(info)).into_response())
}

/// The person is at work: using the session is all there is to do.
#[utoipa::path(
    post,
    path = "/api/session/activity",
    tag = "session",
    responses((status = NO_CONTENT)),
    security(("session" = []))
)]
pub(crate) async fn note_activity(_: Opened) -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Opens a locked session by the account's password.
#[utoipa::path(
    post,
    path = "/api/session/unlock",
    tag = "session",
    request_body = Unlock,
    responses((status = OK, body = SessionInfo)),
    security(("session" = []))
)]
pub(crate) async fn unlock(
    State(state): State<AppState>,
    present: Present,
    Body(unlock): Body<Unlock>,
) -> Result<Json<SessionInfo>, ApiError> {
    let somebody = &present.authenticated;
    let hash = Some(somebody.session.account.password_hash.clone());
    let attempt = Attempt::in_session(somebody);
    if !attempt.check(&state, unlock.password, hash).await? {
        return Err(ApiError::Refused(ProblemCode::PasswordRefused));
    }
    let event = somebody.event(Action::Unlocked);
    let id = somebody.session.id;
    state
        .store
        .write(state.now(), move |writer| {
            writer.use_session(id)?;
            Ok::<_, ApiError>(Audited::new((), event))
        })
        .await?;
    Ok(Json(present.opened().info(&state)))
}

/// ログアウト.
#[utoipa::path(
    delete,
    path = "/api/session",
    tag = "session",
    responses((status = OK)),
    security(("session" = []))
)]
pub(crate) async fn end(
    State(state): State<AppState>,
    present: Present,
    jar: CookieJar,
) -> Result<CookieJar, ApiError> {
    let event = present.authenticated.event(Action::LoggedOut);
    let id = present.authenticated.session.id;
    let institution_id = present.authenticated.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            writer.end_session(id)?;
            Ok::<_, ApiError>(Audited::new((), event))
        })
        .await?;
    // Its streams end at once.
    state.events.changed(institution_id);
    Ok(jar.add(session::removal(state.mode.behind_tls)))
}

/// Ends every session of the account, this one too.
#[utoipa::path(
    delete,
    path = "/api/session/everywhere",
    tag = "session",
    responses((status = OK)),
    security(("session" = []))
)]
pub(crate) async fn end_everywhere(
    State(state): State<AppState>,
    present: Present,
    jar: CookieJar,
) -> Result<CookieJar, ApiError> {
    let event = present.authenticated.event(Action::LoggedOutEverywhere);
    let (id, account, institution_id) = {
        let session = &present.authenticated.session;
        let account = &session.account;
        (session.id, account.id, account.institution_id)
    };
    state
        .store
        .write(state.now(), move |writer| {
            writer.end_session(id)?;
            writer.end_sessions_of(account, SessionEnd::Everywhere, None)?;
            Ok::<_, ApiError>(Audited::new((), event))
        })
        .await?;
    // Its streams end at once.
    state.events.changed(institution_id);
    Ok(jar.add(session::removal(state.mode.behind_tls)))
}

/// The account that may log in under a typed ユーザID.
async fn find(state: &AppState, log_in: &LogIn) -> Result<Option<Account>, ApiError> {
    if log_in.password.len() > MOST_BYTES {
        return Ok(None);
    }
    let Ok(user_id) = log_in.user_id.parse::<UserId>() else {
        return Ok(None);
    };
    let found = state
        .store
        .read(move |reader| reader.account(&user_id))
        .await?;
    let (demo, now) = (state.mode.demo, state.now());
    Ok(found.filter(|account| {
        let is_in_time = account.one_time_until.is_none_or(|until| now < until);
        !account.is_disabled && is_in_time && (demo || !account.is_demo)
    }))
}
