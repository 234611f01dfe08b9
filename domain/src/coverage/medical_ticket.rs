//! 医療券・調剤券: what a welfare office pays for, month by month.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::code::{
    ConsistencyFlag, DesignatedMedicalInstitutionFlag, MedicalTreatmentType, SingleOrCombinedUse,
    StatusOfElderlyMedicalCare, StatusOfInfection, StatusOfPrefecturalExpenses,
    StatusOfSocialInsurance, TicketType,
};
use crate::date::Date;
use crate::mask::masked_debug;

/// 医療券・調剤券 (`MedicalTicketInfo`, `facts/domain.md` §2.4 #45).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MedicalTicketInfo {
    /// 医療券・調剤券別.
    pub ticket_type: TicketType,
    /// 有効開始年月日.
    pub medical_ticket_valid_date: Option<Date>,
    /// 有効終了年月日.
    pub medical_ticket_expiration_date: Option<Date>,
    /// 交付番号.
    pub issue_number: Option<String>,
    /// 診療年月.
    pub medical_treatment_month: Option<TreatmentMonth>,
    /// 指定医療機関コード.
    pub designated_medical_institution_code: Option<String>,
    /// 指定医療機関確認フラグ: whether it is the institution that asks.
    pub designated_medical_institution_flag: Option<DesignatedMedicalInstitutionFlag>,
    /// 指定医療機関名.
    pub designated_medical_institution_name: Option<String>,
    /// 処方箋発行元医療機関コード.
    pub prescription_issuer_medical_institution_code: Option<String>,
    /// 処方箋発行元医療機関名.
    pub prescription_issuer_medical_institution_name: Option<String>,
    /// 傷病名1 to 傷病名3; those that are given.
    pub injury_names: Vec<String>,
    /// 診療別.
    pub medical_treatment_type: Option<MedicalTreatmentType>,
    /// 本人支払額, in yen.
    pub self_pay_amount: Option<u32>,
    /// 地区担当者名.
    pub district_contact_name: Option<String>,
    /// 取扱担当者名.
    pub handling_contact_name: Option<String>,
    /// 単独・併用別.
    pub single_or_combined_use: Option<SingleOrCombinedUse>,
    /// 社会保険の有無.
    pub status_of_social_insurance: Option<StatusOfSocialInsurance>,
    /// 社会保険状況の整合性フラグ.
    pub consistency_flag: Option<ConsistencyFlag>,
    /// 感染症法第37条の2の有無; the interface spells it `StatusOfInfecton`.
    pub status_of_infection: Option<StatusOfInfection>,
    /// 後期高齢者医療の有無.
    pub status_of_elderly_medical_care: Option<StatusOfElderlyMedicalCare>,
    /// 都道府県費の有無.
    pub status_of_prefectural_expenses: Option<StatusOfPrefecturalExpenses>,
    /// 備考1 to 備考3; those that are given.
    pub remarks: Vec<String>,
}

masked_debug!(MedicalTicketInfo);

impl MedicalTicketInfo {
    /// Whether a day is within the ticket's days, both included; a day that is not
    /// given limits nothing.
    pub fn covers(&self, day: Date) -> bool {
        self.medical_ticket_valid_date
            .is_none_or(|first| first <= day)
            && self
                .medical_ticket_expiration_date
                .is_none_or(|last| day <= last)
    }
}

/// 診療年月: a month of a year, `yyyyMM` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TreatmentMonth {
    first_day: Date,
}

/// Not a month in the form `yyyyMM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("yyyyMM形式の実在する年月ではありません")]
pub struct InvalidTreatmentMonth;

impl TreatmentMonth {
    /// In both calendars: `2026/11（令和8年11月）`.
    pub fn both_calendars(self) -> String {
        // An era begins within a month at times: the month is named by its first day's.
        let japanese = self.first_day.japanese();
        let western = self.first_day.slashed();
        let month = |text: &str, day: &str| text.strip_suffix(day).unwrap_or(text).to_owned();
        format!("{}（{}）", month(&western, "/01"), month(&japanese, "1日"))
    }
}

impl FromStr for TreatmentMonth {
    type Err = InvalidTreatmentMonth;

    fn from_str(text: &str) -> Result<Self, InvalidTreatmentMonth> {
        if text.len() != 6 {
            return Err(InvalidTreatmentMonth);
        }
        Date::from_interface(&[text, "01"].concat())
            .map(|first_day| Self { first_day })
            .map_err(|_| InvalidTreatmentMonth)
    }
}

impl fmt::Display for TreatmentMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.first_day.to_interface();
        f.write_str(day.get(..6).unwrap_or(&day))
    }
}

impl TryFrom<String> for TreatmentMonth {
    type Error = InvalidTreatmentMonth;

    fn try_from(text: String) -> Result<Self, InvalidTreatmentMonth> {
        text.parse()
    }
}

impl From<TreatmentMonth> for String {
    fn from(month: TreatmentMonth) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_shown_in_both_calendars() {
        let table = [
            ("202611", Some("2026/11（令和8年11月）")),
            ("201904", Some("2019/04（平成31年4月）")),
            ("202613", None),
            ("2026-1", None),
            ("20261", None),
            ("20261101", None),
            ("", None),
        ];
        for (text, expected) in table {
            let month = text.parse::<TreatmentMonth>().ok();
            assert_eq!(
                month.map(TreatmentMonth::both_calendars).as_deref(),
                expected,
                "{text}"
            );
            assert_eq!(
                month.map(|month| month.to_string()).as_deref(),
                expected.map(|_| text)
            );
        }
    }
}
