//! One act on a visual confirmation that is open.

use domain::audit::Action;
use domain::consent::{Consent, ConsentAnswer, ConsentBundle};
use domain::visual_confirmation::{Completed, Event, Next, Open, Refusal};
use protocol::http::{ProblemCode, VisualConfirmationId};

use super::end::{self, Why};
use super::{Side, Stop};
use crate::entropy::Entropy;
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::{AuditEvent, Audited, Reader, Standing, VisualConfirmationRow, Writer};

/// Makes an event happen that `event` tells inside the transaction. What a lost answer
/// makes a page say again is answered as if it were the first time.
pub(crate) async fn act(
    state: &AppState,
    side: Side,
    id: VisualConfirmationId,
    event: impl FnOnce(&Writer<'_>) -> Result<Event, ApiError> + Send + 'static,
) -> Result<(), ApiError> {
    let institution_id = side.institution_id();
    let entropy = state.entropy.clone();
    let work = move |writer: &Writer<'_>| {
        let row = find(writer.visual_confirmation(&id)?, &side)?;
        let event = event(writer)?;
        let Standing::Open(open) = &row.standing else {
            return Err(past(&row, &event));
        };
        if open.is_expired(writer.now()) {
            let ended = end::end(writer, &row, Why::Expired)?;
            return Ok(Audited::new(Went::Over, ended));
        }
        let turn = Turn {
            writer,
            side: &side,
            row: &row,
        };
        Ok(turn.take(*open, &event, &*entropy)?.map(|()| Went::On))
    };
    let went = Stop::said(state.store.write(state.now(), work).await, Went::On)?;
    state.events.changed(institution_id);
    match went {
        Went::On => Ok(()),
        Went::Over => Err(ApiError::Refused(ProblemCode::VisualConfirmationOver)),
    }
}

/// Somebody is still there, or wants another one to follow: acts on nobody's information.
pub(crate) async fn stay(
    state: &AppState,
    side: Side,
    id: VisualConfirmationId,
    event: Event,
) -> Result<(), ApiError> {
    let (institution_id, now) = (side.institution_id(), state.now());
    let change = move |row: Option<&VisualConfirmationRow>| {
        let row = find(row.cloned(), &side)?;
        let Standing::Open(open) = row.standing else {
            return Err(over());
        };
        match open.apply(event, now)? {
            Next::Open(open) => Ok(open),
            // These events end nothing.
            Next::Completed(_) | Next::Cancelled(_) => Err(over()),
        }
    };
    state.store.touch_visual_confirmation(id, change).await?;
    state.events.changed(institution_id);
    Ok(())
}

/// Refuses a card for one that is not confirmed, without a look at the card.
pub(crate) async fn may_read_a_card(
    state: &AppState,
    side: &Side,
    id: &VisualConfirmationId,
) -> Result<(), ApiError> {
    let id = id.clone();
    let read = move |reader: &Reader<'_>| Ok::<_, ApiError>(reader.visual_confirmation(&id)?);
    let row = find(state.store.read(read).await?, side)?;
    match row.standing {
        Standing::Open(Open::Requested(_)) => Err(Refusal::NotConfirmed.into()),
        Standing::Open(Open::Confirmed(_) | Open::Presented(_)) => Ok(()),
        Standing::Completed(_) | Standing::Ended => Err(over()),
    }
}

enum Went {
    On,
    /// Its time was over: it was ended instead.
    Over,
}

fn over() -> ApiError {
    ApiError::Refused(ProblemCode::VisualConfirmationOver)
}

/// Of another institution or screen is as good as none.
fn find(
    row: Option<VisualConfirmationRow>,
    side: &Side,
) -> Result<VisualConfirmationRow, ApiError> {
    row.filter(|row| side.may_know(row)).ok_or_else(over)
}

