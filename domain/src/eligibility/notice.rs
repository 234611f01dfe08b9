//! What the desk has to know beside the validity.

use serde::{Deserialize, Serialize};

use crate::code::{InsuredCardClassification, ReasonOfLoss};
use crate::coverage::Coverage;
use crate::date::Date;

/// Something that needs a look and does not change the validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Another record says that the person has died, while a coverage is open.
    DeathRecorded {
        /// Its 資格喪失年月日.
        disqualification_date: Date,
    },
    /// 75 years old, in health insurance still, and 後期高齢者医療 is not registered.
    LateElderlyMissing {
        /// The 75th birthday.
        since: Date,
    },
    /// Health insurance is still open beside 後期高齢者医療, which counts.
    LateElderlyCounts,
    /// 医療扶助 beside health insurance (併用).
    WithMedicalAssistance,
    /// 特別療養費: the patient pays all of it at the desk first.
    SpecialMedicalExpenses,
    /// The card's 有効終了年月日 has passed; the coverage itself is in force.
    CardExpired {
        /// 有効終了年月日, the last day.
        on: Date,
    },
    /// The card's 有効開始年月日 lies ahead; the coverage itself is in force.
    CardNotYetValid {
        /// 有効開始年月日.
        from: Date,
    },
}

impl Notice {
    /// The notice in words for the desk.
    pub fn text(self) -> String {
        match self {
            Self::DeathRecorded { disqualification_date } => format!(
                "{}に死亡による資格喪失の記録があります。本人であることを確かめてください。",
                disqualification_date.japanese()
            ),
            Self::LateElderlyMissing { since } => format!(
                "75歳の誕生日（{}）以降は後期高齢者医療の資格に変わります。まだ登録されていません。",
                since.japanese()
            ),
            Self::LateElderlyCounts => {
                "75歳の誕生日以降は後期高齢者医療の資格を使います。以前の保険の資格喪失はまだ登録されていません。".to_owned()
            }
            Self::WithMedicalAssistance => {
                "医療扶助の資格もあります（併用）。医療券を福祉事務所に確認してください。".to_owned()
            }
            Self::SpecialMedicalExpenses => {
                "特別療養費の支給対象者です。窓口では全額を負担します。".to_owned()
            }
            Self::CardExpired { on } => format!(
                "証の有効期限（{}）が切れています。資格は有効です。",
                on.japanese()
            ),
            Self::CardNotYetValid { from } => format!(
                "証の有効期間は{}からです。資格は有効です。",
                from.japanese()
            ),
        }
    }
}

/// The notices on a day, given the coverages that are in force.
pub(super) fn of(coverages: &[Coverage], in_force: &[usize], day: Date) -> Vec<Notice> {
    let in_force: Vec<&Coverage> = in_force
        .iter()
        .filter_map(|index| coverages.get(*index))
        .collect();
    if in_force.is_empty() {
        return Vec::new();
    }
    let mut notices = Vec::new();
    notices.extend(death(coverages, day));
    notices.extend(late_elderly(coverages, &in_force, day));
    let has_aid = in_force
        .iter()
        .any(|coverage| coverage.is_medical_assistance());
    if has_aid
        && in_force
            .iter()
            .any(|coverage| !coverage.is_medical_assistance())
    {
        notices.push(Notice::WithMedicalAssistance);
    }
    let card = InsuredCardClassification::QualificationCertificate;
    if in_force
        .iter()
        .any(|coverage| coverage.insured_card_classification == card)
    {
        notices.push(Notice::SpecialMedicalExpenses);
    }
    // Of several in force each has a card of its own: they are told beside it.
    if let [only] = in_force.as_slice() {
        notices.extend(of_card(only, day));
    }
    notices
}

fn death(coverages: &[Coverage], day: Date) -> Option<Notice> {
    let died = |coverage: &&Coverage| coverage.reason_of_loss == Some(ReasonOfLoss::Death);
    let mut deaths = coverages
        .iter()
        .filter(died)
        .filter_map(|coverage| coverage.disqualification_date.filter(|date| *date <= day));
    deaths
        .next()
        .map(|disqualification_date| Notice::DeathRecorded {
            disqualification_date,
        })
}

fn late_elderly(coverages: &[Coverage], in_force: &[&Coverage], day: Date) -> Option<Notice> {
    let of_age = |coverage: &Coverage| coverage.birthdate.birthday(75) <= day;
    if in_force.iter().any(|coverage| coverage.is_late_elderly()) {
        let left_open = coverages.iter().any(|coverage| {
            coverage.in_force_on(day)
                && of_age(coverage)
                && !coverage.is_late_elderly()
                && !coverage.is_medical_assistance()
        });
        return left_open.then_some(Notice::LateElderlyCounts);
    }
    let insured = in_force
        .iter()
        .find(|coverage| !coverage.is_medical_assistance())?;
    let since = insured.birthdate.birthday(75);
    of_age(insured).then_some(Notice::LateElderlyMissing { since })
}

fn of_card(coverage: &Coverage, day: Date) -> Option<Notice> {
    let expired = coverage
        .insured_card_expiration_date
        .filter(|on| *on < day)
        .map(|on| Notice::CardExpired { on });
    let ahead = || {
        let from = coverage
            .insured_card_valid_date
            .filter(|from| *from > day)?;
        Some(Notice::CardNotYetValid { from })
    };
    expired.or_else(ahead)
}
