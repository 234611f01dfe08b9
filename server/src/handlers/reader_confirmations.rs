//! `/api/reader/visual-confirmations`: what is done at a reader's own screen.

use axum::Json;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::card_presentation::CardFailure;
use domain::visual_confirmation::{Event, Party, Route};
use protocol::http::{
    CardReading, ConfirmationTick, ConsentAnswers, PasscodeEntry, ProblemCode, ReaderScreenState,
    VisualConfirmationId,
};

use super::reader::screen_state;
use super::visual_confirmations::{parse, ticked};
use crate::certificate::Verified;
use crate::error::ApiError;
use crate::extract::{Body, ReaderScreen};
use crate::passcodes;
use crate::state::AppState;
use crate::store::{NewUnlinkedCard, Writer};
use crate::visual_confirmations::{self, Side, act, may_read_a_card, stay};

/// 《職員用ボタン》 and 目視確認用パスコード: begins a visual confirmation here.
#[utoipa::path(
    post,
    path = "/api/reader/passcode",
    tag = "reader",
    request_body = PasscodeEntry,
    responses((status = OK, body = ReaderScreenState), (status = CONFLICT)),
    security(("reader" = []))
)]
pub(crate) async fn begin(
    State(state): State<AppState>,
    screen: ReaderScreen,
    Body(entry): Body<PasscodeEntry>,
) -> Result<Json<ReaderScreenState>, ApiError> {
    let passcode = passcodes::enter(&state, &screen, &entry.passcode).await?;
    let (id, route) = (screen.registered.id.clone(), Route::Reader { passcode });
    let side = Side::Screen(screen.clone());
    visual_confirmations::begin(&state, side, id, route).await?;
    screen_state(&state, &screen.registered).await
}

/// 「目視で本人確認完了」, ticked or not, of one that was begun here.
#[utoipa::path(
    put,
    path = "/api/reader/visual-confirmations/{id}/confirmation",
    tag = "reader",
    params(("id" = VisualConfirmationId, Path, description = "At this screen.")),
    request_body = ConfirmationTick,
    responses((status = OK, body = ReaderScreenState), (status = CONFLICT), (status = GONE)),
    security(("reader" = []))
)]
pub(crate) async fn tick(
    State(state): State<AppState>,
    screen: ReaderScreen,
    Path(id): Path<String>,
    Body(tick): Body<ConfirmationTick>,
) -> Result<Json<ReaderScreenState>, ApiError> {
    let event = ticked(tick, Party::ReaderScreen);
    act(&state, Side::Screen(screen.clone()), parse(&id)?, |_| {
        Ok(event)
    })
    .await?;
    screen_state(&state, &screen.registered).await
}

/// Somebody is still there.
#[utoipa::path(
    post,
    path = "/api/reader/visual-confirmations/{id}/activity",
    tag = "reader",
    params(("id" = VisualConfirmationId, Path, description = "At this screen.")),
    responses((status = OK, body = ReaderScreenState), (status = GONE)),
    security(("reader" = []))
)]
pub(crate) async fn note_activity(
    State(state): State<AppState>,
    screen: ReaderScreen,
    Path(id): Path<String>,
) -> Result<Json<ReaderScreenState>, ApiError> {
    let event = Event::Stay(Party::ReaderScreen);
    stay(&state, Side::Screen(screen.clone()), parse(&id)?, event).await?;
    screen_state(&state, &screen.registered).await
}

/// カード提示: what came of the card at the reader.
#[utoipa::path(
    post,
    path = "/api/reader/visual-confirmations/{id}/card",
    tag = "reader",
    params(("id" = VisualConfirmationId, Path, description = "At this screen.")),
    request_body = CardReading,
    responses((status = OK, body = ReaderScreenState), (status = CONFLICT), (status = GONE)),
    security(("reader" = []))
)]
pub(crate) async fn present_card(
    State(state): State<AppState>,
    screen: ReaderScreen,
    Path(id): Path<String>,
    Body(reading): Body<CardReading>,
) -> Result<Json<ReaderScreenState>, ApiError> {
    let id = parse(&id)?;
    let side = Side::Screen(screen.clone());
    // Before a confirmation nothing is looked at.
    may_read_a_card(&state, &side, &id).await?;
    let judged = judge(&state, reading)?;
    let card = Card {
        id: state.entropy.opaque_id()?,
        screen: screen.clone(),
        judged,
    };
    act(&state, side, id, move |writer| card.event(writer)).await?;
    screen_state(&state, &screen.registered).await
}

