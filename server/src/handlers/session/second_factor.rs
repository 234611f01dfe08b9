//! `POST /api/session/passkey`: the second half of a log-in.
//!
//! A right password of an account with passkeys begins no session: it is answered
//! with a question to one of them, which can be answered once. The attempt counts
//! as failed until the answer holds (`attempts`), so that whoever knows the
//! password has no more tries than somebody who doesn't.

use axum::Json;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum_extra::extract::CookieJar;
use domain::audit::Action;
use domain::session::Standing;
use protocol::http::{PasskeyChallenge, PasskeyLogIn, ProblemCode, SessionInfo};

use super::beginning::{Beginning, still_fits};
use crate::attempts::Attempt;
use crate::error::ApiError;
use crate::extract::{Body, RequestId};
use crate::http::peer;
use crate::passkeys::{CHALLENGE_SECONDS, PasskeyError, Passkeys, Proof};
use crate::session::{self, Token};
use crate::state::AppState;
use crate::store::{
    Account, Audited, Challenge, PasskeyId, Reader, StoreError, StoredPasskey, Wanted, Writer,
};

/// Asks for a passkey of an account whose password was right.
pub(super) async fn ask(
    state: &AppState,
    account: Account,
    beginning: Beginning,
) -> Result<PasskeyChallenge, ApiError> {
    let passkeys = state.passkeys()?;
    let id = account.id;
    let own = state
        .store
        .read(move |reader| Ok::<_, ApiError>(reader.passkeys_of(id)?))
        .await?;
    let credentials: Vec<_> = own.into_iter().map(|own| own.credential).collect();
    let question = passkeys.ask(&credentials)?;
    let token = Token::new(&*state.entropy)?;
    let token_hash = token.hash();
    let challenge = Challenge {
        account: id,
        wanted: Wanted::LogIn {
            take_over: beginning.take_over,
        },
        state: question.state,
        expires_at: state.now().plus_seconds(CHALLENGE_SECONDS),
    };
    let work = move |writer: &Writer<'_>| {
        still_fits(writer, &account)?;
        // Asked now, so that nobody has to show his passkey twice.
        if beginning.is_in_use(writer, &account)? && !beginning.take_over {
            return Err(ApiError::Refused(ProblemCode::InUseElsewhere));
        }
        writer.begin_challenge(&token_hash, &challenge)?;
        let event = beginning.event(Action::PasskeyAsked, &account);
        Ok(Audited::new((), event.outcome("log_in")))
    };
    state.store.write(state.now(), work).await?;
    Ok(PasskeyChallenge {
        token: token.as_str().to_owned(),
        options: question.options,
        origins: passkeys.origins(),
    })
}

/// Begins the session that waits for a passkey.
#[utoipa::path(
    post,
    path = "/api/session/passkey",
    tag = "session",
    request_body = PasskeyLogIn,
    responses(
        (status = OK, body = SessionInfo),
        (status = UNAUTHORIZED),
        (status = CONFLICT),
        (status = GONE)
    )
)]
pub(crate) async fn finish(
    State(state): State<AppState>,
    request_id: RequestId,
    extensions: Extensions,
    headers: HeaderMap,
    Body(log_in): Body<PasskeyLogIn>,
) -> Result<(CookieJar, Json<SessionInfo>), ApiError> {
    let passkeys = state.passkeys()?;
    let jar = CookieJar::from_headers(&headers);
    let address = peer::address(&extensions, &headers, state.mode.behind_tls);
    let asked_by = Token::given_back(log_in.token).hash();
    let (now, demo) = (state.now(), state.mode.demo);
    let found = state
        .store
        .read(move |reader| Asked::read(reader, &asked_by, now, demo));
    let asked = found
        .await?
        .ok_or(ApiError::Refused(ProblemCode::PasskeyChallengeOver))?;
    let proven = asked.prove(&passkeys, &log_in.credential)?;
    let token = Token::new(&*state.entropy)?;
    let beginning = Beginning::new(&state, &jar, &token, asked.take_over, request_id.clone());
    let account = asked.account;
    let actor = account.actor();
    let begun = begin(&state, account.clone(), asked_by, proven, beginning).await?;
    begun.map_err(ApiError::Refused)?;
    // The streams of a session that it has ended end at once.
    state.events.changed(account.institution_id);
    let attempt = Attempt::to_log_in(account.user_id.as_str(), address, &request_id, Some(actor));
    attempt.forgive(&state).await?;
    let info = session::info(&state, &account, Standing::Open, &token);
    Ok((
        jar.add(token.into_cookie(state.mode.behind_tls)),
        Json(info),
    ))
}

/// What was asked at a log-in, and of whom.
struct Asked {
    account: Account,
    passkeys: Vec<StoredPasskey>,
    state: String,
    take_over: bool,
}

impl Asked {
    fn read(
        reader: &Reader<'_>,
        token_hash: &[u8; 32],
        now: domain::timestamp::Timestamp,
        demo: bool,
    ) -> Result<Option<Self>, StoreError> {
        let Some(challenge) = reader.challenge(token_hash, now)? else {
            return Ok(None);
        };
        let Wanted::LogIn { take_over } = challenge.wanted else {
            return Ok(None);
        };
        let account = reader.account_of(challenge.account)?;
        let account = account.filter(|account| demo || !account.is_demo);
        let passkeys = reader.passkeys_of(challenge.account)?;
        Ok(account.map(|account| Self {
            account,
            passkeys,
            state: challenge.state,
            take_over,
        }))
    }

    /// Which passkey has answered, and what becomes of it; `None` when the answer
    /// does not hold. Outside the transaction: signatures take their time.
    fn prove(
        &self,
        passkeys: &Passkeys,
        answer: &str,
    ) -> Result<Option<(PasskeyId, String)>, PasskeyError> {
        let proof: Proof = match passkeys.check(&self.state, answer) {
            Ok(proof) => proof,
            Err(PasskeyError::Refused) => return Ok(None),
            Err(error) => return Err(error),
        };
        for own in &self.passkeys {
            if let Some(credential) = proof.apply_to(&own.credential)? {
                return Ok(Some((own.id, credential)));
            }
        }
        Ok(None)
    }
}

/// Ends the waiting, whatever came of it, and begins the session if it may begin.
async fn begin(
    state: &AppState,
    account: Account,
    asked_by: [u8; 32],
    proven: Option<(PasskeyId, String)>,
    beginning: Beginning,
) -> Result<Result<(), ProblemCode>, ApiError> {
    let work = move |writer: &Writer<'_>| {
        if !writer.end_challenge(&asked_by)? {
            return Err(ApiError::Refused(ProblemCode::PasskeyChallengeOver));
        }
        let refused = beginning.event(Action::PasskeyRefused, &account);
        // Removed meanwhile, it opens nothing.
        let own = writer.passkeys_of(account.id)?;
        let proven = proven.filter(|(id, _)| own.iter().any(|own| own.id == *id));
        let Some((id, credential)) = proven else {
            return Ok(Audited::new(Err(ProblemCode::PasskeyRefused), refused));
        };
        let Some(took_over) = beginning.write(writer, &account)? else {
            let in_use = refused.outcome("in_use");
            return Ok(Audited::new(Err(ProblemCode::InUseElsewhere), in_use));
        };
        writer.use_passkey(id, &credential)?;
        let took_over = took_over.then(|| beginning.event(Action::TookOver, &account));
        let event = beginning.event(Action::LoggedIn, &account);
        Ok(Audited::new(Ok(()), event.outcome("passkey")).and(took_over))
    };
    state.store.write(state.now(), work).await
}
