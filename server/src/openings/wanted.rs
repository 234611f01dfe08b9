//! What an operator wants done, read before the transaction; what the register says is
//! looked up inside of it.

use domain::opening::{Act, ContactName, EmailAddress, Telephone};
use domain::text;
use protocol::http::{BulkStep, OperatorAct, ProblemCode};

use super::OpeningRules;
use crate::error::ApiError;
use crate::store::{OpeningRow, Reader};

/// The most characters of a reason.
const MOST_REASON: usize = 200;

/// What is wanted.
#[derive(Clone)]
pub(crate) enum Wanted {
    /// 「電話確認を記録」.
    CallBack(ContactName),
    /// 「利用報告書を送付」, from an address.
    SendForm(EmailAddress),
    /// What needs nothing of the register.
    Act(Act),
}

impl Wanted {
    /// An act on one opening.
    pub(crate) fn one(act: OperatorAct, rules: &OpeningRules) -> Result<Self, ApiError> {
        Ok(match act {
            OperatorAct::CallBack { spoken_to } => {
                let spoken_to = spoken_to.parse::<ContactName>();
                let spoken_to = spoken_to
                    .map_err(|error| ApiError::invalid("spoken_to", &error.to_string()))?;
                Self::CallBack(spoken_to)
            }
            OperatorAct::SendForm => Self::send_form(rules)?,
            OperatorAct::Open { hours } => Self::Act(Act::Open { hours }),
            OperatorAct::Extend { hours } => Self::Act(Act::Extend { hours }),
            OperatorAct::End(why) => Self::Act(Act::End {
                reason: reason(&why.reason)?,
            }),
            OperatorAct::Refuse(why) => Self::Act(Act::Refuse {
                reason: reason(&why.reason)?,
            }),
            OperatorAct::Withdraw(why) => Self::Act(Act::Withdraw {
                reason: reason(&why.reason)?,
            }),
            OperatorAct::Acknowledge => Self::Act(Act::Acknowledge),
        })
    }

    /// A step of many openings, for a reason.
    pub(crate) fn many(
        step: BulkStep,
        reason: &str,
        rules: &OpeningRules,
    ) -> Result<Self, ApiError> {
        Ok(match step {
            BulkStep::SendForm => Self::send_form(rules)?,
            BulkStep::Open { hours } => Self::Act(Act::Open { hours }),
            BulkStep::Extend { hours } => Self::Act(Act::Extend { hours }),
            BulkStep::End => Self::Act(Act::End {
                reason: reason.to_owned(),
            }),
        })
    }

    fn send_form(rules: &OpeningRules) -> Result<Self, ApiError> {
        let from = rules.report_address.clone();
        let from = from.ok_or(ApiError::Refused(ProblemCode::NoReportAddress))?;
        Ok(Self::SendForm(from))
    }

    /// The act, with what is registered at this moment.
    pub(crate) fn act(self, reader: &Reader<'_>, row: &OpeningRow) -> Result<Act, ApiError> {
        Ok(match self {
            Self::CallBack(spoken_to) => Act::CallBack {
                spoken_to,
                telephone: contact(reader, row)?.0,
            },
            Self::SendForm(from) => Act::SendForm {
                from,
                to: contact(reader, row)?.1,
            },
            Self::Act(act) => act,
        })
    }
}

/// The number and the address in the register. Whoever is registered has both.
fn contact(reader: &Reader<'_>, row: &OpeningRow) -> Result<(Telephone, EmailAddress), ApiError> {
    let found = reader.registered_institution_of(row.institution_id)?;
    let registered = found.map(|found| (found.registered.telephone, found.registered.email));
    match registered {
        Some((Some(telephone), Some(email))) => Ok((telephone, email)),
        _ => Err(ApiError::Refused(ProblemCode::NoRegisteredContact)),
    }
}

/// Why something is done: 1 to 200 characters.
pub(crate) fn reason(text: &str) -> Result<String, ApiError> {
    let reason = text::optional(text, MOST_REASON)
        .map_err(|error| ApiError::invalid("reason", &error.to_string()))?;
    reason.ok_or_else(|| ApiError::invalid("reason", "理由を入力してください"))
}
