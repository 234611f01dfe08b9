//! Attempts at a password: counted durably before they are made, so that none
//! escapes the limit ([`domain::log_in`]).

use std::net::IpAddr;

use domain::account::{Role, UserId};
use domain::audit::Action;
use domain::log_in::Counted;
use protocol::http::ProblemCode;
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;
use crate::extract::{Authenticated, RequestId};
use crate::metrics::Limit;
use crate::password::Line;
use crate::state::AppState;
use crate::store::{Actor, AttemptKey, AuditEvent, Audited};

/// An attempt, by what it is counted by, and whose it is.
pub(crate) struct Attempt {
    keys: Vec<AttemptKey>,
    line: Line,
    delayed: AuditEvent,
    refused: AuditEvent,
}

impl Attempt {
    /// A log-in under a typed ユーザID, which counts alike whether or not there is
    /// such an account. The audit trail tells whose it is, so that the institution
    /// sees attempts at its accounts.
    pub(crate) fn to_log_in(
        user_id: &str,
        address: IpAddr,
        request_id: &RequestId,
        whose: Option<Actor>,
    ) -> Self {
        let folded = user_id.parse::<UserId>().map(String::from);
        let folded = folded.unwrap_or_else(|_| user_id.to_owned());
        let event = |action| AuditEvent::new(action, whose).during(&request_id.0);
        Self {
            keys: vec![
                by_user_id(&folded),
                key(Counted::Address, b"address", address.to_string().as_bytes()),
            ],
            line: Line::Everybody,
            delayed: event(Action::LogInDelayed),
            refused: event(Action::LogInRefused),
        }
    }

    /// Somebody logged in gives his password again. Counted by the session: whoever
    /// fails to log in elsewhere can't keep him from unlocking.
    pub(crate) fn in_session(somebody: &Authenticated) -> Self {
        let session = somebody.session.id.number().to_be_bytes();
        Self {
            keys: vec![key(Counted::Account, b"session", &session)],
            line: somebody.session.account.role.into(),
            delayed: somebody.event(Action::LogInDelayed),
            refused: somebody.event(Action::PasswordRefused),
        }
    }

    /// The same, of an account of this role, if there is one.
    pub(crate) fn of(mut self, role: Option<Role>) -> Self {
        self.line = role.map_or(Line::Everybody, Line::from);
        self
    }

    /// Checks a password against a hash (`None`: there is no such account), unless
    /// it has to wait. What fails is audited.
    pub(crate) async fn check(
        self,
        state: &AppState,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, ApiError> {
        let fits = self.check_first_factor(state, password, hash).await?;
        if fits {
            self.forgive(state).await?;
        }
        Ok(fits)
    }

    /// The same, where a right password is not all: the attempt counts as failed
    /// until [`Self::forgive`], or whoever knows the password could try on for ever.
    pub(crate) async fn check_first_factor(
        &self,
        state: &AppState,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, ApiError> {
        let Some(place) = state.passwords.place(self.line) else {
            state.metrics.refused(Limit::LogIns);
            return Err(state.pressure.come_again());
        };
        let counted = state.store.count_attempt(self.keys.clone(), state.now());
        if let Some(wait_seconds) = counted.await? {
            audit(state, self.delayed.clone()).await?;
            let code = ProblemCode::TooManyAttempts;
            return Err(ApiError::Early { code, wait_seconds });
        }
        let fits = state.passwords.verify(place, password, hash).await?;
        if !fits {
            audit(state, self.refused.clone()).await?;
        }
        Ok(fits)
    }

    /// Takes back that the attempt was counted: it was good.
    pub(crate) async fn forgive(self, state: &AppState) -> Result<(), ApiError> {
        Ok(state.store.forgive_attempt(self.keys).await?)
    }
}

/// What failed log-ins to an account are counted by: a new password that somebody
/// else has set is to be tried at once.
pub(crate) fn at_account(user_id: &UserId) -> AttemptKey {
    by_user_id(user_id.as_str())
}

fn by_user_id(folded: &str) -> AttemptKey {
    key(Counted::Account, b"user id", folded.as_bytes())
}

async fn audit(state: &AppState, event: AuditEvent) -> Result<(), ApiError> {
    let audited = |_: &crate::store::Writer<'_>| Ok::<_, ApiError>(Audited::new((), event));
    state.store.write(state.now(), audited).await
}

fn key(counted: Counted, kind: &[u8], value: &[u8]) -> AttemptKey {
    let hash = Sha256::new()
        .chain_update(kind)
        .chain_update([0])
        .chain_update(value)
        .finalize()
        .into();
    AttemptKey { counted, hash }
}
