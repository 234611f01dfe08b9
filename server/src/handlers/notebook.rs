//! `/api/notebook-…`: the key of an institution's 控え, for how long they are kept, and that
//! some were destroyed. The notes themselves never come here.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::audit::Action;
use protocol::http::{
    MOST_NOTEBOOK_HOURS, Notebook, NotebookDestruction, NotebookKey, NotebookRule, ProblemViolation,
};

use crate::error::ApiError;
use crate::extract::{Administrator, Body, Follower};
use crate::state::AppState;
use crate::store::{Audited, Reader, StoreError};

/// The key, if a page has made it. Pages ask by themselves, so it is no use of the session.
#[utoipa::path(
    get,
    path = "/api/notebook-key",
    tag = "notebook",
    operation_id = "notebook_read",
    responses((status = OK, body = Notebook)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    follower: Follower,
) -> Result<Json<Notebook>, ApiError> {
    let institution = follower.authenticated.session.account.institution_id;
    answer(&state, institution).await
}

/// Makes a key the institution's. Of two pages that make one at once the first counts, and both
/// are told that one. Pages do it by themselves, so it is no use of the session.
#[utoipa::path(
    post,
    path = "/api/notebook-key",
    tag = "notebook",
    operation_id = "notebook_make_key",
    request_body = NotebookKey,
    responses((status = OK, body = Notebook)),
    security(("session" = []))
)]
pub(crate) async fn make_key(
    State(state): State<AppState>,
    follower: Follower,
    Body(key): Body<NotebookKey>,
) -> Result<Json<Notebook>, ApiError> {
    check(&key)?;
    let searcher = follower.authenticated;
    let institution = searcher.session.account.institution_id;
    let read = move |reader: &Reader<'_>| reader.notebook_key(institution);
    if state.store.read(read).await?.is_none() {
        let made = state
            .store
            .write(state.now(), move |writer| {
                if writer.notebook_key(institution)?.is_some() {
                    return Err(MakeError::Made);
                }
                writer.add_notebook_key(institution, &key)?;
                Ok(Audited::new((), searcher.event(Action::NotebookKeyMade)))
            })
            .await;
        if let Err(MakeError::Api(error)) = made {
            return Err(error);
        }
    }
    answer(&state, institution).await
}

/// Decides for how long notes are kept, also those that are there.
#[utoipa::path(
    put,
    path = "/api/notebook-rule",
    tag = "notebook",
    operation_id = "notebook_set_rule",
    request_body = NotebookRule,
    responses((status = OK, body = Notebook)),
    security(("session" = []))
)]
pub(crate) async fn set_rule(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(rule): Body<NotebookRule>,
) -> Result<Json<Notebook>, ApiError> {
    let hours = rule.keep_hours;
    if !(1..=MOST_NOTEBOOK_HOURS).contains(&hours) {
        let message = format!("1から{MOST_NOTEBOOK_HOURS}までの時間を入力してください");
        return Err(invalid("keep_hours", message));
    }
    let institution = administrator.session.account.institution_id;
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            writer.set_notebook_hours(institution, hours)?;
            let event = administrator.event(Action::NotebookRuleChanged);
            Ok::<_, ApiError>(Audited::new((), event.outcome(hours.to_string())))
        })
        .await?;
    answer(&state, institution).await
}

/// Records that notes were destroyed on a terminal. Pages do it by themselves when their time is
/// over, so it is no use of the session.
#[utoipa::path(
    post,
    path = "/api/notebook-destructions",
    tag = "notebook",
    operation_id = "notebook_record_destruction",
    request_body = NotebookDestruction,
    responses((status = NO_CONTENT)),
    security(("session" = []))
)]
pub(crate) async fn record_destruction(
    State(state): State<AppState>,
    follower: Follower,
    Body(destruction): Body<NotebookDestruction>,
) -> Result<StatusCode, ApiError> {
    if destruction.count == 0 {
        return Err(invalid("count", "1以上の数が必要です".to_owned()));
    }
    let why = if destruction.by_time {
        "time"
    } else {
        "person"
    };
    let outcome = format!("{why} {}", destruction.count);
    state
        .store
        .write(state.now(), move |_| {
            let event = follower.authenticated.event(Action::NotesDestroyed);
            Ok::<_, ApiError>(Audited::new((), event.outcome(outcome)))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why no key was made.
enum MakeError {
    /// Another page was faster.
    Made,
    Api(ApiError),
}

impl<E: Into<ApiError>> From<E> for MakeError {
    fn from(error: E) -> Self {
        Self::Api(error.into())
    }
}

async fn answer(state: &AppState, institution: i64) -> Result<Json<Notebook>, ApiError> {
    let read = move |reader: &Reader<'_>| {
        Ok::<_, StoreError>((
            reader.notebook_key(institution)?,
            reader.notebook_hours(institution)?,
        ))
    };
    let (key, keep_hours) = state.store.read(read).await?;
    Ok(Json(Notebook {
        key,
        keep_hours,
        now: state.now(),
    }))
}

/// The halves have the form of a point and of a number. Whether they belong together shows where
/// a browser takes them in.
fn check(key: &NotebookKey) -> Result<(), ApiError> {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let public = bytes(&key.public_key);
    if public.len() != 65 || public.first() != Some(&4) {
        return Err(invalid("public_key", "公開鍵の形式が違います".to_owned()));
    }
    if bytes(&key.private_key).len() != 32 {
        return Err(invalid("private_key", "秘密鍵の形式が違います".to_owned()));
    }
    Ok(())
}

fn invalid(field: &str, message: String) -> ApiError {
    ApiError::Invalid(vec![ProblemViolation {
        field: field.to_owned(),
        message,
    }])
}
