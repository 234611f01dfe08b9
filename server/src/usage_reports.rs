//! 利用報告書: drafts, handing in by a file or over SMTP, and how both sides see it.

mod freeze;
mod send;
mod view;

use domain::audit::Action;
use domain::opening::{Act, Opening, Refusal};
use domain::usage_report::{ReportViolation, UsageReportFields};
use protocol::http::{OpeningId, ProblemCode, ProblemViolation, UsageReportDraft};

use crate::error::ApiError;
use crate::extract::Authenticated;
use crate::mail::ReportMail;
use crate::openings;
use crate::store::{Audited, FrozenReport, OpeningRow, Reader, StoreError, UsageReportRow, Writer};

pub(crate) use freeze::Stop;
pub(crate) use send::send;
pub(crate) use view::view;

/// An institution's opening; another one's is as if it were not there.
pub(crate) fn of_institution(
    reader: &Reader<'_>,
    id: &OpeningId,
    institution_id: i64,
) -> Result<OpeningRow, ApiError> {
    reader
        .opening(id)?
        .filter(|row| row.institution_id == institution_id)
        .ok_or(ApiError::Refused(ProblemCode::NoSuchOpening))
}

/// The report as it is kept, or as it begins.
fn kept(reader: &Reader<'_>, row: &OpeningRow) -> Result<UsageReportRow, StoreError> {
    let kept = reader.usage_report(row.number)?;
    Ok(kept.unwrap_or_else(|| UsageReportRow {
        version: 0,
        fields: UsageReportFields::prefilled(&row.opening.requested().request.contact),
        frozen: None,
        sending_until: None,
    }))
}

/// Saves a draft, from the opening on until it is handed in. One that was made from another
/// version than the last is refused: somebody else has saved meanwhile.
pub(crate) fn save(
    writer: &Writer<'_>,
    row: &OpeningRow,
    draft: &UsageReportDraft,
    by: &Authenticated,
) -> Result<Audited<()>, ApiError> {
    match row.opening.clone().at(writer.now()) {
        Opening::Opened(_) | Opening::Ended(_) => {}
        Opening::HandedIn(_) | Opening::Acknowledged(_) => return Err(Refusal::AlreadyDone.into()),
        Opening::Refused(_) | Opening::Withdrawn(_) => return Err(Refusal::Over.into()),
        _ => return Err(Refusal::NotOpened.into()),
    }
    refuse_if_any(&draft.fields.violations())?;
    let kept = kept(writer, row)?;
    must_not_be_sending(&kept, writer)?;
    if kept.version != draft.version {
        return Err(ApiError::Refused(ProblemCode::ReportChanged));
    }
    let version = kept.version.saturating_add(1);
    writer.save_usage_report(row.number, version, &draft.fields)?;
    let event = by.event(Action::UsageReportSaved);
    Ok(Audited::new((), event.outcome(version.to_string())))
}

/// Hands a report in that a person sends himself.
pub(crate) fn hand_in(
    writer: &Writer<'_>,
    row: OpeningRow,
    version: u32,
    by: &Authenticated,
) -> Result<Audited<()>, Stop> {
    let frozen = freeze::freeze(writer, &row, version)?;
    writer.freeze_usage_report(row.number, &frozen, None)?;
    Ok(taken(writer, row, "file", by)?)
}

/// Takes the step, once the report is frozen.
fn taken(
    writer: &Writer<'_>,
    row: OpeningRow,
    how: &str,
    by: &Authenticated,
) -> Result<Audited<()>, ApiError> {
    let event = by.event(Action::UsageReportHandedIn).outcome(how);
    let text = match how {
        "smtp" => "利用報告書を提出（送信）",
        _ => "利用報告書を提出（メールファイル）",
    };
    let taken = openings::step(writer, row, Act::HandIn, by, event, text)?;
    Ok(taken.map(drop))
}

/// The report that was handed in.
pub(crate) fn handed_in(reader: &Reader<'_>, row: &OpeningRow) -> Result<FrozenReport, ApiError> {
    let is_handed_in = matches!(row.opening, Opening::HandedIn(_) | Opening::Acknowledged(_));
    let frozen = reader.usage_report(row.number)?.and_then(|it| it.frozen);
    let frozen = frozen.filter(|_| is_handed_in);
    frozen.ok_or_else(|| Refusal::NotHandedIn.into())
}

/// The mail of a report; `None` of an opening without a report form, which there is not.
pub(crate) fn mail(row: &OpeningRow, frozen: &FrozenReport) -> Option<ReportMail> {
    let form = row.opening.form_sent()?;
    Some(ReportMail {
        id: format!("usage-report.{}.{}", row.id.as_str(), frozen.version),
        institution_name: frozen.institution_name.clone(),
        from: form.to.clone(),
        to: form.from.clone(),
        at: frozen.at,
        text: frozen.text.clone(),
    })
}

fn must_not_be_sending(report: &UsageReportRow, writer: &Writer<'_>) -> Result<(), ApiError> {
    match report.sending_until {
        Some(until) if writer.now() < until => Err(ApiError::Refused(ProblemCode::ReportBeingSent)),
        _ => Ok(()),
    }
}

fn refuse_if_any(violations: &[ReportViolation]) -> Result<(), ApiError> {
    if violations.is_empty() {
        return Ok(());
    }
    let violation = |it: &ReportViolation| ProblemViolation {
        field: it.field.code().to_owned(),
        message: it.to_string(),
    };
    Err(ApiError::Invalid(
        violations.iter().map(violation).collect(),
    ))
}