/// The patient's answers.
#[utoipa::path(
    post,
    path = "/api/reader/visual-confirmations/{id}/consents",
    tag = "reader",
    params(("id" = VisualConfirmationId, Path, description = "At this screen.")),
    request_body = ConsentAnswers,
    responses((status = OK, body = ReaderScreenState), (status = CONFLICT), (status = GONE)),
    security(("reader" = []))
)]
pub(crate) async fn answer(
    State(state): State<AppState>,
    screen: ReaderScreen,
    Path(id): Path<String>,
    Body(given): Body<ConsentAnswers>,
) -> Result<Json<ReaderScreenState>, ApiError> {
    let institution_id = screen.registered.institution_id;
    let event = move |writer: &Writer<'_>| {
        let asked = writer.consents_asked(institution_id)?;
        Ok(Event::Answer(given.answers, asked))
    };
    act(&state, Side::Screen(screen.clone()), parse(&id)?, event).await?;
    screen_state(&state, &screen.registered).await
}

/// Stops it: the screen is back to normal.
#[utoipa::path(
    delete,
    path = "/api/reader/visual-confirmations/{id}",
    tag = "reader",
    params(("id" = VisualConfirmationId, Path, description = "At this screen.")),
    responses((status = OK, body = ReaderScreenState), (status = GONE)),
    security(("reader" = []))
)]
pub(crate) async fn cancel(
    State(state): State<AppState>,
    screen: ReaderScreen,
    Path(id): Path<String>,
) -> Result<Json<ReaderScreenState>, ApiError> {
    let event = Event::Cancel(Party::ReaderScreen);
    act(&state, Side::Screen(screen.clone()), parse(&id)?, |_| {
        Ok(event)
    })
    .await?;
    screen_state(&state, &screen.registered).await
}

/// What a screen sent of a card: what the certificate proves, or why it proves nothing.
fn judge(
    state: &AppState,
    reading: CardReading,
) -> Result<Result<Verified, CardFailure>, ApiError> {
    match reading {
        CardReading::Certificate(text) => match STANDARD.decode(text) {
            Ok(der) => Ok(state.verifier.verify(&der, state.now())),
            Err(_) => Err(ApiError::unreadable_member("certificate")),
        },
        CardReading::Failed(failure) if is_seen_at_a_reader(failure) => Ok(Err(failure)),
        CardReading::Failed(_) => Err(ApiError::Refused(ProblemCode::UnreadableRequest)),
    }
}

/// The rest is the service's to find.
const fn is_seen_at_a_reader(failure: CardFailure) -> bool {
    matches!(
        failure,
        CardFailure::Unreadable
            | CardFailure::NotAMyNumberCard
            | CardFailure::JukiCard
            | CardFailure::Phone
            | CardFailure::NoCertificate
    )
}

/// A card that was presented.
struct Card {
    /// Names it, should it be linked with nobody.
    id: protocol::http::UnlinkedCardId,
    screen: ReaderScreen,
    judged: Result<Verified, CardFailure>,
}

impl Card {
    /// Whose it is, inside the transaction.
    fn event(self, writer: &Writer<'_>) -> Result<Event, ApiError> {
        let verified = match self.judged {
            Ok(verified) => verified,
            Err(failure) => return Ok(Event::CardRefused(failure)),
        };
        let serial = verified.serial.as_str();
        match writer.person_of_certificate(serial)? {
            Ok(person) => Ok(Event::CardAccepted(person.into(), verified.notice)),
            Err(failure) => {
                if failure == CardFailure::NotLinked {
                    writer.keep_unlinked_card(&NewUnlinkedCard {
                        id: self.id,
                        institution_id: self.screen.registered.institution_id,
                        reader_screen: &self.screen.registered.name,
                        certificate_serial_number: serial,
                    })?;
                }
                Ok(Event::CardRefused(failure))
            }
        }
    }
}
