//! How a visual confirmation ended, as far as its screen can tell.

use protocol::http::VisualConfirmationState;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The patient has answered.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// Nobody did anything for too long.
    Expired,
}

/// A state is told some time after it was true, and an end some time after it came.
const SLACK_SECONDS: f64 = 3.0;

/// How the one before ended, if it has: `seconds` have passed since it was last told, and
/// the patient's answers have been given or not.
pub(crate) fn ending(
    before: Option<&VisualConfirmationState>,
    now: Option<&VisualConfirmationState>,
    seconds: f64,
    has_answered: bool,
) -> Option<Ending> {
    let before = before?;
    if now.is_some_and(|now| now.id == before.id) {
        return None;
    }
    let rest = f64::from(before.expires_in_seconds) - seconds;
    Some(if has_answered {
        Ending::Done
    } else if rest <= SLACK_SECONDS {
        Ending::Expired
    } else {
        Ending::Cancelled
    })
}

/// For how long an ending is shown, in seconds; a card that is still there is asked
/// to be taken for longer, unless the next patient's turn has come.
pub(crate) const fn show_seconds(ending: Ending, is_card_there: bool, is_next: bool) -> f64 {
    match (ending, is_card_there, is_next) {
        (_, true, false) => 60.0,
        (_, true, true) => 10.0,
        (Ending::Done, false, _) => 5.0,
        (Ending::Cancelled | Ending::Expired, false, _) => 3.0,
    }
}