/// What comes too late for one that has ended.
fn past(row: &VisualConfirmationRow, event: &Event) -> Stop {
    let is_said = match (&row.standing, event) {
        (_, Event::Cancel(_)) => true,
        (Standing::Completed(completed), Event::Answer(answers, _)) => {
            completed.consents() == consents_as_given(completed, answers)
        }
        _ => false,
    };
    if is_said { Stop::Said } else { over().into() }
}

/// What the answers would have brought at the time of the first ones.
fn consents_as_given(completed: &Completed, answers: &[ConsentAnswer]) -> Vec<Consent> {
    domain::consent::consents(answers, completed.at())
}

/// What says again what is so already.
fn is_said(open: &Open, event: &Event, refusal: Refusal) -> bool {
    match (event, refusal, open) {
        (Event::Confirm(_), Refusal::AlreadyConfirmed | Refusal::AlreadyPresented, _)
        | (Event::Withdraw(_), Refusal::NotConfirmed, _) => true,
        (Event::CardAccepted(person, _), Refusal::AlreadyPresented, Open::Presented(it)) => {
            it.presentation().person == *person
        }
        _ => false,
    }
}

/// One act inside its transaction.
struct Turn<'a, 'c> {
    writer: &'a Writer<'c>,
    side: &'a Side,
    row: &'a VisualConfirmationRow,
}

impl Turn<'_, '_> {
    fn take(&self, open: Open, event: &Event, entropy: &dyn Entropy) -> Result<Audited<()>, Stop> {
        let audit = self.audit(event);
        let next = match open.apply(event.clone(), self.writer.now()) {
            Ok(next) => next,
            Err(refusal) if is_said(&open, event, refusal) => return Err(Stop::Said),
            Err(refusal) => return Err(refusal.into()),
        };
        match next {
            Next::Open(open) => self.writer.keep_visual_confirmation(self.row, &open)?,
            Next::Completed(completed) => return Ok(self.complete(&completed, event, entropy)?),
            Next::Cancelled(_) => self.writer.end_visual_confirmation(self.row)?,
        }
        Ok(Audited::new((), audit))
    }

    fn audit(&self, event: &Event) -> AuditEvent {
        let said = |action| self.side.event(action);
        match event {
            Event::Confirm(_) => said(Action::IdentityConfirmed),
            Event::Withdraw(_) => said(Action::ConfirmationWithdrawn),
            Event::CardAccepted(person, _) => said(Action::CardPresented).about((*person).into()),
            Event::CardRefused(failure) => said(Action::CardRefused).outcome(failure.code()),
            Event::Answer(answers, _) => said(Action::ConsentsGiven).outcome(agreed(answers)),
            // The last two come by `stay` and are no acts on anybody's information.
            Event::Cancel(_) | Event::Follow(..) | Event::Stay(_) => {
                said(Action::VisualConfirmationEnded).outcome(Why::Cancelled.code())
            }
        }
    }

    /// There is a result, and another patient's turn where that was wanted.
    fn complete(
        &self,
        completed: &Completed,
        event: &Event,
        entropy: &dyn Entropy,
    ) -> Result<Audited<()>, ApiError> {
        let person = completed.presentation().person;
        self.writer
            .complete_visual_confirmation(self.row, completed)?;
        let mut next = None;
        if let Some(requested) = completed.next(self.writer.now()) {
            let id = entropy.opaque_id()?;
            let (screen, institution_id) = (self.row.screen, self.row.institution_id);
            let open = Open::Requested(requested);
            self.writer
                .begin_visual_confirmation(&id, screen, institution_id, &open)?;
            let begun = self.side.event(Action::VisualConfirmationBegun);
            next = Some(begun.outcome("following"));
        }
        Ok(Audited::new((), self.audit(event).about(person.into())).and(next))
    }
}

/// The bundles that were agreed to, by their codes.
fn agreed(answers: &[ConsentAnswer]) -> String {
    let agreed = answers.iter().filter(|answer| answer.agrees);
    let codes: Vec<_> = agreed
        .map(|answer| ConsentBundle::code(answer.bundle))
        .collect();
    codes.join(" ")
}
