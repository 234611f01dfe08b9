//! Numbers that name insurers and institutions, with their check digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is not an identifier of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdentifierError {
    /// Something else than digits.
    #[error("半角の数字で入力してください")]
    NotDigits,
    /// Another number of digits.
    #[error("桁数が違います（{expected}）")]
    Length {
        /// The allowed lengths, in words.
        expected: &'static str,
    },
}

/// 保険者番号: 法別番号 2 + 都道府県番号 2 + 保険者別番号 3 + 検証番号 1.
///
/// Always held as eight digits. National health insurance writes six (no
/// 法別番号), and files pad with spaces or zeros or lose leading zeros: all of
/// these are the same number (`facts/domain.md` §2.1, §3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9]{8}$"))]
#[serde(try_from = "String", into = "String")]
pub struct InsurerNumber(String);

impl InsurerNumber {
    /// The eight digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is printed: six digits for national health insurance, else eight.
    pub fn printed(&self) -> &str {
        self.0.strip_prefix("00").unwrap_or(&self.0)
    }

    /// Whether the 検証番号 fits. Wrong ones exist in real data, so this warns
    /// and never refuses.
    pub fn has_valid_check_digit(&self) -> bool {
        luhn(&self.0)
    }
}

impl FromStr for InsurerNumber {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let digits = text.trim();
        ascii_digits(digits)?;
        match digits.len() {
            5..=8 => Ok(Self(format!("{digits:0>8}"))),
            _ => Err(IdentifierError::Length {
                expected: "6桁または8桁",
            }),
        }
    }
}

/// 医療機関コード: 都道府県 2 + 点数表番号 1 + 郡市区 2 + 医療機関（薬局）番号 4 + 検証番号 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9]{10}$"))]
#[serde(try_from = "String", into = "String")]
pub struct MedicalInstitutionCode(String);

impl MedicalInstitutionCode {
    /// The ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the 検証番号 fits the nine digits before it. Codes issued before
    /// 1976 in four prefectures may be computed otherwise, so this warns and
    /// never refuses (`facts/domain.md` §3).
    pub fn has_valid_check_digit(&self) -> bool {
        luhn(&self.0)
    }
}

impl FromStr for MedicalInstitutionCode {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let digits = text.trim();
        ascii_digits(digits)?;
        match digits.len() {
            10 => Ok(Self(digits.to_owned())),
            _ => Err(IdentifierError::Length { expected: "10桁" }),
        }
    }
}

fn ascii_digits(text: &str) -> Result<(), IdentifierError> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(IdentifierError::NotDigits)
    }
}

/// 検証番号: weights 2, 1, 2, 1 … from the rightmost body digit, two-digit
/// products as digit sums, the total with the check digit a multiple of ten
/// (別添2 第1; `facts/domain.md` §3).
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .map(|byte| u32::from(byte - b'0'))
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// `Display`, and the conversions that serde uses: an invalid value can't be
/// deserialised.
macro_rules! text_form {
    ($($type:ty),+) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $type {
            type Error = IdentifierError;
            fn try_from(text: String) -> Result<Self, IdentifierError> {
                text.parse()
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    )+};
}
text_form!(InsurerNumber, MedicalInstitutionCode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_an_insurer_is_the_same_number() {
        let table = [
            ("138057", "00138057"),
            ("00138057", "00138057"),
            ("  138057", "00138057"),
            ("0138057", "00138057"),
            ("06130488", "06130488"),
            ("6130488", "06130488"),
            ("10017", "00010017"),
        ];
        for (text, canonical) in table {
            assert_eq!(
                text.parse::<InsurerNumber>().unwrap().as_str(),
                canonical,
                "{text}"
            );
        }
        for text in [
            "",
            "1234",
            "123456789",
            "06-13048",
            "０６１３０４８８",
            "abc",
        ] {
            assert!(text.parse::<InsurerNumber>().is_err(), "{text}");
        }
        assert_eq!(
            "138057".parse::<InsurerNumber>().unwrap().printed(),
            "138057"
        );
        assert_eq!(
            "06130488".parse::<InsurerNumber>().unwrap().printed(),
            "06130488"
        );
    }

    #[test]
    fn check_digits_follow_the_published_vectors() {
        let table = [
            ("06130488", true),
            ("33120015", true),
            ("01130012", true),
            ("01130011", false),
            ("138057", true),
            ("00138057", true),
            ("54016027", true),
        ];
        for (text, valid) in table {
            let number: InsurerNumber = text.parse().unwrap();
            assert_eq!(number.has_valid_check_digit(), valid, "{text}");
        }
        assert!(
            "3410712362"
                .parse::<MedicalInstitutionCode>()
                .unwrap()
                .has_valid_check_digit()
        );
        assert!(
            !"1312345670"
                .parse::<MedicalInstitutionCode>()
                .unwrap()
                .has_valid_check_digit()
        );
        assert!("131234567".parse::<MedicalInstitutionCode>().is_err());
    }
}
