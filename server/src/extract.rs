//! What handlers take, read and refused before they run.

mod body;
mod csv;
mod operator;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use domain::account::Role;
use domain::audit::Action;
use domain::session::Standing;
use domain::visual_confirmation::{Party, SessionNumber};
use protocol::http::{ProblemCode, SessionInfo};

use crate::candidates::Seal;
use crate::error::ApiError;
use crate::session::{self, Token};
use crate::state::AppState;
use crate::store::{AuditEvent, Origin, RegisteredScreen, SessionAccount, Writer};

pub(crate) use body::{Body, NUL};
pub(crate) use csv::Csv;
pub(crate) use operator::{FollowingOperator, Operator};

/// The media type of a request's body, without its parameters.
fn media_type(request: &Request) -> &str {
    let value = request.headers().get(CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok());
    let essence = text.unwrap_or_default().split(';').next();
    essence.unwrap_or_default().trim()
}

/// The whole of a request's body.
async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let bytes = Bytes::from_request(request, state).await;
    bytes.map_err(|rejection| {
        ApiError::Refused(match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
            _ => ProblemCode::UnreadableRequest,
        })
    })
}

/// Names one request in its answer, its log line and its audit events, and the
/// device that it came from.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) Origin);

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let id = parts.extensions.get::<Self>().cloned();
        id.ok_or(ApiError::Refused(ProblemCode::Internal))
    }
}

/// Somebody logged in who may go on, and the request that he makes.
#[derive(Clone)]
pub(crate) struct Authenticated {
    pub(crate) session: SessionAccount,
    request_id: RequestId,
    token: Token,
}

impl Authenticated {
    /// Who acts on a visual confirmation.
    pub(crate) const fn party(&self) -> Party {
        Party::Terminal {
            account: self.session.account.id.number(),
            session: self.session_number(),
        }
    }

    /// The session, as a visual confirmation knows it.
    pub(crate) const fn session_number(&self) -> SessionNumber {
        SessionNumber(self.session.id.number())
    }

    /// Two administrators may disable each other at the same time: the second one is
    /// none any more when it is his turn.
    pub(crate) fn still_administers(&self, writer: &Writer<'_>) -> Result<(), ApiError> {
        let own = writer.account(&self.session.account.user_id)?;
        match own {
            Some(own) if !own.is_disabled && own.role.may_manage_accounts() => Ok(()),
            _ => Err(ApiError::Refused(ProblemCode::AccountChanged)),
        }
    }

    /// What seals candidates for this session.
    pub(crate) fn seal(&self) -> Seal {
        self.token.seal()
    }

    /// An event of this person in this request.
    pub(crate) fn event(&self, action: Action) -> AuditEvent {
        AuditEvent::of(action, &self.session.account).during(&self.request_id.0)
    }
}

/// A session, whatever it is good for: it may be locked, or wait for another password.
pub(crate) struct Present {
    pub(crate) authenticated: Authenticated,
    standing: Standing,
}

impl Present {
    /// What its page is told.
    pub(crate) fn info(&self, state: &AppState) -> SessionInfo {
        let account = &self.authenticated.session.account;
        session::info(state, account, self.standing, &self.authenticated.token)
    }

    /// Refuses a session that is locked.
    fn must_be_open(&self) -> Result<(), ApiError> {
        refuse_if(self.standing != Standing::Open, ProblemCode::Locked)
    }

    /// Refuses a session whose password is not of its owner's choice.
    fn must_be_owned(&self) -> Result<(), ApiError> {
        let is_one_time = self.authenticated.session.account.one_time_until.is_some();
        refuse_if(is_one_time, ProblemCode::PasswordChangeRequired)
    }

    /// Refuses a session whose owner has to add a passkey first.
    fn must_be_complete(&self) -> Result<(), ApiError> {
        let must_add = self.authenticated.session.account.must_add_passkey();
        refuse_if(must_add, ProblemCode::PasskeyRequired)
    }

    /// The same, once it was unlocked.
    pub(crate) fn opened(mut self) -> Self {
        self.standing = Standing::Open;
        self
    }

    /// The same, once its owner chose a password.
    pub(crate) fn with_own_password(mut self) -> Self {
        self.authenticated.session.account.one_time_until = None;
        self
    }

    /// The same, once its owner added a passkey.
    pub(crate) fn with_another_passkey(mut self) -> Self {
        self.authenticated.session.account.passkeys += 1;
        self
    }
}

const fn refuse_if(is_refused: bool, code: ProblemCode) -> Result<(), ApiError> {
    if is_refused {
        Err(ApiError::Refused(code))
    } else {
        Ok(())
    }
}

