//! What is handed in, put together at that moment: it does not change any more.

use domain::opening::{Ended, Opening, Refusal};
use domain::usage_report::{Usage, UsageReport, UsageReportFields};
use protocol::http::ProblemCode;

use super::{kept, must_not_be_sending, refuse_if_any};
use crate::error::ApiError;
use crate::store::{FrozenReport, OpeningRow, StoreError, Writer};

/// Why a report is not handed in now.
#[derive(Debug)]
pub(crate) enum Stop {
    /// This version was, before.
    Already,
    /// It can't be.
    Refused(ApiError),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// The report in the version that was looked at; it must be complete, and the opening at its end.
pub(super) fn freeze(
    writer: &Writer<'_>,
    row: &OpeningRow,
    version: u32,
) -> Result<FrozenReport, Stop> {
    let kept = kept(writer, row)?;
    let ended = match row.opening.clone().at(writer.now()) {
        Opening::Ended(ended) => ended,
        Opening::HandedIn(_) | Opening::Acknowledged(_) => {
            let is_it = kept.frozen.is_some_and(|it| it.version == version);
            return Err(if is_it {
                Stop::Already
            } else {
                ApiError::from(Refusal::AlreadyDone).into()
            });
        }
        Opening::Refused(_) | Opening::Withdrawn(_) => {
            return Err(ApiError::from(Refusal::Over).into());
        }
        _ => return Err(ApiError::from(Refusal::NotEnded).into()),
    };
    must_not_be_sending(&kept, writer)?;
    if kept.version != version {
        return Err(ApiError::Refused(ProblemCode::ReportChanged).into());
    }
    refuse_if_any(&kept.fields.missing())?;
    let report = report(writer, row, &ended, kept.fields)?;
    Ok(FrozenReport {
        version,
        at: writer.now(),
        text: report.text(),
        institution_name: report.institution_name,
        usage: report.usage,
        fields: report.fields,
        is_sent: false,
    })
}

fn report(
    writer: &Writer<'_>,
    row: &OpeningRow,
    ended: &Ended,
    fields: UsageReportFields,
) -> Result<UsageReport, StoreError> {
    let period = ended.opened.period;
    let code = &row.institution.medical_institution_code;
    Ok(UsageReport {
        medical_institution_code: code.clone(),
        institution_name: row.institution.name.clone(),
        cause: row.opening.requested().request.cause,
        period,
        usage: Usage::count(writer.uses(code, period)?),
        fields,
    })
}
