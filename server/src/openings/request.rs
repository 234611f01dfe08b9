//! 利用申請.

use domain::audit::Action;
use domain::opening::{Cause, ContactName, InvalidContact, Opening, Request, Side, Step};
use domain::text::{self, TextError};
use protocol::http::{OpeningId, ProblemCode, ProblemViolation};

use super::act::side;
use super::settle::settle;
use super::timeline;
use crate::error::ApiError;
use crate::extract::Authenticated;
use crate::store::{Audited, InstitutionRow, Writer};

/// The most characters of what else there is to say.
const MOST_REMARK: usize = 400;

/// What was entered, as either side entered it; all that is wrong is named at once.
pub(crate) fn parse(
    contact: &str,
    cause: &str,
    remark: &str,
    is_by_telephone: bool,
) -> Result<Request, ApiError> {
    let contact: Result<ContactName, InvalidContact> = contact.parse();
    let cause = cause.parse::<Cause>();
    let remark: Result<Option<String>, TextError> = text::optional(remark, MOST_REMARK);
    let violations = [
        violation("contact", contact.as_ref().err()),
        violation("cause", cause.as_ref().err()),
        violation("remark", remark.as_ref().err()),
    ];
    match (contact, cause, remark) {
        (Ok(contact), Ok(cause), Ok(remark)) => Ok(Request {
            contact,
            cause,
            remark,
            is_by_telephone,
        }),
        _ => Err(ApiError::Invalid(
            violations.into_iter().flatten().collect(),
        )),
    }
}

fn violation(field: &str, error: Option<&impl ToString>) -> Option<ProblemViolation> {
    error.map(|error| ProblemViolation {
        field: field.to_owned(),
        message: error.to_string(),
    })
}

/// Begins an opening, unless one is under way.
pub(crate) fn request(
    writer: &Writer<'_>,
    institution: &InstitutionRow,
    id: &OpeningId,
    request: Request,
    by: &Authenticated,
) -> Result<Audited<()>, ApiError> {
    let mut ended = None;
    if let Some(last) = writer.last_opening(institution.number)? {
        let (opening, event) = settle(writer, &last)?;
        if opening.is_under_way(writer.now()) {
            return Err(ApiError::Refused(ProblemCode::OpeningUnderWay));
        }
        ended = event;
    }
    let event = by.event(Action::OpeningRequested);
    let event = match side(by) {
        Side::Institution => event.outcome(request.cause.code()),
        Side::Operator => event.outcome(institution.registered.medical_institution_code.as_str()),
    };
    let account = by.session.account.id;
    let text = timeline::of_request(&request);
    let step = Step {
        by: account.number(),
        at: writer.now(),
    };
    let opening = Opening::request(request, step);
    let number = writer.add_opening(id, institution.number, &opening)?;
    writer.add_opening_step(institution.number, Some(number), Some(account), &text)?;
    Ok(match ended {
        Some(ended) => Audited::new((), ended).and([event]),
        None => Audited::new((), event),
    })
}
