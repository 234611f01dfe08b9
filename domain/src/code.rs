//! The interface's code tables (`OQSCDnnn`; values from `facts/domain.md` §2.5).
//!
//! Each travels as its code. A code that the table does not have is refused
//! where it enters, with the table's name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The code is not in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("コード表{table}（{name}）にない値です")]
pub struct UnknownCode {
    /// The table's number, like `OQSCD007`.
    pub table: &'static str,
    /// The table's Japanese name.
    pub name: &'static str,
}

macro_rules! code_table {
    ($table:literal $name:literal $type:ident { $($variant:ident = $code:literal $label:literal),+ $(,)? }) => {
        #[doc = concat!($table, " ", $name)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $type {
            $(#[doc = concat!($code, " ", $label)] $variant,)+
        }

        impl $type {
            /// Every value, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value on the wire.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The value in words.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl FromStr for $type {
            type Err = UnknownCode;

            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode { table: $table, name: $name }),
                }
            }
        }

        impl TryFrom<String> for $type {
            type Error = UnknownCode;

            fn try_from(code: String) -> Result<Self, UnknownCode> {
                code.parse()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let words = [$(concat!($code, " ", $label)),+].join(", ");
                let schema = utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some([$($code),+]))
                    .description(Some(format!("{} {}: {words}", $table, $name)));
                schema.build().into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $type {}

        impl From<$type> for &'static str {
            fn from(value: $type) -> Self {
                value.code()
            }
        }
    };
}

code_table!("OQSCD006" "資格有効性" QualificationValidity {
    Valid = "1" "有効",
    Invalid = "2" "無効",
    InvalidNewerExists = "3" "無効（新しい資格あり）",
    NoQualification = "4" "該当資格なし",
    Several = "5" "複数該当",
    ValidNotRegistered = "6" "有効（未登録）",
});

code_table!("OQSCD007" "性別" Sex {
    Male = "1" "男",
    Female = "2" "女",
    NotSet = "3" "未設定",
});

code_table!("OQSCD008" "資格喪失事由" ReasonOfLoss {
    Death = "01" "死亡",
    PublicAssistance = "02" "生活保護受給開始",
    OtherInsurance = "03" "医療保険等の資格取得",
    Other = "99" "その他",
});

code_table!("OQSCD009" "本人・家族の別" PersonalFamilyClassification {
    Insured = "1" "本人",
    Family = "2" "家族",
});

code_table!("OQSCD010" "被保険者証区分" InsuredCardClassification {
    General = "01" "被保険者証（一般）",
    Retired = "02" "被保険者証（退職）",
    ShortTermGeneral = "03" "短期被保険者証（一般）",
    ShortTermRetired = "04" "短期被保険者証（退職）",
    QualificationCertificate = "05" "特別療養費支給対象者",
    SpecialRetired = "06" "特例退職被保険者証",
    SelfDefenseForces = "07" "自衛官診療証",
    MedicalAssistance = "A1" "医療扶助",
});

code_table!("OQSCD011" "限度額適用認定証区分" LimitApplicationCertificateClassification {
    Limit = "01" "限度額適用認定証",
    LimitAndStandardReduction = "02" "限度額適用・標準負担額減額認定証",
    StandardReduction = "03" "標準負担額減額認定証",
});

code_table!("OQSCD012" "適用区分" LimitApplicationCertificateClassificationFlag {
    A01 = "A01" "ア",
    A02 = "A02" "イ",
    A03 = "A03" "ウ",
    A04 = "A04" "エ",
    A05 = "A05" "オ",
    A06 = "A06" "オ（境）",
    B01 = "B01" "現役並みⅢ",
    B02 = "B02" "現役並みⅡ",
    B03 = "B03" "現役並みⅠ",
    B04 = "B04" "一般",
    B05 = "B05" "低所得Ⅱ",
    B06 = "B06" "低所得Ⅰ",
    B07 = "B07" "低所得Ⅰ（老福）",
    B08 = "B08" "低所得Ⅰ（境）",
    B09 = "B09" "一般Ⅱ",
    B10 = "B10" "一般Ⅰ",
});

code_table!("OQSCD013" "認定疾病区分" SpecificDiseasesDiseaseCategory {
    Dialysis = "1" "人工透析が必要な慢性腎不全",
    Coagulation = "2" "先天性血液凝固因子障害",
    BloodProductHiv = "3" "血液製剤に起因するHIV感染症",
});

code_table!("OQSCD015" "未就学区分" PreschoolClassification {
    Preschool = "1" "未就学",
});

