//! Ends of visual confirmations that nobody asked for.

use domain::audit::Action;
use domain::timestamp::Timestamp;

use crate::state::AppState;
use crate::store::{
    Actor, AuditEvent, Audited, ReaderScreenNumber, Standing, StoreError, VisualConfirmationRow,
    Writer,
};

/// Why one ends without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// Somebody stopped it.
    Cancelled,
    /// Nobody did anything.
    Expired,
    /// The session that began it has ended: nobody could open a result.
    LoggedOut,
    /// The screen's registration was ended.
    Revoked,
}

impl Why {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::LoggedOut => "logged_out",
            Self::Revoked => "revoked",
        }
    }
}

/// Ends one; it is its screen that is back to normal.
pub(super) fn end(
    writer: &Writer<'_>,
    row: &VisualConfirmationRow,
    why: Why,
) -> Result<AuditEvent, StoreError> {
    writer.end_visual_confirmation(row)?;
    let event = AuditEvent::new(
        Action::VisualConfirmationEnded,
        Some(Actor::ReaderScreen(row.screen)),
    );
    Ok(event.outcome(why.code()))
}

/// Ends the one that a screen has open, whose registration ends.
pub(crate) fn end_open(
    writer: &Writer<'_>,
    screen: ReaderScreenNumber,
) -> Result<Option<AuditEvent>, StoreError> {
    match writer.open_visual_confirmation(screen)? {
        Some(row) => end(writer, &row, Why::Revoked).map(Some),
        None => Ok(None),
    }
}

/// Ends what is overdue, tells who follows of results that closed since the last time, and
/// forgets what was over long ago. Gives the time that it was done for.
pub(crate) async fn sweep(state: &AppState, since: Timestamp) -> Result<Timestamp, StoreError> {
    let now = state.now();
    let read = state.store.read(move |reader| {
        let overdue = reader.overdue_visual_confirmations(now)?;
        let closed = reader.institutions_with_closed_results(since, now)?;
        Ok::<_, StoreError>((overdue, closed))
    });
    let (overdue, closed) = read.await?;
    for row in overdue {
        let institution_id = row.institution_id;
        if end_overdue(state, row, now).await? {
            state.events.changed(institution_id);
        }
    }
    for institution_id in closed {
        state.events.changed(institution_id);
    }
    state.store.forget_visual_confirmations(now).await?;
    Ok(now)
}

/// Ends one unless somebody did something meanwhile; whether it was ended.
async fn end_overdue(
    state: &AppState,
    row: VisualConfirmationRow,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let work = move |writer: &Writer<'_>| {
        let mut overdue = writer.overdue_visual_confirmations(now)?.into_iter();
        let row = overdue.find(|still| still.id == row.id);
        let row = row.ok_or(InTime::Yes)?;
        let why = match &row.standing {
            Standing::Open(open) if !open.is_expired(now) => Why::LoggedOut,
            _ => Why::Expired,
        };
        Ok(Audited::new((), end(writer, &row, why)?))
    };
    match state.store.write(now, work).await {
        Ok(()) => Ok(true),
        Err(InTime::Yes) => Ok(false),
        Err(InTime::Unknown(error)) => Err(error),
    }
}

/// Whether one that was overdue is so no more.
enum InTime {
    Yes,
    Unknown(StoreError),
}

impl From<StoreError> for InTime {
    fn from(error: StoreError) -> Self {
        Self::Unknown(error)
    }
}
