//! The service, as typed calls. The only module that uses fetch
//! and follows the service's events.
//!
//! A call whose future is dropped aborts its request.

pub(crate) mod claims;
pub(crate) mod desk;
pub(crate) mod events;
mod fetch;
pub(crate) mod history;
pub(crate) mod opening;
pub(crate) mod operator;
pub(crate) mod reader_screen;
pub(crate) mod version;

use domain::search::SearchForm;
use protocol::http::{
    About, AccountChoice, AccountSummary, AccountToCreate, AuditPage, CandidateId, Eligibility,
    LogIn, Notebook, NotebookDestruction, NotebookKey, NotebookRule, OneTimePassword,
    PasskeyAddition, PasskeyChallenge, PasskeyChoice, PasskeyLogIn, PasskeyRenaming, PasskeyRule,
    PasskeyToAdd, Passkeys, PasswordChange, Problem, ProblemCode, SearchAnswer, SessionInfo,
    Unlock, path,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a call was not answered as hoped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Error {
    /// The service was not reached.
    Network,
    /// The service said no, and why.
    Problem(Problem),
    /// The answer can't be read: something else than this service answered.
    Decode,
    /// A part of the page itself can't be had (`crate::parts`).
    Part,
}

impl Error {
    /// The service's code, if it was the service that said no.
    pub(crate) const fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Network | Self::Decode | Self::Part => None,
        }
    }

    /// What support knows it by: the service's code, or the page's own.
    pub(crate) fn reference_code(&self) -> String {
        match self {
            Self::Network => "network".to_owned(),
            Self::Decode => "unreadable_answer".to_owned(),
            Self::Part => "page_part".to_owned(),
            Self::Problem(problem) => serde_json::to_string(&problem.code)
                .unwrap_or_default()
                .trim_matches('"')
                .to_owned(),
        }
    }

    /// Whether the same may well succeed in a while.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Network | Self::Part) || self.code() == Some(ProblemCode::Unavailable)
    }
}

/// What anybody may know before logging in.
pub(crate) async fn about() -> Result<About, Error> {
    decode(&fetch::send("GET", path::ABOUT, None).await?)
}

/// The session in force.
pub(crate) async fn session() -> Result<SessionInfo, Error> {
    decode(&fetch::send("GET", path::SESSION, None).await?)
}

/// The same, asked for by itself and again and again: a failure is not kept for support, or
/// it would be all that is.
pub(crate) async fn session_unrecorded() -> Result<SessionInfo, Error> {
    decode(&fetch::ask("GET", path::SESSION, None).await?)
}

/// What a log-in is answered with.
pub(crate) enum LoggedIn {
    /// Somebody is logged in.
    Session(SessionInfo),
    /// The password was right, and a passkey is wanted, too.
    Half(PasskeyChallenge),
}

/// ログイン.
pub(crate) async fn log_in(log_in: &LogIn) -> Result<LoggedIn, Error> {
    let body = fetch::send("POST", path::SESSION, Some(encode(log_in)?)).await?;
    match serde_json::from_str(&body) {
        Ok(challenge) => Ok(LoggedIn::Half(challenge)),
        Err(_) => decode(&body).map(LoggedIn::Session),
    }
}

/// The second half of a log-in.
pub(crate) async fn log_in_by_passkey(answer: &PasskeyLogIn) -> Result<SessionInfo, Error> {
    decode(&fetch::send("POST", path::PASSKEY_LOG_IN, Some(encode(answer)?)).await?)
}

/// One's own passkeys.
pub(crate) async fn passkeys() -> Result<Passkeys, Error> {
    decode(&fetch::send("GET", path::PASSKEYS, None).await?)
}

/// Asks to add a passkey.
pub(crate) async fn ask_to_add_passkey(
    addition: &PasskeyAddition,
) -> Result<PasskeyChallenge, Error> {
    decode(&fetch::send("POST", path::PASSKEY_CHALLENGE, Some(encode(addition)?)).await?)
}

/// Adds a passkey.
pub(crate) async fn add_passkey(passkey: &PasskeyToAdd) -> Result<SessionInfo, Error> {
    decode(&fetch::send("POST", path::PASSKEYS, Some(encode(passkey)?)).await?)
}

/// Gives a passkey another name.
pub(crate) async fn rename_passkey(renaming: &PasskeyRenaming) -> Result<(), Error> {
    let body = Some(encode(renaming)?);
    fetch::send("POST", path::RENAME_PASSKEY, body)
        .await
        .map(drop)
}

/// Removes a passkey.
pub(crate) async fn remove_passkey(choice: &PasskeyChoice) -> Result<(), Error> {
    let body = Some(encode(choice)?);
    fetch::send("POST", path::REMOVE_PASSKEY, body)
        .await
        .map(drop)
}

/// Whether the institution wants passkeys.
pub(crate) async fn passkey_rule() -> Result<PasskeyRule, Error> {
    decode(&fetch::send("GET", path::PASSKEY_RULE, None).await?)
}

