//! What a person's coverages mean on one day (資格有効性, OQSCD006).

use serde::{Deserialize, Serialize};

use crate::code::{QualificationValidity, ReasonOfLoss};
use crate::coverage::Coverage;
use crate::date::Date;

/// The judgement on a person's coverages on 資格確認日.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// 資格有効性.
    pub qualification_validity: QualificationValidity,
    /// Why.
    pub reason: Reason,
    /// Which of the coverages to show first: the one in force, else the one
    /// lost last, else the one that begins first. `None` without coverages.
    pub shown: Option<usize>,
}

/// Why a person's eligibility is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// One coverage is in force.
    InForce,
    /// Several are in force at once, so that none can be picked.
    Several,
    /// The last one was lost, and no later one is registered.
    Lost {
        /// 資格喪失年月日.
        disqualification_date: Date,
        /// 資格喪失事由.
        reason_of_loss: Option<ReasonOfLoss>,
    },
    /// One was lost, and the next begins only after the day.
    LostBeforeNext {
        /// 資格喪失年月日.
        disqualification_date: Date,
        /// The first day of the next coverage.
        next_from: Date,
    },
    /// The first one begins only after the day.
    NotYet {
        /// Its first day.
        from: Date,
    },
    /// Nothing is registered.
    NothingRegistered,
}

impl Reason {
    /// The reason in words for the desk.
    pub fn text(self) -> String {
        match self {
            Self::InForce => "資格確認日に有効な資格があります。".to_owned(),
            Self::Several => {
                "資格確認日に有効な資格が複数登録されています。どの資格を使うか患者に確認してください。".to_owned()
            }
            Self::Lost { disqualification_date, reason_of_loss } => {
                let reason = reason_of_loss
                    .map_or_else(String::new, |reason| format!("（喪失事由：{}）", reason.label()));
                format!(
                    "{}に資格を喪失しています{reason}。新しい資格はまだ登録されていません。",
                    disqualification_date.japanese()
                )
            }
            Self::LostBeforeNext { disqualification_date, next_from } => format!(
                "{}に資格を喪失しています。新しい資格は{}からです。",
                disqualification_date.japanese(),
                next_from.japanese()
            ),
            Self::NotYet { from } => {
                format!("資格は{}からです。資格確認日にはまだ有効ではありません。", from.japanese())
            }
            Self::NothingRegistered => "登録されている資格がありません。".to_owned(),
        }
    }
}

/// Judges a person's coverages on a day.
pub fn judge(coverages: &[Coverage], day: Date) -> Judgement {
    let in_force: Vec<usize> = (0..coverages.len())
        .filter(|&index| coverages[index].in_force_on(day))
        .collect();
    let (qualification_validity, reason, shown) = match in_force.as_slice() {
        [only] => (QualificationValidity::Valid, Reason::InForce, Some(*only)),
        [first, ..] => (
            QualificationValidity::Several,
            Reason::Several,
            Some(*first),
        ),
        [] => not_in_force(coverages, day),
    };
    Judgement {
        qualification_validity,
        reason,
        shown,
    }
}

fn not_in_force(
    coverages: &[Coverage],
    day: Date,
) -> (QualificationValidity, Reason, Option<usize>) {
    let lost = coverages
        .iter()
        .enumerate()
        .filter_map(|(index, coverage)| Some((coverage.disqualification_date?, index)))
        .filter(|(date, _)| *date <= day)
        .max_by_key(|(date, _)| *date);
    let next = coverages
        .iter()
        .enumerate()
        .filter_map(|(index, coverage)| Some((coverage.first_day()?, index)))
        .filter(|(date, _)| *date > day)
        .min_by_key(|(date, _)| *date);
    match (lost, next) {
        (Some((disqualification_date, index)), None) => {
            let reason_of_loss = coverages[index].reason_of_loss;
            let reason = Reason::Lost {
                disqualification_date,
                reason_of_loss,
            };
            (QualificationValidity::Invalid, reason, Some(index))
        }
        (Some((disqualification_date, index)), Some((next_from, _))) => {
            let reason = Reason::LostBeforeNext {
                disqualification_date,
                next_from,
            };
            (
                QualificationValidity::InvalidNewerExists,
                reason,
                Some(index),
            )
        }
        (None, Some((from, index))) => (
            QualificationValidity::Invalid,
            Reason::NotYet { from },
            Some(index),
        ),
        (None, None) => (
            QualificationValidity::NoQualification,
            Reason::NothingRegistered,
            None,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::tests::coverage;

    type Period = (&'static str, &'static str);

    #[test]
    fn the_day_decides() {
        use QualificationValidity::{Invalid, InvalidNewerExists, NoQualification, Several, Valid};
        const OLD: Period = ("2016-09-21", "2021-10-16");
        const NEW: Period = ("2021-10-16", "");
        const GAP: Period = ("2021-11-01", "");
        let table: &[(&[Period], &str, QualificationValidity, Option<usize>)] = &[
            (&[], "2021-01-01", NoQualification, None),
            (&[NEW], "2021-10-15", Invalid, Some(0)),
            (&[NEW], "2021-10-16", Valid, Some(0)),
            (&[NEW], "2199-12-31", Valid, Some(0)),
            (&[OLD], "2021-10-15", Valid, Some(0)),
            (&[OLD], "2021-10-16", Invalid, Some(0)),
            (&[OLD, NEW], "2021-10-15", Valid, Some(0)),
            (&[OLD, NEW], "2021-10-16", Valid, Some(1)),
            (&[NEW, OLD], "2021-10-16", Valid, Some(0)),
            (&[OLD, NEW], "2016-09-20", Invalid, Some(0)),
            (&[OLD, GAP], "2021-10-20", InvalidNewerExists, Some(0)),
            (&[OLD, GAP], "2021-11-01", Valid, Some(1)),
            (&[OLD, ("2020-01-01", "")], "2021-01-01", Several, Some(0)),
            (&[("", "2021-01-01")], "2020-12-31", Valid, Some(0)),
            (&[("", "2021-01-01")], "2021-01-01", Invalid, Some(0)),
            (&[("", "")], "2021-01-01", Valid, Some(0)),
            // Lost before it began: never in force.
            (
                &[("2021-05-01", "2021-05-01")],
                "2021-05-01",
                Invalid,
                Some(0),
            ),
            (
                &[("2010-01-01", "2012-01-01"), OLD],
                "2022-01-01",
                Invalid,
                Some(1),
            ),
        ];
        for (periods, day, validity, shown) in table {
            let coverages: Vec<_> = periods
                .iter()
                .map(|(from, to)| coverage(from, to))
                .collect();
            let judgement = judge(&coverages, day.parse().unwrap());
            assert_eq!(
                judgement.qualification_validity, *validity,
                "{periods:?} {day}"
            );
            assert_eq!(judgement.shown, *shown, "{periods:?} {day}");
            assert!(!judgement.reason.text().is_empty());
        }
    }
}
