//! The beginning of a visual confirmation.

use domain::audit::Action;
use domain::visual_confirmation::{Open, Route};
use protocol::http::{ProblemCode, ReaderScreenId};

use super::end::{self, Why};
use super::{Side, Stop};
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::{AuditEvent, Audited, RegisteredScreen, Standing, Writer};

/// Begins one at a screen: from a terminal, or with a passcode at the screen itself.
pub(crate) async fn begin(
    state: &AppState,
    side: Side,
    screen: ReaderScreenId,
    route: Route,
) -> Result<(), ApiError> {
    let institution_id = side.institution_id();
    let id = state.entropy.opaque_id()?;
    let events = state.events.clone();
    let work = move |writer: &Writer<'_>| {
        let screen = writer.reader_screen(institution_id, &screen)?;
        let screen = screen.ok_or_else(|| refused(ProblemCode::NoSuchReaderScreen))?;
        let ended = make_way(writer, &screen, route)?;
        match route {
            Route::Terminal { .. } if !events.presence().is_online(screen.number) => {
                return Err(refused(ProblemCode::ReaderOffline));
            }
            Route::Reader { passcode } if !writer.use_passcode(passcode)? => {
                return Err(refused(ProblemCode::PasscodeEnded));
            }
            _ => {}
        }
        let open = Open::begin(route, writer.now());
        writer.begin_visual_confirmation(&id, screen.number, institution_id, &open)?;
        let begun = side.event(Action::VisualConfirmationBegun);
        Ok(Audited::new((), begun.outcome(code(route))).and(ended))
    };
    Stop::said(state.store.write(state.now(), work).await, ())?;
    state.events.changed(institution_id);
    Ok(())
}

fn refused(code: ProblemCode) -> Stop {
    ApiError::Refused(code).into()
}

/// A screen has one at a time. One that is over by its time makes way for the next; the
/// same begun twice, because the answer was lost or it was pressed twice, is one.
fn make_way(
    writer: &Writer<'_>,
    screen: &RegisteredScreen,
    route: Route,
) -> Result<Option<AuditEvent>, Stop> {
    let Some(row) = writer.open_visual_confirmation(screen.number)? else {
        return Ok(None);
    };
    match &row.standing {
        Standing::Open(open) if !open.is_expired(writer.now()) => {
            let is_same = open.begun().route == route && matches!(open, Open::Requested(_));
            Err(if is_same {
                Stop::Said
            } else {
                refused(ProblemCode::ReaderBusy)
            })
        }
        _ => Ok(Some(end::end(writer, &row, Why::Expired)?)),
    }
}

const fn code(route: Route) -> &'static str {
    match route {
        Route::Terminal { .. } => "terminal",
        Route::Reader { .. } => "reader",
    }
}
