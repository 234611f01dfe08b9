//! `POST /api/card-links`: an administrator links a presented card with a person that
//! he has found by an ordinary search.

use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::Action;
use protocol::http::{CardLink, ProblemCode};

use crate::error::ApiError;
use crate::extract::{Administrator, Body};
use crate::state::AppState;
use crate::store::{Audited, Link};

/// Links a card that nobody is linked with.
///
/// A person has one card: another one takes its place only where that is said.
#[utoipa::path(
    post,
    path = "/api/card-links",
    tag = "cards",
    request_body = CardLink,
    responses((status = NO_CONTENT), (status = CONFLICT), (status = GONE)),
    security(("session" = []))
)]
pub(crate) async fn link(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(wanted): Body<CardLink>,
) -> Result<StatusCode, ApiError> {
    let now = state.now();
    let institution = administrator.session.account.institution_id;
    let candidate = administrator.seal().open(&wanted.candidate, now);
    let person = candidate
        .ok_or(ApiError::Refused(ProblemCode::CandidateExpired))?
        .person;
    state
        .store
        .write(now, move |writer| {
            administrator.still_administers(writer)?;
            let link = writer.link_card(&wanted.card, institution, person, wanted.replaces)?;
            let outcome = match link.ok_or(ApiError::Refused(ProblemCode::NoSuchCard))? {
                Link::First => "first",
                Link::Replaced => "replaced",
                Link::HasAnother => {
                    return Err(ApiError::Refused(ProblemCode::AnotherCardLinked));
                }
            };
            let event = administrator.event(Action::CardLinked);
            Ok(Audited::new((), event.about(person).outcome(outcome)))
        })
        .await?;
    state.events.changed(institution);
    Ok(StatusCode::NO_CONTENT)
}
