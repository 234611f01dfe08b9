//! The columns of a file, by the interface's element names.

use csv::ByteRecord;
use thiserror::Error;

use super::Encoding;

/// Declares the known columns once: the names, and the variants.
macro_rules! columns {
    ($($name:ident),+ $(,)?) => {
        /// A column that is read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Column { $($name),+ }

        impl Column {
            const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The element's name in the interface.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

columns! {
    InsuredCardClassification, InsurerNumber, InsuredCardSymbol, InsuredIdentificationNumber,
    InsuredBranchNumber, PersonalFamilyClassification, InsuredName, Name, NameOfOther, NameKana,
    NameOfOtherKana, Sex1, Sex2, Birthdate, Address, PostNumber, QualificationDate,
    DisqualificationDate, InsuredCertificateIssuanceDate, InsuredCardValidDate,
    InsuredCardExpirationDate, InsuredPartialContributionRatio, PreschoolClassification,
    ReasonOfLoss, InsurerName,
    ElderlyRecipientCertificateDate, ElderlyRecipientValidStartDate, ElderlyRecipientValidEndDate,
    ElderlyRecipientContributionRatio,
    LimitApplicationCertificateClassification, LimitApplicationCertificateClassificationFlag,
    LimitApplicationCertificateDate, LimitApplicationCertificateValidStartDate,
    LimitApplicationCertificateValidEndDate, LimitApplicationCertificateLongTermDate,
    SpecificDiseasesDiseaseCategory, SpecificDiseasesCertificateDate,
    SpecificDiseasesValidStartDate, SpecificDiseasesValidEndDate, SpecificDiseasesSelfPay,
    TicketType, MedicalTicketValidDate, MedicalTicketExpirationDate, IssueNumber,
    MedicalTreatmentMonth, DesignatedMedicalInstitutionCode, DesignatedMedicalInstitutionFlag,
    DesignatedMedicalInstitutionName, PrescriptionIssuerMedicalInstitutionCode,
    PrescriptionIssuerMedicalInstitutionName, InjuryName1, InjuryName2, InjuryName3,
    MedicalTreatmentType, SelfPayAmount, DistrictContactName, HandlingContactName,
    SingleOrCombinedUse, StatusOfSocialInsurance, ConsistencyFlag, StatusOfInfecton,
    StatusOfElderlyMedicalCare, StatusOfPrefecturalExpenses, Remarks1, Remarks2, Remarks3,
    PersonIdentifier, CertificateSerialNumber,
}

/// The interface's mandatory elements, and 保険者番号, without which coverages
/// can't be told apart.
const MANDATORY: [Column; 6] = [
    Column::InsuredCardClassification,
    Column::InsurerNumber,
    Column::InsurerName,
    Column::Name,
    Column::Sex1,
    Column::Birthdate,
];

/// The header can't be used.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// Mandatory columns are missing.
    #[error("the file has no column {}; add it and import the file again", .0.join(", "))]
    Missing(Vec<&'static str>),
    /// A column stands there twice.
    #[error("the file has the column {0} twice; remove one and import the file again")]
    Twice(String),
    /// The header's bytes are malformed in the file's encoding.
    #[error("the header is not {}; save the file as UTF-8 or Shift_JIS, or name its \
             encoding with --encoding, and import it again", .0.label())]
    Encoding(Encoding),
}

/// Which column is where.
pub(super) struct Header {
    encoding: Encoding,
    names: Vec<String>,
    places: Vec<Option<usize>>,
    ignored: Vec<String>,
}

impl Header {
    pub(super) fn read(record: &ByteRecord, encoding: Encoding) -> Result<Self, HeaderError> {
        let mut names = Vec::with_capacity(record.len());
        for (place, name) in record.iter().enumerate() {
            let name = encoding
                .decode(name)
                .ok_or(HeaderError::Encoding(encoding))?;
            let name = if place == 0 {
                name.trim_start_matches('\u{FEFF}')
            } else {
                &*name
            };
            names.push(name.trim().to_owned());
        }
        let mut places = Vec::with_capacity(Column::ALL.len());
        for column in Column::ALL {
            let mut found = (0..names.len()).filter(|place| names[*place] == column.name());
            places.push(found.next());
            if found.next().is_some() {
                return Err(HeaderError::Twice(column.name().to_owned()));
            }
        }
        let header = Self {
            encoding,
            ignored: ignored(&names),
            names,
            places,
        };
        let missing: Vec<_> = MANDATORY
            .into_iter()
            .filter(|column| header.place(*column).is_none())
            .map(Column::name)
            .collect();
        if missing.is_empty() {
            Ok(header)
        } else {
            Err(HeaderError::Missing(missing))
        }
    }

    /// What the rows are written in.
    pub(super) const fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }
}

fn ignored(names: &[String]) -> Vec<String> {
    let is_known = |name: &String| Column::ALL.iter().any(|column| column.name() == name);
    names
        .iter()
        .filter(|name| !is_known(name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: &str =
        "InsuredCardClassification,InsurerNumber,InsurerName,Name,Sex1,Birthdate";

    fn read(header: &str) -> Result<Header, HeaderError> {
        let record = ByteRecord::from(header.split(',').collect::<Vec<_>>());
        Header::read(&record, Encoding::Utf8)
    }

    #[test]
    fn a_byte_order_mark_spaces_and_unknown_columns_do_not_matter() {
        let header = read(&format!("\u{FEFF}{COMPLETE}, NameKana ,Remark"))
            .ok()
            .unwrap();
        assert_eq!(header.place(Column::InsuredCardClassification), Some(0));
        assert_eq!(header.place(Column::NameKana), Some(6));
        assert_eq!(header.place(Column::Address), None);
        assert_eq!(header.ignored(), ["Remark"]);
    }

    #[test]
    fn missing_and_double_columns_are_named() {
        let missing = read("InsurerNumber,Name").err().unwrap();
        let expected = vec![
            "InsuredCardClassification",
            "InsurerName",
            "Sex1",
            "Birthdate",
        ];
        assert_eq!(missing, HeaderError::Missing(expected));
        let twice = read(&format!("{COMPLETE},Name")).err().unwrap();
        assert_eq!(twice, HeaderError::Twice("Name".to_owned()));
    }
}
