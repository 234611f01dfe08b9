//! 同意: what a patient is asked at the reader's screen, and what he said.
//!
//! One screen asks for bundles of medical information (since 2024-10-07;
//! `facts/domain.md` §1.7); each answer is kept for each kind of information
//! (OQSCD036) with its time, and is good for 24 hours.

use serde::{Deserialize, Serialize};

use crate::code::{ConsentFlag, MedicalInformation};
use crate::timestamp::Timestamp;

/// How long an answer is good, in seconds (`AvailableTime` = `ConsTime` + 24 h).
pub const AVAILABLE_SECONDS: i64 = 24 * 3600;

/// What is asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsentBundle {
    /// 診療・薬剤.
    DiagnosisAndPharmacists,
    /// 健診.
    SpecificHealthCheckups,
    /// 手術.
    Operation,
    /// 特定疾病療養受療証.
    SpecificDiseases,
}

impl ConsentBundle {
    /// Every bundle, in the order in which they are asked.
    pub const ALL: [Self; 4] = [
        Self::DiagnosisAndPharmacists,
        Self::SpecificHealthCheckups,
        Self::Operation,
        Self::SpecificDiseases,
    ];

    /// Its name in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DiagnosisAndPharmacists => "diagnosis_and_pharmacists",
            Self::SpecificHealthCheckups => "specific_health_checkups",
            Self::Operation => "operation",
            Self::SpecificDiseases => "specific_diseases",
        }
    }

    /// The words for it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::DiagnosisAndPharmacists => "診療・薬剤の情報",
            Self::SpecificHealthCheckups => "健診の情報",
            Self::Operation => "手術の情報",
            Self::SpecificDiseases => "特定疾病療養受療証",
        }
    }

    /// The kinds of information in it.
    pub const fn information(self) -> &'static [MedicalInformation] {
        match self {
            Self::DiagnosisAndPharmacists => &[
                MedicalInformation::Diagnosis,
                MedicalInformation::Pharmacists,
            ],
            Self::SpecificHealthCheckups => &[MedicalInformation::SpecificHealthCheckups],
            Self::Operation => &[MedicalInformation::Operation],
            Self::SpecificDiseases => &[MedicalInformation::SpecificDiseases],
        }
    }
}

/// What the patient said to a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConsentAnswer {
    /// What was asked.
    pub bundle: ConsentBundle,
    /// 「同意する」; otherwise 「同意しない」.
    pub agrees: bool,
}

/// What the patient said, for one kind of information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consent {
    /// Which information.
    pub information: MedicalInformation,
    /// `…ConsFlg`.
    pub flag: ConsentFlag,
    /// `…ConsTime`: when it was said.
    pub cons_time: Timestamp,
    /// `…AvailableTime`: until when it is good; `None` when it was refused.
    pub available_time: Option<Timestamp>,
}

/// The answers, for each kind of information, at the time they were given.
pub fn consents(answers: &[ConsentAnswer], now: Timestamp) -> Vec<Consent> {
    let of = |answer: &ConsentAnswer| {
        let agrees = answer.agrees;
        answer
            .bundle
            .information()
            .iter()
            .map(move |information| Consent {
                information: *information,
                flag: if agrees {
                    ConsentFlag::Given
                } else {
                    ConsentFlag::NotGiven
                },
                cons_time: now,
                available_time: agrees.then(|| now.plus_seconds(AVAILABLE_SECONDS)),
            })
    };
    answers.iter().flat_map(of).collect()
}

/// Whether the answers are one to each bundle that was asked, and to no other.
pub fn answer_all(answers: &[ConsentAnswer], asked: &[ConsentBundle]) -> bool {
    let once = |bundle: &ConsentBundle| {
        let given = answers.iter().filter(|answer| answer.bundle == *bundle);
        given.count() == 1
    };
    answers.len() == asked.len() && asked.iter().all(once)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consent_lasts_a_day_and_refusal_makes_nothing_available() {
        let now = Timestamp::from_unix_milliseconds(1_000);
        let answers = [
            ConsentAnswer {
                bundle: ConsentBundle::DiagnosisAndPharmacists,
                agrees: true,
            },
            ConsentAnswer {
                bundle: ConsentBundle::Operation,
                agrees: false,
            },
        ];
        let said = consents(&answers, now);
        let table = [
            (
                MedicalInformation::Diagnosis,
                ConsentFlag::Given,
                Some(86_401_000),
            ),
            (
                MedicalInformation::Pharmacists,
                ConsentFlag::Given,
                Some(86_401_000),
            ),
            (MedicalInformation::Operation, ConsentFlag::NotGiven, None),
        ];
        assert_eq!(said.len(), table.len());
        for (consent, (information, flag, until)) in said.iter().zip(table) {
            assert_eq!((consent.information, consent.flag), (information, flag));
            assert_eq!(
                consent.available_time.map(Timestamp::unix_milliseconds),
                until
            );
        }
    }

    #[test]
    fn every_question_is_answered_once() {
        use ConsentBundle::{Operation, SpecificHealthCheckups};
        let yes = |bundle| ConsentAnswer {
            bundle,
            agrees: true,
        };
        let table: [(&[ConsentAnswer], &[ConsentBundle], bool); 6] = [
            (&[], &[], true),
            (&[], &[Operation], false),
            (&[yes(Operation)], &[Operation], true),
            (&[yes(Operation)], &[SpecificHealthCheckups], false),
            (
                &[yes(Operation), yes(Operation)],
                &[Operation, SpecificHealthCheckups],
                false,
            ),
            (
                &[yes(SpecificHealthCheckups), yes(Operation)],
                &[Operation, SpecificHealthCheckups],
                true,
            ),
        ];
        for (answers, asked, expected) in table {
            assert_eq!(
                answer_all(answers, asked),
                expected,
                "{answers:?} {asked:?}"
            );
        }
    }
}