code_table!("OQSCD016" "同意区分" ConsentFlag {
    NotGiven = "0" "同意なし",
    Given = "1" "同意あり",
    Expired = "2" "同意有効期限切れ",
    Unobtainable = "3" "同意取得困難",
});

code_table!("OQSCD018" "医療券・調剤券別" TicketType {
    MedicalTicket = "01" "医療券",
    DispensingTicket = "02" "調剤券",
});

code_table!("OQSCD019" "診療別" MedicalTreatmentType {
    Inpatient = "01" "入院",
    Outpatient = "02" "入院外",
    Dentistry = "03" "歯科",
    Dispensing = "04" "調剤",
    HomeNursing = "05" "訪問看護",
});

code_table!("OQSCD020" "単独・併用別" SingleOrCombinedUse {
    Single = "01" "単独",
    Combined = "02" "併用",
});

code_table!("OQSCD021" "社会保険の有無" StatusOfSocialInsurance {
    Present = "01" "あり",
    Absent = "02" "なし",
});

code_table!("OQSCD022" "社会保険状況の整合性フラグ" ConsistencyFlag {
    Inconsistent = "1" "不整合あり",
});

code_table!("OQSCD023" "感染症法第37条の2の有無" StatusOfInfection {
    Present = "01" "あり",
    Absent = "02" "なし",
});

code_table!("OQSCD024" "後期高齢者医療の有無" StatusOfElderlyMedicalCare {
    Present = "01" "あり",
    Absent = "02" "なし",
});

code_table!("OQSCD025" "都道府県費の有無" StatusOfPrefecturalExpenses {
    Present = "01" "あり",
    Absent = "02" "なし",
});

code_table!("OQSCD026" "指定医療機関確認フラグ" DesignatedMedicalInstitutionFlag {
    Same = "0" "一致",
    Different = "1" "不一致",
});

code_table!("OQSCD036" "閲覧同意情報種別" MedicalInformation {
    SpecificDiseases = "TSR" "特定疾病",
    SpecificHealthCheckups = "TKK" "健診",
    Pharmacists = "YZK" "薬剤・処方",
    Diagnosis = "SRJ" "診療・アレルギー・検査",
    Operation = "SHJ" "手術・傷病名・感染症",
});

/// 負担割合 in percent: 0 to 100; three digits on the wire (`030` is 3割).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^(0[0-9]{2}|100)$"))]
#[serde(try_from = "String", into = "String")]
pub struct ContributionRatio(u8);

/// Not three digits from 000 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("負担割合は000から100までの3桁の数字です")]
pub struct InvalidContributionRatio;

impl ContributionRatio {
    /// The share that the patient pays, in percent.
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// As the desk says it: `3割`, or the percentage when it is no whole tenth.
    pub fn label(self) -> String {
        match self.0 % 10 {
            0 => format!("{}割", self.0 / 10),
            _ => format!("{}％", self.0),
        }
    }
}

impl FromStr for ContributionRatio {
    type Err = InvalidContributionRatio;

    fn from_str(text: &str) -> Result<Self, InvalidContributionRatio> {
        if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidContributionRatio);
        }
        match text.parse() {
            Ok(percent @ 0..=100) => Ok(Self(percent)),
            _ => Err(InvalidContributionRatio),
        }
    }
}

impl fmt::Display for ContributionRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl TryFrom<String> for ContributionRatio {
    type Error = InvalidContributionRatio;

    fn try_from(text: String) -> Result<Self, InvalidContributionRatio> {
        text.parse()
    }
}

impl From<ContributionRatio> for String {
    fn from(ratio: ContributionRatio) -> Self {
        ratio.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_others_are_refused() {
        for flag in LimitApplicationCertificateClassificationFlag::ALL {
            assert_eq!(flag.code().parse(), Ok(*flag));
        }
        let error = "9".parse::<Sex>().unwrap_err();
        assert_eq!(error.to_string(), "コード表OQSCD007（性別）にない値です");
        assert_eq!(serde_json::to_string(&Sex::Female).unwrap(), "\"2\"");
        assert!(serde_json::from_str::<Sex>("\"男\"").is_err());
    }

    #[test]
    fn ratios_are_three_digits() {
        let table = [
            ("030", Some("3割")),
            ("000", Some("0割")),
            ("100", Some("10割")),
            ("015", Some("15％")),
        ];
        for (text, label) in table {
            assert_eq!(
                text.parse().ok().map(ContributionRatio::label).as_deref(),
                label
            );
        }
        for text in ["30", "101", "0３0", "", "-10"] {
            assert!(text.parse::<ContributionRatio>().is_err(), "{text}");
        }
    }
}
