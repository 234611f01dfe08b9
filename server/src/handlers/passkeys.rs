//! `/api/account/passkeys`: one's own passkeys.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::Action;
use domain::passkey::{MOST_PASSKEYS, PasskeyName};
use protocol::http::{
    Passkey, PasskeyAddition, PasskeyChallenge, PasskeyChoice, PasskeyRenaming, PasskeyToAdd,
    Passkeys, ProblemCode, ProblemViolation, SessionInfo,
};

use crate::attempts::Attempt;
use crate::error::ApiError;
use crate::extract::{Authenticated, Body, Owned};
use crate::passkeys::{CHALLENGE_SECONDS, NewPasskey, PasskeyError, Question};
use crate::session::Token;
use crate::state::AppState;
use crate::store::{Audited, Challenge, PasskeyId, StoredPasskey, Wanted};

/// One's own passkeys.
#[utoipa::path(
    get,
    path = "/api/account/passkeys",
    tag = "passkeys",
    responses((status = OK, body = Passkeys)),
    security(("session" = []))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Owned(present): Owned,
) -> Result<Json<Passkeys>, ApiError> {
    let account = &present.authenticated.session.account;
    let own = own(&state, &present.authenticated).await?;
    Ok(Json(Passkeys {
        passkeys: own.into_iter().map(shown).collect(),
        is_required: account.requires_passkey,
        origins: state
            .passkeys
            .as_ref()
            .map(|passkeys| passkeys.origins())
            .unwrap_or_default(),
    }))
}

/// Asks the browser for a new passkey, once the password was given again.
#[utoipa::path(
    post,
    path = "/api/account/passkeys/challenge",
    tag = "passkeys",
    request_body = PasskeyAddition,
    responses((status = OK, body = PasskeyChallenge), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn ask(
    State(state): State<AppState>,
    Owned(present): Owned,
    Body(addition): Body<PasskeyAddition>,
) -> Result<Json<PasskeyChallenge>, ApiError> {
    let passkeys = state.passkeys()?;
    let somebody = present.authenticated;
    let hash = Some(somebody.session.account.password_hash.clone());
    let attempt = Attempt::in_session(&somebody);
    if !attempt.check(&state, addition.password, hash).await? {
        return Err(ApiError::Refused(ProblemCode::PasswordRefused));
    }
    let token = Token::new(&*state.entropy)?;
    let user = state.entropy.bytes::<16>()?;
    let token_hash = token.hash();
    let (origins, now) = (passkeys.origins(), state.now());
    let work = move |writer: &crate::store::Writer<'_>| {
        let account = &somebody.session.account;
        let own = writer.passkeys_of(account.id)?;
        if own.len() >= MOST_PASSKEYS {
            return Err(ApiError::Refused(ProblemCode::TooManyPasskeys));
        }
        let known: Vec<_> = own.into_iter().map(|own| own.credential).collect();
        let user = writer.passkey_user(account.id, user)?;
        let Question { options, state } = passkeys.invite(user, &account.user_id, &known)?;
        let challenge = Challenge {
            account: account.id,
            wanted: Wanted::Addition(somebody.session.id),
            state,
            expires_at: now.plus_seconds(CHALLENGE_SECONDS),
        };
        writer.begin_challenge(&token_hash, &challenge)?;
        let event = somebody.event(Action::PasskeyAsked);
        Ok(Audited::new(options, event.outcome("addition")))
    };
    let options = state.store.write(now, work).await?;
    Ok(Json(PasskeyChallenge {
        token: token.as_str().to_owned(),
        options,
        origins,
    }))
}

/// Adds the passkey that was asked for.
#[utoipa::path(
    post,
    path = "/api/account/passkeys",
    tag = "passkeys",
    request_body = PasskeyToAdd,
    responses((status = OK, body = SessionInfo), (status = CONFLICT), (status = GONE)),
    security(("session" = []))
)]
pub(crate) async fn add(
    State(state): State<AppState>,
    Owned(present): Owned,
    Body(to_add): Body<PasskeyToAdd>,
) -> Result<Json<SessionInfo>, ApiError> {
    let name = name(&to_add.name)?;
    let passkeys = state.passkeys()?;
    let token_hash = Token::given_back(to_add.token).hash();
    let somebody = &present.authenticated;
    let wanted = Wanted::Addition(somebody.session.id);
    let now = state.now();
    let found = state
        .store
        .read(move |reader| Ok::<_, ApiError>(reader.challenge(&token_hash, now)?));
    let asked = found.await?.filter(|asked| asked.wanted == wanted);
    let asked = asked.ok_or(ApiError::Refused(ProblemCode::PasskeyChallengeOver))?;
    let new = match passkeys.register(&asked.state, &to_add.credential) {
        Ok(new) => Some(new),
        Err(PasskeyError::Refused) => None,
        Err(error) => return Err(error.into()),
    };
    let addition = Addition {
        token_hash,
        name,
        new,
        added: somebody.event(Action::PasskeyAdded),
        refused: somebody.event(Action::PasskeyRefused).outcome("addition"),
    };
    let account = somebody.session.account.id;
    let work = move |writer: &crate::store::Writer<'_>| addition.write(writer, account);
    let added = state.store.write(now, work).await?;
    added.map_err(ApiError::Refused)?;
    Ok(Json(present.with_another_passkey().info(&state)))
}

