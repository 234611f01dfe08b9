//! `/api/consents-asked`: what the institution's reader screens ask, for administrators.

use axum::Json;
use axum::extract::State;
use domain::audit::Action;
use domain::consent::ConsentBundle;
use protocol::http::{ConsentsAsked, ProblemViolation};

use crate::error::ApiError;
use crate::extract::{Administrator, Body};
use crate::state::AppState;
use crate::store::Audited;

/// What is asked.
#[utoipa::path(
    get,
    path = "/api/consents-asked",
    tag = "consents",
    responses((status = OK, body = ConsentsAsked)),
    security(("session" = []))
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
) -> Result<Json<ConsentsAsked>, ApiError> {
    let institution = administrator.session.account.institution_id;
    let bundles = state
        .store
        .read(move |reader| Ok::<_, ApiError>(reader.consents_asked(institution)?))
        .await?;
    Ok(Json(ConsentsAsked { bundles }))
}

/// Decides what is asked, from the next patient on: at least one, each once.
#[utoipa::path(
    put,
    path = "/api/consents-asked",
    tag = "consents",
    request_body = ConsentsAsked,
    responses((status = OK, body = ConsentsAsked)),
    security(("session" = []))
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    Administrator(administrator): Administrator,
    Body(wanted): Body<ConsentsAsked>,
) -> Result<Json<ConsentsAsked>, ApiError> {
    let is_each_once = (ConsentBundle::ALL.iter()).all(|bundle| {
        wanted
            .bundles
            .iter()
            .filter(|asked| *asked == bundle)
            .count()
            <= 1
    });
    if wanted.bundles.is_empty() || !is_each_once {
        return Err(ApiError::Invalid(vec![ProblemViolation {
            field: "bundles".to_owned(),
            message: "同意を確認する情報を1つ以上、重ならないように選んでください".to_owned(),
        }]));
    }
    let institution = administrator.session.account.institution_id;
    let bundles = wanted.bundles.clone();
    state
        .store
        .write(state.now(), move |writer| {
            administrator.still_administers(writer)?;
            writer.ask_consents(institution, &bundles)?;
            let codes: Vec<_> = bundles.iter().map(|bundle| bundle.code()).collect();
            let event = administrator.event(Action::ConsentsAskedChanged);
            Ok::<_, ApiError>(Audited::new((), event.outcome(codes.join(" "))))
        })
        .await?;
    Ok(Json(wanted))
}
