//! Where the emergency function stands, for both sides.

use domain::opening::{EndedBy, Opening};
use domain::timestamp::Timestamp;
use protocol::http::{
    CallCentre, FormSent, OpeningPeriod, OpeningStage, OpeningState, OpeningSummary,
};

use crate::store::{OpeningRow, Reader, StoreError};

/// Where it stands for an institution.
#[derive(PartialEq, Eq)]
pub(crate) struct OpeningView {
    opening: Option<OpeningSummary>,
    reports_due: Vec<OpeningSummary>,
}

impl OpeningView {
    pub(crate) fn read(
        reader: &Reader<'_>,
        institution_id: i64,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let last = reader.last_opening(institution_id)?;
        let without_report = reader.openings_without_report(institution_id, now)?;
        Ok(Self {
            opening: last.map(|row| summary(row, now)),
            reports_due: without_report
                .into_iter()
                .map(|row| summary(row, now))
                .collect(),
        })
    }

    pub(crate) fn state(&self, call_centre: CallCentre) -> OpeningState {
        OpeningState {
            call_centre,
            opening: self.opening.clone(),
            reports_due: self.reports_due.clone(),
        }
    }
}

/// An opening as it stands now, whether or not anybody has noted that its time is over.
pub(crate) fn summary(row: OpeningRow, now: Timestamp) -> OpeningSummary {
    let opening = row.opening.at(now);
    let requested = opening.requested().clone();
    let form_sent = opening.form_sent().map(|it| FormSent {
        at: it.step.at,
        from: it.from.clone(),
        to: it.to.clone(),
    });
    let period = opening.opened().map(|it| OpeningPeriod {
        starts_at: it.period.starts_at,
        ends_at: it.period.ends_at,
    });
    let handed_in = match &opening {
        Opening::HandedIn(it) => Some(it),
        Opening::Acknowledged(it) => Some(&it.handed_in),
        _ => None,
    };
    OpeningSummary {
        id: row.id,
        medical_institution_code: row.institution.medical_institution_code,
        institution_name: row.institution.name,
        stage: OpeningStage::from(&opening),
        contact: requested.request.contact,
        cause: requested.request.cause,
        remark: requested.request.remark,
        is_by_telephone: requested.request.is_by_telephone,
        requested_at: requested.step.at,
        called_back_at: opening.called_back().map(|it| it.step.at),
        form_sent,
        period,
        reason: reason(&opening).map(str::to_owned),
        handed_in_at: handed_in.map(|it| it.step.at),
        acknowledged_at: match &opening {
            Opening::Acknowledged(it) => Some(it.step.at),
            _ => None,
        },
    }
}

fn reason(opening: &Opening) -> Option<&str> {
    match opening {
        Opening::Refused(it) => Some(&it.reason),
        Opening::Withdrawn(it) => Some(&it.reason),
        _ => match &opening.ended()?.by {
            EndedBy::Operator { reason, .. } => Some(reason),
            EndedBy::Time => None,
        },
    }
}
