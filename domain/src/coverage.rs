//! One coverage (資格) of one person, as the insurer registered it.
//!
//! Fields are the elements of `ResultOfQualificationConfirmation`
//! (`facts/domain.md` §2.4) in `snake_case`. Empty elements are `None`.

mod medical_ticket;

use serde::{Deserialize, Serialize};

use crate::code::{
    ContributionRatio, InsuredCardClassification, LimitApplicationCertificateClassification,
    LimitApplicationCertificateClassificationFlag, PersonalFamilyClassification,
    PreschoolClassification, ReasonOfLoss, Sex, SpecificDiseasesDiseaseCategory,
};
use crate::date::Date;
use crate::identifier::InsurerNumber;
use crate::mask::masked_debug;

pub use medical_ticket::{InvalidTreatmentMonth, MedicalTicketInfo, TreatmentMonth};

/// One coverage. Names and address belong to it, not to the person: each
/// insurer registers its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// 被保険者証区分.
    pub insured_card_classification: InsuredCardClassification,
    /// 保険者番号.
    pub insurer_number: InsurerNumber,
    /// 保険者名称.
    pub insurer_name: String,
    /// 被保険者証記号; may be full-width, with hyphens.
    pub insured_card_symbol: Option<String>,
    /// 被保険者証番号.
    pub insured_identification_number: Option<String>,
    /// 被保険者証枝番: two digits, kept as text; absent on old cards.
    pub insured_branch_number: Option<String>,
    /// 本人・家族の別; absent for 後期高齢者.
    pub personal_family_classification: Option<PersonalFamilyClassification>,
    /// 被保険者氏名（世帯主氏名）.
    pub insured_name: Option<String>,
    /// 氏名; may hold ● for a character that could not be encoded.
    pub name: String,
    /// 氏名（その他）: 通称等.
    pub name_of_other: Option<String>,
    /// 氏名カナ, usually in half-width kana.
    pub name_kana: Option<String>,
    /// 氏名カナ（その他）.
    pub name_of_other_kana: Option<String>,
    /// 性別1（券面）.
    pub sex1: Sex,
    /// 性別2.
    pub sex2: Option<Sex>,
    /// 生年月日.
    pub birthdate: Date,
    /// 住所 in the insurer's record; may be missing or old.
    pub address: Option<String>,
    /// 郵便番号, NNN-NNNN.
    pub post_number: Option<String>,
    /// 資格取得年月日: the first day of the coverage.
    pub qualification_date: Option<Date>,
    /// 資格喪失年月日: the first day without the coverage.
    pub disqualification_date: Option<Date>,
    /// 資格喪失事由.
    pub reason_of_loss: Option<ReasonOfLoss>,
    /// 被保険者証交付年月日.
    pub insured_certificate_issuance_date: Option<Date>,
    /// 有効開始年月日 of the card.
    pub insured_card_valid_date: Option<Date>,
    /// 有効終了年月日 of the card.
    pub insured_card_expiration_date: Option<Date>,
    /// 一部負担金割合（後期高齢）.
    pub insured_partial_contribution_ratio: Option<ContributionRatio>,
    /// 未就学区分.
    pub preschool_classification: Option<PreschoolClassification>,
    /// 高齢受給者証情報.
    pub elderly_recipient_certificate_info: Option<ElderlyRecipientCertificateInfo>,
    /// 限度額適用認定証関連情報.
    pub limit_application_certificate_related_info: Option<LimitApplicationCertificateRelatedInfo>,
    /// 特定疾病療養受療証情報.
    pub specific_diseases_certificate_list: Vec<SpecificDiseasesCertificateInfo>,
    /// 公費（医療扶助）の医療券・調剤券. Records of before it was kept have none.
    #[serde(default)]
    pub public_expense_result_list: Vec<MedicalTicketInfo>,
}

/// 高齢受給者証情報.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ElderlyRecipientCertificateInfo {
    /// 交付年月日.
    pub elderly_recipient_certificate_date: Option<Date>,
    /// 有効開始年月日.
    pub elderly_recipient_valid_start_date: Option<Date>,
    /// 有効終了年月日.
    pub elderly_recipient_valid_end_date: Option<Date>,
    /// 一部負担金割合.
    pub elderly_recipient_contribution_ratio: Option<ContributionRatio>,
}