/// Makes passkeys a must for the institution, or a choice.
pub(crate) async fn set_passkey_rule(rule: &PasskeyRule) -> Result<PasskeyRule, Error> {
    decode(&fetch::send("POST", path::PASSKEY_RULE, Some(encode(rule)?)).await?)
}

/// Removes the passkeys of an account.
pub(crate) async fn reset_passkeys(account: &AccountChoice) -> Result<(), Error> {
    let body = Some(encode(account)?);
    fetch::send("POST", path::RESET_PASSKEYS, body)
        .await
        .map(drop)
}

/// ログアウト.
pub(crate) async fn log_out() -> Result<(), Error> {
    fetch::send("DELETE", path::SESSION, None).await.map(drop)
}

/// 「すべての端末からログアウト」.
pub(crate) async fn log_out_everywhere() -> Result<(), Error> {
    fetch::send("DELETE", path::EVERYWHERE, None)
        .await
        .map(drop)
}

/// Opens the locked session.
pub(crate) async fn unlock(unlock: &Unlock) -> Result<SessionInfo, Error> {
    decode(&fetch::send("POST", path::UNLOCK, Some(encode(unlock)?)).await?)
}

/// Tells that somebody is at work.
pub(crate) async fn note_activity() -> Result<(), Error> {
    fetch::send("POST", path::ACTIVITY, None).await.map(drop)
}

/// パスワードの変更.
pub(crate) async fn change_password(change: &PasswordChange) -> Result<SessionInfo, Error> {
    decode(&fetch::send("POST", path::PASSWORD, Some(encode(change)?)).await?)
}

/// The accounts of one's institution.
pub(crate) async fn accounts() -> Result<Vec<AccountSummary>, Error> {
    decode(&fetch::send("GET", path::ACCOUNTS, None).await?)
}

/// Creates an account.
pub(crate) async fn create_account(account: &AccountToCreate) -> Result<OneTimePassword, Error> {
    decode(&fetch::send("POST", path::ACCOUNTS, Some(encode(account)?)).await?)
}

/// Disables an account.
pub(crate) async fn disable_account(account: &AccountChoice) -> Result<(), Error> {
    let body = Some(encode(account)?);
    fetch::send("POST", path::DISABLE_ACCOUNT, body)
        .await
        .map(drop)
}

/// Gives an account a one-time password.
pub(crate) async fn reset_account(account: &AccountChoice) -> Result<OneTimePassword, Error> {
    decode(&fetch::send("POST", path::RESET_ACCOUNT, Some(encode(account)?)).await?)
}

/// 検索.
pub(crate) async fn search(form: &SearchForm) -> Result<SearchAnswer, Error> {
    decode(&fetch::send("POST", path::SEARCHES, Some(encode(form)?)).await?)
}

/// The same, one of many: with the seconds after which to come again, if the answer says.
pub(crate) async fn search_next(form: &SearchForm) -> (Result<SearchAnswer, Error>, Option<u32>) {
    let body = match encode(form) {
        Ok(body) => body,
        Err(error) => return (Err(error), None),
    };
    let (answer, retry_after) = fetch::send_told("POST", path::SEARCHES, Some(body)).await;
    (answer.and_then(|body| decode(&body)), retry_after)
}

/// What 控え are sealed with, and for how long they are kept.
pub(crate) async fn notebook() -> Result<Notebook, Error> {
    decode(&fetch::send("GET", path::NOTEBOOK_KEY, None).await?)
}

/// Makes a key the institution's, unless there is one.
pub(crate) async fn make_notebook_key(key: &NotebookKey) -> Result<Notebook, Error> {
    decode(&fetch::send("POST", path::NOTEBOOK_KEY, Some(encode(key)?)).await?)
}

/// Decides for how long 控え are kept.
pub(crate) async fn set_notebook_rule(rule: &NotebookRule) -> Result<Notebook, Error> {
    decode(&fetch::send("PUT", path::NOTEBOOK_RULE, Some(encode(rule)?)).await?)
}

/// Records that 控え were destroyed.
pub(crate) async fn record_destroyed_notes(destruction: &NotebookDestruction) -> Result<(), Error> {
    let body = Some(encode(destruction)?);
    fetch::send("POST", path::NOTEBOOK_DESTRUCTIONS, body)
        .await
        .map(drop)
}

/// 資格情報確認.
pub(crate) async fn eligibility(candidate: &CandidateId) -> Result<Eligibility, Error> {
    let path = [path::ELIGIBILITY, "/", candidate.as_str()].concat();
    decode(&fetch::send("GET", &path, None).await?)
}

/// 監査証跡, from an address below [`path::AUDIT`].
pub(crate) async fn audit(address: &str) -> Result<AuditPage, Error> {
    decode(&fetch::send("GET", address, None).await?)
}

fn encode(body: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(body).map_err(|_| Error::Decode)
}

fn decode<T: DeserializeOwned>(body: &str) -> Result<T, Error> {
    serde_json::from_str(body).map_err(|_| {
        history::record("", "", &Error::Decode);
        Error::Decode
    })
}
