//! Handing in over SMTP: the report is handed in when the mail server took it, not before,
//! and no version of it is given to it twice.

use domain::audit::Action;
use lettre::Message;
use protocol::http::{OpeningId, ProblemCode};
use tracing::Instrument as _;

use super::freeze::{Stop, freeze};
use super::{kept, of_institution, taken};
use crate::error::ApiError;
use crate::extract::Authenticated;
use crate::mail::Undelivered;
use crate::state::AppState;
use crate::store::{Audited, FrozenReport, OpeningRow, Writer};

/// How long the mail server's answer is waited for, in seconds: longer than
/// [`crate::mail::MailServer::deliver`] takes. Who comes later finds out that nobody knows.
const SENDING_SECONDS: i64 = 60;

/// Sends a version of a report. Goes on to the end even when the page has gone away.
pub(crate) async fn send(
    state: &AppState,
    id: OpeningId,
    version: u32,
    by: Authenticated,
) -> Result<(), Stop> {
    let not_set_up = || ApiError::Refused(ProblemCode::MailNotSetUp);
    let server = state.mail_server.clone().ok_or_else(not_set_up)?;
    let state = state.clone();
    let work = async move {
        let mail = begin(&state, id.clone(), version, by.clone()).await?;
        let delivered = server.deliver(&mail).await;
        Ok(end(&state, id, version, by, delivered).await?)
    };
    let task = tokio::spawn(work.in_current_span());
    task.await
        .map_err(|_| ApiError::Refused(ProblemCode::Internal))?
}

/// Notes that a version is being sent, before anybody is given it.
async fn begin(
    state: &AppState,
    id: OpeningId,
    version: u32,
    by: Authenticated,
) -> Result<Message, Stop> {
    let institution = by.session.account.institution_id;
    let work = move |writer: &Writer<'_>| {
        by.still_administers(writer)?;
        let row = of_institution(writer, &id, institution)?;
        must_not_be_uncertain(writer, &row, version)?;
        let frozen = freeze(writer, &row, version)?;
        let mail = mail(&row, &frozen)?;
        let until = writer.now().plus_seconds(SENDING_SECONDS);
        writer.freeze_usage_report(row.number, &frozen, Some(until))?;
        let event = by.event(Action::UsageReportSent).outcome("begun");
        Ok::<_, Stop>(Audited::new(mail, event))
    };
    state.store.write(state.now(), work).await
}

/// A version that the mail server may have is not given to it again.
fn must_not_be_uncertain(
    writer: &Writer<'_>,
    row: &OpeningRow,
    version: u32,
) -> Result<(), ApiError> {
    let report = kept(writer, row)?;
    let now = writer.now();
    let until = report.sending_until.filter(|until| *until <= now);
    match (until, report.frozen) {
        (Some(_), Some(frozen)) if frozen.version == version => {
            Err(ApiError::Refused(ProblemCode::ReportUncertain))
        }
        _ => Ok(()),
    }
}

fn mail(row: &OpeningRow, frozen: &FrozenReport) -> Result<Message, ApiError> {
    let unmakeable = || ApiError::Refused(ProblemCode::Internal);
    let mail = super::mail(row, frozen).ok_or_else(unmakeable)?;
    mail.message().map_err(|_| unmakeable())
}

/// Notes what became of it: it is handed in, or a draft again, or nobody knows.
async fn end(
    state: &AppState,
    id: OpeningId,
    version: u32,
    by: Authenticated,
    delivered: Result<(), Undelivered>,
) -> Result<(), ApiError> {
    let institution = by.session.account.institution_id;
    let work = move |writer: &Writer<'_>| {
        let row = of_institution(writer, &id, institution)?;
        let report = kept(writer, &row)?;
        let frozen = report.frozen.filter(|it| it.version == version);
        let frozen = frozen.ok_or(ApiError::Refused(ProblemCode::ReportChanged))?;
        match delivered {
            Ok(()) => {
                let sent = FrozenReport {
                    is_sent: true,
                    ..frozen
                };
                writer.freeze_usage_report(row.number, &sent, None)?;
                return taken(writer, row, "smtp", &by);
            }
            // From now on nobody knows.
            Err(Undelivered::Uncertain) => {
                writer.freeze_usage_report(row.number, &frozen, Some(writer.now()))?;
            }
            Err(Undelivered::Refused | Undelivered::Unreachable) => {
                writer.thaw_usage_report(row.number)?;
            }
        }
        let event = by.event(Action::UsageReportSent);
        Ok::<_, ApiError>(Audited::new((), event.outcome(outcome(delivered))))
    };
    state.store.write(state.now(), work).await?;
    delivered.map_err(|why| {
        ApiError::Refused(match why {
            Undelivered::Unreachable => ProblemCode::MailServerUnreachable,
            Undelivered::Refused => ProblemCode::MailServerRefused,
            Undelivered::Uncertain => ProblemCode::ReportUncertain,
        })
    })
}

const fn outcome(delivered: Result<(), Undelivered>) -> &'static str {
    match delivered {
        Ok(()) => "taken",
        Err(Undelivered::Unreachable) => "unreachable",
        Err(Undelivered::Refused) => "refused",
        Err(Undelivered::Uncertain) => "uncertain",
    }
}
