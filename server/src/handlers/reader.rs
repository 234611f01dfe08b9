//! `/api/reader`: a reader's own screen, its registration and what it says of itself.

use axum::Json;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;
use domain::audit::Action;
use protocol::http::{CardReaderReport, PairingCode, ProblemCode, ReaderScreenState};

use crate::demo;
use crate::error::ApiError;
use crate::extract::{Body, ReaderScreen, RequestId};
use crate::http::peer;
use crate::pairing::{self, PairingCodeText};
use crate::session::Token;
use crate::state::AppState;
use crate::store::{
    Actor, AuditEvent, Audited, NewScreen, Pairing, RegisteredScreen, StoreError, Writer,
};
use crate::view::ScreenView;
use crate::visual_confirmations;

/// What this screen shows. Its cookie is given anew, so that it lasts.
#[utoipa::path(
    get,
    path = "/api/reader",
    tag = "reader",
    responses((status = OK, body = ReaderScreenState)),
    security(("reader" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    screen: ReaderScreen,
    jar: CookieJar,
) -> Result<(CookieJar, Json<ReaderScreenState>), ApiError> {
    let behind_tls = state.mode.behind_tls;
    let jar = match Token::of_reader_screen(&jar, behind_tls) {
        Some(token) => jar.add(token.into_reader_cookie(behind_tls)),
        None => jar,
    };
    Ok((jar, screen_state(&state, &screen.registered).await?))
}

/// Registers this browser as a reader screen with a code; it was another one no more.
#[utoipa::path(
    post,
    path = "/api/reader",
    tag = "reader",
    request_body = PairingCode,
    responses((status = OK, body = ReaderScreenState))
)]
pub(crate) async fn pair(
    State(state): State<AppState>,
    request_id: RequestId,
    extensions: Extensions,
    headers: HeaderMap,
    Body(entered): Body<PairingCode>,
) -> Result<(CookieJar, Json<ReaderScreenState>), ApiError> {
    let Some(code) = PairingCodeText::typed(&entered.code) else {
        return Err(ApiError::invalid("code", "登録コードは8桁の数字です"));
    };
    let address = peer::address(&extensions, &headers, state.mode.behind_tls);
    let keys = vec![pairing::attempt_key(address)];
    let counted = state.store.count_attempt(keys.clone(), state.now()).await?;
    if let Some(wait_seconds) = counted {
        return Err(ApiError::Early {
            code: ProblemCode::TooManyRequests,
            wait_seconds,
        });
    }
    let registration = Registration::new(&state, &headers, request_id)?;
    let registered = registration.commit(&state, move |writer| writer.take_pairing(&code.hash()));
    let answer = registered.await?;
    state.store.forgive_attempt(keys).await?;
    Ok(answer)
}

/// Registers this browser as a reader screen of the demo.
#[utoipa::path(
    post,
    path = "/api/reader/demo",
    tag = "reader",
    responses((status = OK, body = ReaderScreenState))
)]
pub(crate) async fn pair_in_demo(
    State(state): State<AppState>,
    request_id: RequestId,
    known: Result<ReaderScreen, ApiError>,
    headers: HeaderMap,
) -> Result<(CookieJar, Json<ReaderScreenState>), ApiError> {
    if !state.mode.demo {
        return Err(ApiError::Refused(ProblemCode::NotAllowed));
    }
    if let Ok(known) = known {
        return Ok((
            CookieJar::new(),
            screen_state(&state, &known.registered).await?,
        ));
    }
    let registration = Registration::new(&state, &headers, request_id)?;
    registration.commit(&state, demo::reader_screen).await
}

/// What the screen's card reader is like now.
#[utoipa::path(
    put,
    path = "/api/reader/card-reader",
    tag = "reader",
    request_body = CardReaderReport,
    responses((status = NO_CONTENT)),
    security(("reader" = []))
)]
pub(crate) async fn report(
    State(state): State<AppState>,
    screen: ReaderScreen,
    Body(report): Body<CardReaderReport>,
) -> StatusCode {
    let registered = screen.registered;
    if (state.events).report(registered.number, report.card_reader) {
        state.events.changed(registered.institution_id);
    }
    StatusCode::NO_CONTENT
}

/// What a screen shows now, as an answer.
pub(crate) async fn screen_state(
    state: &AppState,
    screen: &RegisteredScreen,
) -> Result<Json<ReaderScreenState>, ApiError> {
    let (revision, now) = (state.events.revision(), state.now());
    let screen = screen.clone();
    let read = state
        .store
        .read(move |reader| ScreenView::read(reader, &screen, now));
    let view = read.await?;
    Ok(Json(view.state(revision, state.mode.demo, state.now())))
}

/// A browser that is to become a reader screen.
struct Registration {
    token: Token,
    /// SHA-256 of the token of the screen that it has been.
    previous: Option<[u8; 32]>,
    id: protocol::http::ReaderScreenId,
    request_id: RequestId,
}

impl Registration {
    fn new(state: &AppState, headers: &HeaderMap, request_id: RequestId) -> Result<Self, ApiError> {
        let jar = CookieJar::from_headers(headers);
        let previous = Token::of_reader_screen(&jar, state.mode.behind_tls);
        Ok(Self {
            token: Token::new(&*state.entropy)?,
            previous: previous.map(|token| token.hash()),
            id: state.entropy.opaque_id()?,
            request_id,
        })
    }

    /// Registers it as what `find` gives; what is refused is audited, too.
    async fn commit(
        self,
        state: &AppState,
        find: impl FnOnce(&Writer<'_>) -> Result<Option<Pairing>, StoreError> + Send + 'static,
    ) -> Result<(CookieJar, Json<ReaderScreenState>), ApiError> {
        let token_hash = self.token.hash();
        let (previous, id, request_id) = (self.previous, self.id, self.request_id);
        let work = move |writer: &Writer<'_>| {
            let event = |action, actor| AuditEvent::new(action, actor).during(&request_id.0);
            let Some(pairing) = find(writer)? else {
                return Ok(Audited::new(None, event(Action::PairingRefused, None)));
            };
            let mut ended = Vec::new();
            if let Some(previous) = previous
                && let Some(screen) = writer.reader_screen_of_token(&previous)?
            {
                ended.extend(visual_confirmations::end_open(writer, screen.number)?);
                writer.revoke_reader_screen(screen.number)?;
                let event = event(Action::ReaderScreenRevoked, Some(screen.actor()));
                ended.push(event.outcome(screen.name));
            }
            let number = writer.register_reader_screen(&NewScreen {
                id,
                institution_id: pairing.institution_id,
                name: pairing.name.clone(),
                token_hash,
            })?;
            let actor = Actor::ReaderScreen(number);
            let event = event(Action::ReaderScreenRegistered, Some(actor)).outcome(pairing.name);
            let screen = writer.reader_screen_of_token(&token_hash)?;
            Ok::<_, ApiError>(Audited::new(screen, event).and(ended))
        };
        let registered = state.store.write(state.now(), work).await?;
        let screen = registered.ok_or(ApiError::Refused(ProblemCode::PairingRefused))?;
        state.events.changed(screen.institution_id);
        let cookie = self.token.into_reader_cookie(state.mode.behind_tls);
        let jar = CookieJar::new().add(cookie);
        Ok((jar, screen_state(state, &screen).await?))
    }
}