impl FromRequestParts<AppState> for Present {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let request_id = RequestId::from_request_parts(parts, state).await?;
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(token) = Token::in_jar(&jar, state.mode.behind_tls) else {
            return Err(ApiError::Refused(ProblemCode::NotLoggedIn));
        };
        let hash = token.hash();
        let is_demo = state.mode.demo;
        let found = state.store.read(move |reader| {
            let session = reader.session(&hash)?;
            match session.filter(|session| is_demo || !session.account.is_demo) {
                Some(session) => Ok::<_, ApiError>(Ok(session)),
                None => Ok(Err(reader.end_of_session(&hash)?)),
            }
        });
        let session = found.await?.map_err(|end| {
            ApiError::Refused(end.map_or(ProblemCode::NotLoggedIn, ProblemCode::from))
        })?;
        tracing::Span::current().record("session", session.id.number());
        let rules = state.session_rules;
        let standing = rules.standing(session.created_at, session.last_seen_at, state.now());
        if let Standing::Ended(end) = standing {
            return Err(ApiError::Refused(end.into()));
        }
        Ok(Self {
            authenticated: Authenticated {
                session,
                request_id,
                token,
            },
            standing,
        })
    }
}

/// Somebody who may search and follows what happens: his page asks by itself, so it is no
/// use of the session.
pub(crate) struct Follower {
    pub(crate) authenticated: Authenticated,
    /// What the store knows of the session's token.
    pub(crate) token_hash: [u8; 32],
}

impl FromRequestParts<AppState> for Follower {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Self::of(parts, state, Role::may_search).await
    }
}

impl Follower {
    /// Somebody who follows what a role may see.
    async fn of(
        parts: &mut Parts,
        state: &AppState,
        may: impl FnOnce(Role) -> bool + Send,
    ) -> Result<Self, ApiError> {
        let present = Present::from_request_parts(parts, state).await?;
        present.must_be_open()?;
        present.must_be_owned()?;
        present.must_be_complete()?;
        if !may(present.authenticated.session.account.role) {
            return Err(ApiError::Refused(ProblemCode::NotAllowed));
        }
        Ok(Self {
            token_hash: present.authenticated.token.hash(),
            authenticated: present.authenticated,
        })
    }
}

/// A session that is not locked; to be asked for this is to be used.
pub(crate) struct Opened(pub(crate) Present);

impl FromRequestParts<AppState> for Opened {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let present = Present::from_request_parts(parts, state).await?;
        present.must_be_open()?;
        let session = &present.authenticated.session;
        let note_after = state.session_rules.note_after_seconds().into();
        let now = state.now();
        if session.last_seen_at.plus_seconds(note_after) <= now {
            state.store.touch_session(session.id, now).await?;
        }
        Ok(Self(present))
    }
}

/// A session with a password of its owner's: good for managing his passkeys,
/// whether or not he has to have one.
pub(crate) struct Owned(pub(crate) Present);

impl FromRequestParts<AppState> for Owned {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Opened(present) = Opened::from_request_parts(parts, state).await?;
        present.must_be_owned()?;
        Ok(Self(present))
    }
}

impl FromRequestParts<AppState> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Owned(present) = Owned::from_request_parts(parts, state).await?;
        present.must_be_complete()?;
        Ok(present.authenticated)
    }
}

/// Somebody who may search.
pub(crate) struct Searcher(pub(crate) Authenticated);

impl FromRequestParts<AppState> for Searcher {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let authenticated = Authenticated::from_request_parts(parts, state).await?;
        if authenticated.session.account.role.may_search() {
            Ok(Self(authenticated))
        } else {
            Err(ApiError::Refused(ProblemCode::NotAllowed))
        }
    }
}

/// Somebody who manages his institution's accounts.
pub(crate) struct Administrator(pub(crate) Authenticated);

impl FromRequestParts<AppState> for Administrator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let authenticated = Authenticated::from_request_parts(parts, state).await?;
        if authenticated.session.account.role.may_manage_accounts() {
            Ok(Self(authenticated))
        } else {
            Err(ApiError::Refused(ProblemCode::NotAllowed))
        }
    }
}

/// A reader's own screen: a device that acts, and the request that it makes.
#[derive(Clone)]
pub(crate) struct ReaderScreen {
    pub(crate) registered: RegisteredScreen,
    /// What the store knows of its token.
    pub(crate) token_hash: [u8; 32],
    request_id: RequestId,
}

impl ReaderScreen {
    /// An event of this screen in this request.
    pub(crate) fn event(&self, action: Action) -> AuditEvent {
        AuditEvent::new(action, Some(self.registered.actor())).during(&self.request_id.0)
    }
}

impl FromRequestParts<AppState> for ReaderScreen {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let request_id = RequestId::from_request_parts(parts, state).await?;
        let jar = CookieJar::from_headers(&parts.headers);
        let none = || ApiError::Refused(ProblemCode::NotAReaderScreen);
        let token = Token::of_reader_screen(&jar, state.mode.behind_tls).ok_or_else(none)?;
        let token_hash = token.hash();
        let found = state
            .store
            .read(move |reader| Ok::<_, ApiError>(reader.reader_screen_of_token(&token_hash)?));
        let registered = found.await?.ok_or_else(none)?;
        tracing::Span::current().record("screen", registered.number.number());
        Ok(Self {
            registered,
            token_hash,
            request_id,
        })
    }
}
