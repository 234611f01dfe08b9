//! How the fields of a record are packed: days and codes as numbers, absent ones not at all.

use domain::code::{
    ConsistencyFlag, ContributionRatio, DesignatedMedicalInstitutionFlag,
    InsuredCardClassification, LimitApplicationCertificateClassification,
    LimitApplicationCertificateClassificationFlag, MedicalTreatmentType,
    PersonalFamilyClassification, PreschoolClassification, ReasonOfLoss, Sex, SingleOrCombinedUse,
    SpecificDiseasesDiseaseCategory, StatusOfElderlyMedicalCare, StatusOfInfection,
    StatusOfPrefecturalExpenses, StatusOfSocialInsurance, TicketType,
};
use domain::coverage::TreatmentMonth;
use domain::date::Date;

use super::bytes::{Input, Malformed, Output, unzigzag, zigzag};
use super::text;

/// A field that is there.
pub(super) trait Field: Sized {
    fn pack(&self, to: &mut Output);
    fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed>;
}

/// A field that may be absent: a bit before all fields says so.
pub(super) trait Optional: Sized {
    fn is_given(&self) -> bool;
    fn pack_given(&self, to: &mut Output);
    fn unpack(from: &mut Input<'_>, is_given: bool) -> Result<Self, Malformed>;
}

impl<T: Field> Optional for Option<T> {
    fn is_given(&self) -> bool {
        self.is_some()
    }

    fn pack_given(&self, to: &mut Output) {
        if let Some(field) = self {
            field.pack(to);
        }
    }

    fn unpack(from: &mut Input<'_>, is_given: bool) -> Result<Self, Malformed> {
        is_given.then(|| T::unpack(from)).transpose()
    }
}

impl<T: Field> Optional for Vec<T> {
    fn is_given(&self) -> bool {
        !self.is_empty()
    }

    fn pack_given(&self, to: &mut Output) {
        to.number(self.len() as u64);
        for field in self {
            field.pack(to);
        }
    }

    fn unpack(from: &mut Input<'_>, is_given: bool) -> Result<Self, Malformed> {
        let count = if is_given { from.count()? } else { 0 };
        (0..count).map(|_| T::unpack(from)).collect()
    }
}

impl Field for String {
    fn pack(&self, to: &mut Output) {
        text::pack(self, to);
    }

    fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed> {
        text::unpack(from)
    }
}

/// By how far it is from the day before.
impl Field for Date {
    fn pack(&self, to: &mut Output) {
        let day = self.days_since_unix_epoch();
        to.number(zigzag(day - to.day));
        to.day = day;
    }

    fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed> {
        let further = unzigzag(from.number()?);
        from.day = from.day.checked_add(further).ok_or(Malformed)?;
        Ok(Self::from_days_since_unix_epoch(from.day))
    }
}

impl Field for u32 {
    fn pack(&self, to: &mut Output) {
        to.number((*self).into());
    }

    fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed> {
        Self::try_from(from.number()?).map_err(|_| Malformed)
    }
}

impl Field for ContributionRatio {
    fn pack(&self, to: &mut Output) {
        to.number(self.percent().into());
    }

    fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed> {
        let percent = from.number()?;
        format!("{percent:03}").parse().map_err(|_| Malformed)
    }
}

impl Field for TreatmentMonth {
    fn pack(&self, to: &mut Output) {
        to.number(self.to_string().parse().unwrap_or_default());
    }

    fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed> {
        let month = from.number()?;
        format!("{month:06}").parse().map_err(|_| Malformed)
    }
}

/// A code by its letters, read as a number to the base of 36: its place in the table would
/// change with the table.
macro_rules! codes {
    ($($code:ty),+ $(,)?) => {$(
        impl Field for $code {
            fn pack(&self, to: &mut Output) {
                to.number(u64::from_str_radix(self.code(), 36).unwrap_or_default());
            }

            fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed> {
                let number = from.number()?;
                let width = Self::ALL.first().map_or(0, |first| first.code().len());
                letters(number, width).parse().map_err(|_| Malformed)
            }
        }
    )+};
}

codes!(
    ConsistencyFlag,
    DesignatedMedicalInstitutionFlag,
    InsuredCardClassification,
    LimitApplicationCertificateClassification,
    LimitApplicationCertificateClassificationFlag,
    MedicalTreatmentType,
    PersonalFamilyClassification,
    PreschoolClassification,
    ReasonOfLoss,
    Sex,
    SingleOrCombinedUse,
    SpecificDiseasesDiseaseCategory,
    StatusOfElderlyMedicalCare,
    StatusOfInfection,
    StatusOfPrefecturalExpenses,
    StatusOfSocialInsurance,
    TicketType,
);

/// The inverse of reading letters to the base of 36.
fn letters(mut number: u64, width: usize) -> String {
    let mut letters = vec!['0'; width];
    for letter in letters.iter_mut().rev() {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        *letter = char::from_digit(digit, 36).map_or('0', |digit| digit.to_ascii_uppercase());
        number /= 36;
    }
    letters.into_iter().collect()
}
