//! A session that begins.

use axum_extra::extract::CookieJar;
use domain::audit::Action;
use domain::session::SessionRules;
use protocol::http::ProblemCode;

use crate::error::ApiError;
use crate::extract::RequestId;
use crate::session::Token;
use crate::state::AppState;
use crate::store::{Account, AuditEvent, Audited, StoreError, Writer};

/// A log-in that has proven who it is, or half of it.
pub(super) struct Beginning {
    previous: Option<[u8; 32]>,
    token_hash: [u8; 32],
    pub(super) take_over: bool,
    request_id: RequestId,
    rules: SessionRules,
}

impl Beginning {
    pub(super) fn new(
        state: &AppState,
        jar: &CookieJar,
        token: &Token,
        take_over: bool,
        request_id: RequestId,
    ) -> Self {
        let previous = Token::in_jar(jar, state.mode.behind_tls);
        Self {
            previous: previous.map(|previous| previous.hash()),
            token_hash: token.hash(),
            take_over,
            request_id,
            rules: state.session_rules,
        }
    }

    pub(super) fn event(&self, action: Action, account: &Account) -> AuditEvent {
        AuditEvent::new(action, Some(account.actor())).during(&self.request_id.0)
    }

    /// Begins the session of an account whose password is all there is to ask for.
    pub(super) async fn by_password(
        self,
        state: &AppState,
        account: &Account,
    ) -> Result<(), ApiError> {
        let account = account.clone();
        let institution = account.institution_id;
        let work = move |writer: &Writer<'_>| {
            still_fits(writer, &account)?;
            let Some(took_over) = self.write(writer, &account)? else {
                return Err(ApiError::Refused(ProblemCode::InUseElsewhere));
            };
            let took_over = took_over.then(|| self.event(Action::TookOver, &account));
            Ok(Audited::new((), self.event(Action::LoggedIn, &account)).and(took_over))
        };
        state.store.write(state.now(), work).await?;
        // The streams of a session that it has ended end at once.
        state.events.changed(institution);
        Ok(())
    }

    /// Whether the account is in use; the browser's own previous session is none.
    pub(super) fn is_in_use(
        &self,
        writer: &Writer<'_>,
        account: &Account,
    ) -> Result<bool, StoreError> {
        if let Some(previous) = &self.previous {
            writer.end_session_of_token(previous)?;
        }
        writer.is_in_use(account.id, self.rules, writer.now())
    }

    /// Begins the session and tells whether it ended another one; `None` when the
    /// account is in use and is not to be taken over.
    pub(super) fn write(
        &self,
        writer: &Writer<'_>,
        account: &Account,
    ) -> Result<Option<bool>, StoreError> {
        let is_in_use = self.is_in_use(writer, account)?;
        if is_in_use && !self.take_over {
            return Ok(None);
        }
        if is_in_use {
            let why = domain::session::SessionEnd::TakenOver;
            writer.end_sessions_of(account.id, why, None)?;
        }
        writer.begin_session(account.id, &self.token_hash)?;
        Ok(Some(is_in_use))
    }
}

/// The password was checked outside this transaction: refuses if the account is
/// not what it was.
pub(super) fn still_fits(writer: &Writer<'_>, account: &Account) -> Result<(), ApiError> {
    let fits = |now: Account| {
        let is_same = now.password_hash == account.password_hash;
        let is_as_strict = now.passkeys == 0 || account.passkeys > 0;
        !now.is_disabled && is_same && is_as_strict
    };
    if writer.account_of(account.id)?.is_some_and(fits) {
        Ok(())
    } else {
        Err(ApiError::Refused(ProblemCode::LogInRefused))
    }
}
