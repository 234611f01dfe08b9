//! `/api/visual-confirmations`: what is done at a terminal.

use axum::Json;
use axum::extract::{Path, State};
use domain::audit::Action;
use domain::visual_confirmation::{Event, Party};
use protocol::http::{
    CANDIDATE_SECONDS, ConfirmationTick, Following, OpenedResult, ProblemCode, TerminalState,
    VisualConfirmationId,
};

use crate::candidates::Candidate;
use crate::error::ApiError;
use crate::extract::{Authenticated, Body, Searcher};
use crate::state::AppState;
use crate::store::{Audited, Standing, StoreError, Writer};
use crate::view::{TerminalView, Viewer};
use crate::visual_confirmations::{Side, act, stay};

/// 「目視で本人確認完了」, ticked or not.
#[utoipa::path(
    put,
    path = "/api/visual-confirmations/{id}/confirmation",
    tag = "visual confirmation",
    params(("id" = VisualConfirmationId, Path, description = "Begun in this session.")),
    request_body = ConfirmationTick,
    responses((status = OK, body = TerminalState), (status = CONFLICT), (status = GONE)),
    security(("session" = []))
)]
pub(crate) async fn tick(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Path(id): Path<String>,
    Body(tick): Body<ConfirmationTick>,
) -> Result<Json<TerminalState>, ApiError> {
    let event = ticked(tick, searcher.party());
    let side = Side::Terminal(searcher.clone());
    act(&state, side, parse(&id)?, |_| Ok(event)).await?;
    terminal_state(&state, &searcher).await
}

/// 「続けて目視確認」.
#[utoipa::path(
    put,
    path = "/api/visual-confirmations/{id}/following",
    tag = "visual confirmation",
    params(("id" = VisualConfirmationId, Path, description = "Begun in this session.")),
    request_body = Following,
    responses((status = OK, body = TerminalState), (status = CONFLICT), (status = GONE)),
    security(("session" = []))
)]
pub(crate) async fn follow(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Path(id): Path<String>,
    Body(following): Body<Following>,
) -> Result<Json<TerminalState>, ApiError> {
    let event = Event::Follow(searcher.party(), following.is_followed);
    stay(&state, Side::Terminal(searcher.clone()), parse(&id)?, event).await?;
    terminal_state(&state, &searcher).await
}

/// Stops it: the reader is back to normal. Any terminal of the institution may.
#[utoipa::path(
    delete,
    path = "/api/visual-confirmations/{id}",
    tag = "visual confirmation",
    params(("id" = VisualConfirmationId, Path, description = "Of this institution.")),
    responses((status = OK, body = TerminalState), (status = GONE)),
    security(("session" = []))
)]
pub(crate) async fn cancel(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Path(id): Path<String>,
) -> Result<Json<TerminalState>, ApiError> {
    let event = Event::Cancel(searcher.party());
    let side = Side::Terminal(searcher.clone());
    act(&state, side, parse(&id)?, |_| Ok(event)).await?;
    terminal_state(&state, &searcher).await
}

/// Opens the result: from then on it is this session's and no other's.
#[utoipa::path(
    post,
    path = "/api/visual-confirmations/{id}/result",
    tag = "visual confirmation",
    params(("id" = VisualConfirmationId, Path, description = "One with a result.")),
    responses((status = OK, body = OpenedResult), (status = GONE)),
    security(("session" = []))
)]
pub(crate) async fn open_result(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Path(id): Path<String>,
) -> Result<Json<OpenedResult>, ApiError> {
    let id = parse(&id)?;
    let entropy = state.entropy.clone();
    let (now, institution_id) = (state.now(), searcher.session.account.institution_id);
    let work = move |writer: &Writer<'_>| {
        let over = || ApiError::Refused(ProblemCode::VisualConfirmationOver);
        let row = writer.visual_confirmation(&id)?;
        let row = row.filter(|row| row.institution_id == institution_id);
        let row = row.ok_or_else(over)?;
        let Standing::Completed(completed) = row.standing.clone() else {
            return Err(over());
        };
        let completed = completed.open(searcher.session_number(), now)?;
        let person = completed.presentation().person.into();
        writer.complete_visual_confirmation(&row, &completed)?;
        let candidate = Candidate {
            person,
            day: now.tokyo_date(),
            expires_at: now.plus_seconds(CANDIDATE_SECONDS.into()),
            visual_confirmation: Some(row.number),
        };
        let candidate = searcher.seal().close(&candidate, &*entropy)?;
        let event = searcher.event(Action::ResultTaken).about(person);
        Ok(Audited::new(OpenedResult { candidate }, event))
    };
    let opened = state.store.write(now, work).await?;
    state.events.changed(institution_id);
    Ok(Json(opened))
}

/// What a session is shown now, as an answer.
pub(crate) async fn terminal_state(
    state: &AppState,
    somebody: &Authenticated,
) -> Result<Json<TerminalState>, ApiError> {
    let (revision, now) = (state.events.revision(), state.now());
    let (viewer, events) = (Viewer::from(somebody), state.events.clone());
    let read = state
        .store
        .read(move |reader| TerminalView::read(reader, viewer, events.presence(), now));
    let view: Result<_, StoreError> = read.await;
    let (now, call_centre) = (state.now(), state.openings.call_centre(state.now()));
    Ok(Json(view?.state(revision, call_centre, now)))
}

pub(crate) const fn ticked(tick: ConfirmationTick, by: Party) -> Event {
    if tick.is_confirmed {
        Event::Confirm(by)
    } else {
        Event::Withdraw(by)
    }
}

/// What is no id is the id of nothing.
pub(crate) fn parse(id: &str) -> Result<VisualConfirmationId, ApiError> {
    let over = |_| ApiError::Refused(ProblemCode::VisualConfirmationOver);
    id.parse().map_err(over)
}