/// A passkey to add, or (`new` is `None`) an answer that does not hold.
struct Addition {
    token_hash: [u8; 32],
    name: PasskeyName,
    new: Option<NewPasskey>,
    added: crate::store::AuditEvent,
    refused: crate::store::AuditEvent,
}

impl Addition {
    /// Ends the waiting, whatever came of it.
    fn write(
        self,
        writer: &crate::store::Writer<'_>,
        account: crate::store::AccountId,
    ) -> Result<Audited<Result<(), ProblemCode>>, ApiError> {
        if !writer.end_challenge(&self.token_hash)? {
            return Err(ApiError::Refused(ProblemCode::PasskeyChallengeOver));
        }
        if writer.passkeys_of(account)?.len() >= MOST_PASSKEYS {
            return Err(ApiError::Refused(ProblemCode::TooManyPasskeys));
        }
        let id = match self.new {
            Some(new) => {
                writer.add_passkey(account, &self.name, &new.credential_id, &new.credential)?
            }
            None => None,
        };
        Ok(match id {
            Some(id) => Audited::new(Ok(()), self.added.outcome(id.number().to_string())),
            None => Audited::new(Err(ProblemCode::PasskeyRefused), self.refused),
        })
    }
}

/// Gives one's own passkey another name.
#[utoipa::path(
    post,
    path = "/api/account/passkeys/rename",
    tag = "passkeys",
    request_body = PasskeyRenaming,
    responses((status = NO_CONTENT), (status = NOT_FOUND)),
    security(("session" = []))
)]
pub(crate) async fn rename(
    State(state): State<AppState>,
    somebody: Authenticated,
    Body(renaming): Body<PasskeyRenaming>,
) -> Result<StatusCode, ApiError> {
    let name = name(&renaming.name)?;
    let id = PasskeyId::of(renaming.id);
    state
        .store
        .write(state.now(), move |writer| {
            if !writer.rename_passkey(somebody.session.account.id, id, &name)? {
                return Err(ApiError::Refused(ProblemCode::NoSuchPasskey));
            }
            let event = somebody.event(Action::PasskeyRenamed);
            Ok(Audited::new((), event.outcome(id.number().to_string())))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes one's own passkey; not the last one where the institution wants one.
#[utoipa::path(
    post,
    path = "/api/account/passkeys/remove",
    tag = "passkeys",
    request_body = PasskeyChoice,
    responses((status = NO_CONTENT), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn remove(
    State(state): State<AppState>,
    somebody: Authenticated,
    Body(choice): Body<PasskeyChoice>,
) -> Result<StatusCode, ApiError> {
    let id = PasskeyId::of(choice.id);
    state
        .store
        .write(state.now(), move |writer| {
            let account = somebody.session.account.id;
            if !writer.remove_passkey(account, id)? {
                return Err(ApiError::Refused(ProblemCode::NoSuchPasskey));
            }
            // By what holds now, not when the request came in.
            let now = writer.account_of(account)?;
            if now.is_some_and(|now| now.must_add_passkey()) {
                return Err(ApiError::Refused(ProblemCode::LastPasskey));
            }
            let event = somebody.event(Action::PasskeyRemoved);
            Ok(Audited::new((), event.outcome(id.number().to_string())))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn own(state: &AppState, somebody: &Authenticated) -> Result<Vec<StoredPasskey>, ApiError> {
    let account = somebody.session.account.id;
    let read = state
        .store
        .read(move |reader| Ok(reader.passkeys_of(account)?));
    read.await
}

fn shown(own: StoredPasskey) -> Passkey {
    Passkey {
        id: own.id.number(),
        name: own.name,
        created_at: own.created_at,
        last_used_at: own.last_used_at,
    }
}

fn name(typed: &str) -> Result<PasskeyName, ApiError> {
    typed.parse().map_err(|error| {
        let error: domain::passkey::InvalidPasskeyName = error;
        ApiError::Invalid(vec![ProblemViolation {
            field: "name".to_owned(),
            message: error.to_string(),
        }])
    })
}
