//! The report, for both sides.

use domain::opening::{Opening, Refusal};
use domain::timestamp::Timestamp;
use domain::usage_report::Usage;
use protocol::http::UsageReport;

use super::kept;
use crate::error::ApiError;
use crate::store::{OpeningRow, Reader};
use crate::view::summary;

/// As it stands now: counted up to this moment, or as it was handed in.
pub(crate) fn view(
    reader: &Reader<'_>,
    row: OpeningRow,
    now: Timestamp,
    can_be_sent: bool,
) -> Result<UsageReport, ApiError> {
    let opening = row.opening.clone().at(now);
    let Some(opened) = opening.opened() else {
        return Err(match opening {
            Opening::Refused(_) | Opening::Withdrawn(_) => Refusal::Over,
            _ => Refusal::NotOpened,
        }
        .into());
    };
    let kept = kept(reader, &row)?;
    let is_handed_in = matches!(opening, Opening::HandedIn(_) | Opening::Acknowledged(_));
    let frozen = kept.frozen.filter(|_| is_handed_in);
    let is_sent = frozen.as_ref().is_some_and(|frozen| frozen.is_sent);
    let (version, fields, usage) = if let Some(frozen) = frozen {
        (frozen.version, frozen.fields, frozen.usage)
    } else {
        let code = &row.institution.medical_institution_code;
        let usage = Usage::count(reader.uses(code, opened.period)?);
        (kept.version, kept.fields, usage)
    };
    let opening = summary(row, now);
    Ok(UsageReport {
        days: usage.days,
        users: usage.users,
        persons: usage.persons,
        fields,
        version,
        handed_in_at: opening.handed_in_at,
        acknowledged_at: opening.acknowledged_at,
        can_be_sent,
        is_sent,
        opening,
    })
}