/// 限度額適用認定証関連情報.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitApplicationCertificateRelatedInfo {
    /// 限度額適用認定証区分.
    pub limit_application_certificate_classification: LimitApplicationCertificateClassification,
    /// 適用区分.
    pub limit_application_certificate_classification_flag:
        Option<LimitApplicationCertificateClassificationFlag>,
    /// 交付年月日.
    pub limit_application_certificate_date: Option<Date>,
    /// 有効開始年月日.
    pub limit_application_certificate_valid_start_date: Option<Date>,
    /// 有効終了年月日.
    pub limit_application_certificate_valid_end_date: Option<Date>,
    /// 長期入院該当年月日.
    pub limit_application_certificate_long_term_date: Option<Date>,
}

/// 特定疾病療養受療証情報.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpecificDiseasesCertificateInfo {
    /// 認定疾病区分.
    pub specific_diseases_disease_category: SpecificDiseasesDiseaseCategory,
    /// 交付年月日.
    pub specific_diseases_certificate_date: Option<Date>,
    /// 有効開始年月日.
    pub specific_diseases_valid_start_date: Option<Date>,
    /// 有効終了年月日.
    pub specific_diseases_valid_end_date: Option<Date>,
    /// 自己負担限度額, in yen.
    pub specific_diseases_self_pay: Option<u32>,
}

masked_debug!(
    Coverage,
    ElderlyRecipientCertificateInfo,
    LimitApplicationCertificateRelatedInfo,
    SpecificDiseasesCertificateInfo,
);

impl Coverage {
    /// The first day of the coverage, from the qualification where it is given,
    /// else from the card.
    pub fn first_day(&self) -> Option<Date> {
        self.qualification_date.or(self.insured_card_valid_date)
    }

    /// Whether the coverage is in force on a day: from 資格取得年月日, up to and
    /// not including 資格喪失年月日. Without a first day it counts from ever.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.first_day().is_none_or(|first| first <= day) && !self.lost_by(day)
    }

    /// Whether it is 後期高齢者医療: 法別番号 39.
    pub fn is_late_elderly(&self) -> bool {
        self.insurer_number.as_str().starts_with("39")
    }

    /// Whether it is 医療扶助 (生活保護): by the card's kind or 法別番号 12.
    pub fn is_medical_assistance(&self) -> bool {
        self.insured_card_classification == InsuredCardClassification::MedicalAssistance
            || self.insurer_number.as_str().starts_with("12")
    }

    /// Whether two records are of the same enrolment with the same insurer: same
    /// 保険者番号, 記号 and 番号, of which 番号 must be known.
    pub fn is_same_enrolment(&self, other: &Self) -> bool {
        self.insured_identification_number.is_some()
            && self.insurer_number == other.insurer_number
            && self.insured_card_symbol == other.insured_card_symbol
            && self.insured_identification_number == other.insured_identification_number
    }

    /// Whether the coverage had been lost by a day.
    pub fn lost_by(&self, day: Date) -> bool {
        self.disqualification_date.is_some_and(|lost| lost <= day)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A coverage with a period and nothing else that matters; "" is absent.
    pub(crate) fn coverage(from: &str, to: &str) -> Coverage {
        Coverage {
            insured_card_classification: InsuredCardClassification::General,
            insurer_number: "06130488".parse().unwrap(),
            insurer_name: "架空電機健康保険組合".to_owned(),
            insured_card_symbol: None,
            insured_identification_number: None,
            insured_branch_number: None,
            personal_family_classification: None,
            insured_name: None,
            name: "新橋　太郎".to_owned(),
            name_of_other: None,
            name_kana: Some("ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned()),
            name_of_other_kana: None,
            sex1: Sex::Male,
            sex2: None,
            birthdate: "2021-03-26".parse().unwrap(),
            address: Some("東京都港区〇〇5丁目".to_owned()),
            post_number: None,
            qualification_date: from.parse().ok(),
            disqualification_date: to.parse().ok(),
            reason_of_loss: None,
            insured_certificate_issuance_date: None,
            insured_card_valid_date: None,
            insured_card_expiration_date: None,
            insured_partial_contribution_ratio: None,
            preschool_classification: None,
            elderly_recipient_certificate_info: None,
            limit_application_certificate_related_info: None,
            specific_diseases_certificate_list: Vec::new(),
            public_expense_result_list: Vec::new(),
        }
    }

    #[test]
    fn debug_shows_nothing_personal() {
        assert_eq!(format!("{:?}", coverage("", "")), "Coverage(masked)");
    }
}
