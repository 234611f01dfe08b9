//! What a person's coverages mean on one day (資格有効性, OQSCD006).
//!
//! [`judge`] decides from the periods alone which coverages are in force; a card
//! that has expired, a 75th birthday, a death recorded elsewhere are
//! [`Notice`]s beside it, because they want a person's eye, not a rule's.

mod notice;
mod reason;

use serde::{Deserialize, Serialize};

use crate::code::QualificationValidity;
use crate::coverage::Coverage;
use crate::date::Date;

pub use notice::Notice;
pub use reason::Reason;

/// The judgement on a person's coverages on 資格確認日.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// 資格有効性.
    pub qualification_validity: QualificationValidity,
    /// Why.
    pub reason: Reason,
    /// What else the desk has to know, in the order of weight.
    pub notices: Vec<Notice>,
    /// Which of the coverages to show first: the one in force, else the one
    /// lost last, else the one that begins first. `None` without coverages, and
    /// where several are in force: then none is picked.
    pub shown: Option<usize>,
    /// Every coverage in force on the day that this judgement rests on.
    pub in_force: Vec<usize>,
}

impl Judgement {
    /// The coverage whose name and address stand for the person in a list.
    pub fn listed(&self) -> Option<usize> {
        self.shown.or_else(|| self.in_force.first().copied())
    }
}

/// Judges a person's coverages on a day.
///
/// 複数該当 is of health insurance only: 医療扶助 may stand beside it (併用). From
/// the 75th birthday on, health insurance that is still open beside
/// 後期高齢者医療 has only not been closed yet.
pub fn judge(coverages: &[Coverage], day: Date) -> Judgement {
    let open: Vec<usize> = (0..coverages.len())
        .filter(|&index| coverages[index].in_force_on(day))
        .collect();
    let health = health_insurance(coverages, &open, day);
    let aid: Vec<usize> = open
        .into_iter()
        .filter(|&index| coverages[index].is_medical_assistance())
        .collect();
    let verdict = match (health.as_slice(), aid.as_slice()) {
        ([only], _) => Verdict::of(QualificationValidity::Valid, Reason::InForce, Some(*only)),
        ([_, ..], _) => Verdict::of(QualificationValidity::Several, Reason::Several, None),
        ([], [first, ..]) => match with_ticket(coverages, &aid, day) {
            Some(index) => Verdict::of(QualificationValidity::Valid, Reason::InForce, Some(index)),
            None => Verdict::of(
                QualificationValidity::ValidNotRegistered,
                Reason::MedicalAssistance,
                Some(*first),
            ),
        },
        ([], []) => not_in_force(coverages, day),
    };
    let in_force = [health, aid].concat();
    Judgement {
        qualification_validity: verdict.validity,
        notices: notice::of(coverages, &in_force, day),
        reason: verdict.reason,
        shown: verdict.shown,
        in_force,
    }
}

/// What is judged before the notices.
struct Verdict {
    validity: QualificationValidity,
    reason: Reason,
    shown: Option<usize>,
}

impl Verdict {
    const fn of(validity: QualificationValidity, reason: Reason, shown: Option<usize>) -> Self {
        Self {
            validity,
            reason,
            shown,
        }
    }
}

/// The 医療扶助 for which a 医療券 or 調剤券 is registered that covers the day.
fn with_ticket(coverages: &[Coverage], aid: &[usize], day: Date) -> Option<usize> {
    aid.iter().copied().find(|&index| {
        let tickets = &coverages[index].public_expense_result_list;
        tickets.iter().any(|ticket| ticket.covers(day))
    })
}

/// The health insurance in force among what is open.
fn health_insurance(coverages: &[Coverage], open: &[usize], day: Date) -> Vec<usize> {
    let mut health: Vec<usize> = open
        .iter()
        .copied()
        .filter(|&index| !coverages[index].is_medical_assistance())
        .collect();
    let has_late_elderly = |indices: &[usize]| {
        let mut coverages = indices.iter().map(|&index| &coverages[index]);
        coverages
            .any(|coverage| coverage.is_late_elderly() && coverage.birthdate.birthday(75) <= day)
    };
    if has_late_elderly(&health) {
        health.retain(|&index| coverages[index].is_late_elderly());
    }
    // One insurer's later record of the same symbol and number replaces the earlier.
    let replaced = |index: usize| {
        health.iter().any(|&other| {
            let (one, other_one) = (&coverages[index], &coverages[other]);
            one.is_same_enrolment(other_one)
                && (other_one.first_day(), std::cmp::Reverse(other))
                    > (one.first_day(), std::cmp::Reverse(index))
        })
    };
    health
        .iter()
        .copied()
        .filter(|&index| !replaced(index))
        .collect()
}

fn not_in_force(coverages: &[Coverage], day: Date) -> Verdict {
    let dated = |of: fn(&Coverage) -> Option<Date>| {
        let numbered = coverages.iter().enumerate();
        numbered.filter_map(move |(index, coverage)| Some((of(coverage)?, index)))
    };
    let lost = dated(|coverage| coverage.disqualification_date)
        .filter(|(date, _)| *date <= day)
        .max_by_key(|(date, _)| *date);
    let next = dated(Coverage::first_day)
        .filter(|(date, _)| *date > day)
        .min_by_key(|(date, _)| *date);
    match (lost, next) {
        (Some((disqualification_date, index)), None) => {
            let reason = Reason::Lost {
                disqualification_date,
                reason_of_loss: coverages[index].reason_of_loss,
            };
            Verdict::of(QualificationValidity::Invalid, reason, Some(index))
        }
        (Some((disqualification_date, index)), Some((next_from, _))) => {
            let reason = Reason::LostBeforeNext {
                disqualification_date,
                next_from,
            };
            let validity = QualificationValidity::InvalidNewerExists;
            Verdict::of(validity, reason, Some(index))
        }
        (None, Some((from, index))) => Verdict::of(
            QualificationValidity::Invalid,
            Reason::NotYet { from },
            Some(index),
        ),
        (None, None) => Verdict::of(
            QualificationValidity::NoQualification,
            Reason::NothingRegistered,
            None,
        ),
    }
}

#[cfg(test)]
mod tests;
