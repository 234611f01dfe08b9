//! The register of institutions: what is entered, and files of it.

mod file;

use domain::identifier::MedicalInstitutionCode;
use domain::opening::{EmailAddress, Telephone};
use domain::text;
use protocol::http::ProblemViolation;

pub(crate) use file::read;

use crate::openings::of_registration;
use crate::store::{AccountId, Registered, Registration, StoreError, Writer};

/// The most characters of a name.
const MOST_NAME: usize = 80;

/// An institution as entered, by the names of its members on the wire; all that is wrong
/// is named at once.
pub(crate) fn parse(
    code: MedicalInstitutionCode,
    name: &str,
    telephone: &str,
    email: &str,
) -> Result<Registration, Vec<ProblemViolation>> {
    let name = text::optional(name, MOST_NAME)
        .map_err(|error| error.to_string())
        .and_then(|name| name.ok_or_else(|| "入力してください".to_owned()));
    let telephone = telephone.parse().map_err(|error| message(&error));
    let email = email.parse().map_err(|error| message(&error));
    let violations = [
        violation("name", name.as_ref().err()),
        violation("telephone", telephone.as_ref().err()),
        violation("email", email.as_ref().err()),
    ];
    let parsed: (_, Result<Telephone, String>, Result<EmailAddress, String>) =
        (name, telephone, email);
    match parsed {
        (Ok(name), Ok(telephone), Ok(email)) => Ok(Registration {
            medical_institution_code: code,
            name,
            telephone,
            email,
        }),
        _ => Err(violations.into_iter().flatten().collect()),
    }
}

fn message(error: &domain::opening::InvalidContact) -> String {
    error.to_string()
}

fn violation(field: &str, message: Option<&String>) -> Option<ProblemViolation> {
    message.map(|message| ProblemViolation {
        field: field.to_owned(),
        message: message.clone(),
    })
}

/// Writes an institution into the register, and what that changed into its timeline.
pub(crate) fn register(
    writer: &Writer<'_>,
    new: &Registration,
    by: Option<AccountId>,
) -> Result<Registered, StoreError> {
    let registered = writer.register_institution(new)?;
    let (before, now) = match &registered {
        Registered::Added(now) => (None, now),
        Registered::Changed { before, now } => (Some(before), now),
        Registered::Unchanged(_) => return Ok(registered),
    };
    let text = of_registration(before, &now.registered);
    writer.add_opening_step(now.number, None, by, &text)?;
    Ok(registered)
}
