//! `/api/reader-screens`: 「読取画面の登録」, and 「目視確認」 at one of them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use domain::audit::Action;
use domain::visual_confirmation::Route;
use protocol::http::{
    ProblemCode, ReaderPairing, ReaderScreenId, ReaderScreenToRegister, TerminalState,
};

use super::visual_confirmations::terminal_state;
use crate::error::ApiError;
use crate::extract::{Administrator, Body, Searcher};
use crate::pairing::{self, PairingCodeText};
use crate::state::AppState;
use crate::store::{Audited, Pairing};
use crate::visual_confirmations::{self, Side};

/// The most characters of a screen's name.
const MOST_NAME_CHARACTERS: usize = 40;
/// The most screens of an institution; each may hold connections.
const MOST_SCREENS: usize = 50;

/// Makes a code that one screen can be registered with, for ten minutes.
#[utoipa::path(
    post,
    path = "/api/reader-screens",
    tag = "reader screens",
    request_body = ReaderScreenToRegister,
    responses((status = OK, body = ReaderPairing)),
    security(("session" = []))
)]
pub(crate) async fn register(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    headers: HeaderMap,
    Body(wanted): Body<ReaderScreenToRegister>,
) -> Result<Json<ReaderPairing>, ApiError> {
    let name = name(&wanted.name)?;
    let code = PairingCodeText::draw(&*state.entropy)?;
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let told = pairing::told(&code, host, state.mode.behind_tls)?;
    let expires_at = state.now().plus_seconds(pairing::SECONDS.into());
    let institution_id = administrator.session.account.institution_id;
    let work = move |writer: &crate::store::Writer<'_>| {
        let screens = writer.reader_screens(institution_id)?;
        if screens.len() >= MOST_SCREENS {
            return Err(ApiError::invalid("name", "読取画面は50台まで登録できます"));
        }
        if screens.iter().any(|screen| screen.name == name) {
            return Err(ApiError::invalid(
                "name",
                "この名前の読取画面はすでにあります",
            ));
        }
        let pairing = Pairing {
            institution_id,
            name: name.clone(),
        };
        if !writer.add_pairing(&code.hash(), &pairing, expires_at)? {
            // One in a hundred million: the next try has another one.
            return Err(ApiError::Refused(ProblemCode::Unavailable));
        }
        let event = administrator.event(Action::PairingCodeIssued);
        Ok(Audited::new((), event.outcome(name)))
    };
    state.store.write(state.now(), work).await?;
    Ok(Json(told))
}

/// Ends a screen's registration: its page can do nothing any more, at once.
#[utoipa::path(
    delete,
    path = "/api/reader-screens/{screen}",
    tag = "reader screens",
    params(("screen" = ReaderScreenId, Path, description = "Of this institution.")),
    responses((status = NO_CONTENT), (status = NOT_FOUND)),
    security(("session" = []))
)]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Path(screen): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = id(&screen)?;
    let institution_id = administrator.session.account.institution_id;
    let work = move |writer: &crate::store::Writer<'_>| {
        let screen = writer.reader_screen(institution_id, &id)?;
        let screen = screen.ok_or(ApiError::Refused(ProblemCode::NoSuchReaderScreen))?;
        let ended = visual_confirmations::end_open(writer, screen.number)?;
        writer.revoke_reader_screen(screen.number)?;
        let event = administrator.event(Action::ReaderScreenRevoked);
        Ok::<_, ApiError>(Audited::new((), event.outcome(screen.name)).and(ended))
    };
    state.store.write(state.now(), work).await?;
    state.events.changed(institution_id);
    Ok(StatusCode::NO_CONTENT)
}

/// 「目視確認」: switches a screen to visual confirmation.
#[utoipa::path(
    post,
    path = "/api/reader-screens/{screen}/visual-confirmation",
    tag = "visual confirmation",
    params(("screen" = ReaderScreenId, Path, description = "Of this institution.")),
    responses((status = OK, body = TerminalState), (status = NOT_FOUND), (status = CONFLICT)),
    security(("session" = []))
)]
pub(crate) async fn begin(
    State(state): State<AppState>,
    Searcher(searcher): Searcher,
    Path(screen): Path<String>,
) -> Result<Json<TerminalState>, ApiError> {
    let id = id(&screen)?;
    let route = Route::Terminal {
        account: searcher.session.account.id.number(),
        session: searcher.session_number(),
    };
    let side = Side::Terminal(searcher.clone());
    visual_confirmations::begin(&state, side, id, route).await?;
    terminal_state(&state, &searcher).await
}

fn id(text: &str) -> Result<ReaderScreenId, ApiError> {
    let none = |_| ApiError::Refused(ProblemCode::NoSuchReaderScreen);
    text.parse().map_err(none)
}

/// A name as it is kept.
fn name(text: &str) -> Result<String, ApiError> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 || length > MOST_NAME_CHARACTERS || name.chars().any(char::is_control) {
        return Err(ApiError::invalid(
            "name",
            "名前は40文字以内で入力してください",
        ));
    }
    Ok(name.to_owned())
}
