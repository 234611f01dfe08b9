//! An entry of the passcode at a reader screen: counted durably before it is compared.

use domain::audit::Action;
use domain::passcode::{InvalidPasscode, Passcode, PasscodeState};
use domain::visual_confirmation::PasscodeNumber;
use protocol::http::{ProblemCode, ProblemViolation};

use crate::error::ApiError;
use crate::extract::ReaderScreen;
use crate::state::AppState;
use crate::store::{Audited, Counted, PasscodeEntry, Writer};

/// Gives the passcode that an entry at a screen is, or says why it is none. What
/// fails is audited.
pub(crate) async fn enter(
    state: &AppState,
    screen: &ReaderScreen,
    entry: &str,
) -> Result<PasscodeNumber, ApiError> {
    // Without four digits it is a slip, and nothing to compare.
    let entry: Passcode = entry.parse().map_err(invalid)?;
    let institution = screen.registered.institution_id;
    let name = screen.registered.name.clone();
    let counted = state
        .store
        .count_passcode_entry(institution, name, state.now());
    match counted.await? {
        Counted::Compare(counted) => compare(state, screen, entry, counted).await,
        Counted::Wait(wait_seconds) => {
            audit(state, screen, Action::PasscodeDelayed, None).await?;
            let code = ProblemCode::PasscodeDelayed;
            Err(ApiError::Early { code, wait_seconds })
        }
        Counted::Void => make_void(state, screen).await,
        Counted::NoneInForce(ended_as) => {
            let outcome = ended_as.map_or("none", PasscodeState::code);
            audit(state, screen, Action::PasscodeRefused, Some(outcome)).await?;
            Err(ApiError::Refused(match ended_as {
                Some(PasscodeState::Void) => ProblemCode::PasscodeVoid,
                Some(PasscodeState::Revoked) => ProblemCode::PasscodeEnded,
                _ => ProblemCode::NoPasscode,
            }))
        }
    }
}

async fn compare(
    state: &AppState,
    screen: &ReaderScreen,
    entry: Passcode,
    counted: PasscodeEntry,
) -> Result<PasscodeNumber, ApiError> {
    let secret = state.passcodes.secret.clone();
    let hash = counted.hash.clone();
    let fits = state.passwords.at_work(move || secret.fits(&entry, &hash));
    if fits.await? {
        let number = counted.number;
        state.store.forgive_passcode_entry(counted).await?;
        return Ok(number);
    }
    audit(state, screen, Action::PasscodeRefused, Some("wrong")).await?;
    let code = ProblemCode::PasscodeWrong;
    Err(match counted.wait_seconds {
        0 => ApiError::Refused(code),
        wait_seconds => ApiError::Early { code, wait_seconds },
    })
}

/// The entry that ends the passcode, whatever it was.
async fn make_void(state: &AppState, screen: &ReaderScreen) -> Result<PasscodeNumber, ApiError> {
    let institution = screen.registered.institution_id;
    let name = screen.registered.name.clone();
    let voided = screen.event(Action::PasscodeVoided);
    let refused = screen.event(Action::PasscodeRefused);
    let refused = refused.outcome(PasscodeState::Void.code());
    let make_void = move |writer: &Writer<'_>| {
        let is_first = writer.void_passcode_by_entries(institution, &name)?;
        Ok::<_, ApiError>(Audited::new((), if is_first { voided } else { refused }))
    };
    state.store.write(state.now(), make_void).await?;
    state.events.changed(institution);
    Err(ApiError::Refused(ProblemCode::PasscodeVoid))
}

async fn audit(
    state: &AppState,
    screen: &ReaderScreen,
    action: Action,
    outcome: Option<&str>,
) -> Result<(), ApiError> {
    let event = screen.event(action);
    let event = match outcome {
        Some(outcome) => event.outcome(outcome),
        None => event,
    };
    let audited = |_: &Writer<'_>| Ok::<_, ApiError>(Audited::new((), event));
    state.store.write(state.now(), audited).await
}

fn invalid(error: InvalidPasscode) -> ApiError {
    ApiError::Invalid(vec![ProblemViolation {
        field: "passcode".to_owned(),
        message: error.to_string(),
    }])
}
