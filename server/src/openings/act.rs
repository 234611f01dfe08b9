//! One step of an opening, with its audit event and its line of the timeline.

use domain::audit::Action;
use domain::opening::{Act, Side, Step};

use super::settle::settle;
use super::timeline;
use crate::error::ApiError;
use crate::extract::Authenticated;
use crate::store::{AuditEvent, Audited, OpeningRow, Writer};

/// Takes a step of whichever side somebody is on; `bulk` is why it is taken for many.
pub(crate) fn take(
    writer: &Writer<'_>,
    row: OpeningRow,
    act: Act,
    by: &Authenticated,
    bulk: Option<&str>,
) -> Result<Audited<OpeningRow>, ApiError> {
    let event = event(&row, &act, by);
    let text = timeline::of_act(&act, bulk);
    step(writer, row, act, by, event, &text)
}

/// The same, with an event and words of one's own.
pub(super) fn step(
    writer: &Writer<'_>,
    row: OpeningRow,
    act: Act,
    by: &Authenticated,
    event: AuditEvent,
    text: &str,
) -> Result<Audited<OpeningRow>, ApiError> {
    let account = &by.session.account;
    let step = Step {
        by: account.id.number(),
        at: writer.now(),
    };
    let (opening, ended) = settle(writer, &row)?;
    let opening = opening.apply(act, side(by), step)?;
    writer.keep_opening(row.number, &opening)?;
    writer.add_opening_step(row.institution_id, Some(row.number), Some(account.id), text)?;
    let row = OpeningRow { opening, ..row };
    Ok(match ended {
        Some(ended) => Audited::new(row, ended).and([event]),
        None => Audited::new(row, event),
    })
}

/// Which side somebody is on.
pub(super) const fn side(somebody: &Authenticated) -> Side {
    if somebody.session.account.role.may_operate() {
        Side::Operator
    } else {
        Side::Institution
    }
}

/// What the trail says: of an operator's act, for whom it was.
fn event(row: &OpeningRow, act: &Act, by: &Authenticated) -> AuditEvent {
    let event = by.event(action(act));
    let code = row.institution.medical_institution_code.as_str();
    match (side(by), act) {
        (Side::Institution, _) => event,
        (Side::Operator, Act::Open { hours } | Act::Extend { hours }) => {
            event.outcome(format!("{code} {hours}"))
        }
        (Side::Operator, _) => event.outcome(code),
    }
}

const fn action(act: &Act) -> Action {
    match act {
        Act::CallBack { .. } => Action::CallBackRecorded,
        Act::SendForm { .. } => Action::ReportFormSent,
        Act::Open { .. } => Action::FunctionOpened,
        Act::Extend { .. } => Action::FunctionExtended,
        Act::End { .. } => Action::FunctionEnded,
        Act::Refuse { .. } => Action::OpeningRefused,
        Act::Withdraw { .. } => Action::OpeningWithdrawn,
        Act::HandIn => Action::UsageReportHandedIn,
        Act::Acknowledge => Action::UsageReportAcknowledged,
    }
}
