//! The columns of a file, by the interface's element names. What the interface has
//! in lists ((n) in `facts/domain.md` §2.4) may stand there several times: `TicketType`,
//! `TicketType[2]` … `TicketType[9]`.

use std::borrow::Cow;

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

            /// Whether it is a field of what the interface has in lists:
            /// `SpecificDiseasesCertificateInfo`, `MedicalTicketInfo`.
            const fn is_of_a_list(self) -> bool {
                let place = self as usize;
                Self::SpecificDiseasesDiseaseCategory as usize <= place
                    && place <= Self::Remarks3 as usize
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

/// The most entries of a list in one row.
const MOST_ENTRIES: usize = 9;

/// Which column is where.
#[derive(Clone)]
pub(super) struct Header {
    encoding: Encoding,
    names: Vec<String>,
    /// Of each entry of a list; columns that repeat nothing are in the first.
    places: Vec<Vec<Option<usize>>>,
    ignored: Vec<String>,
}

impl Header {
    pub(super) fn read(record: &ByteRecord, encoding: Encoding) -> Result<Self, HeaderError> {
        let mut header = Self {
            encoding,
            names: Vec::with_capacity(record.len()),
            places: vec![vec![None; Column::ALL.len()]],
            ignored: Vec::new(),
        };
        for (place, name) in record.iter().enumerate() {
            let name = encoding
                .decode(name)
                .ok_or(HeaderError::Encoding(encoding))?;
            let name = if place == 0 {
                name.trim_start_matches('\u{FEFF}')
            } else {
                &*name
            };
            header.add(place, name.trim())?;
        }
        let missing: Vec<_> = MANDATORY
            .into_iter()
            .filter(|column| header.place(*column, 0).is_none())
            .map(Column::name)
            .collect();
        if missing.is_empty() {
            Ok(header)
        } else {
            Err(HeaderError::Missing(missing))
        }
    }

    fn add(&mut self, place: usize, name: &str) -> Result<(), HeaderError> {
        self.names.push(name.to_owned());
        let Some((column, entry)) = known(name) else {
            self.ignored.push(name.to_owned());
            return Ok(());
        };
        let entries = self.places.len().max(entry + 1);
        self.places.resize(entries, vec![None; Column::ALL.len()]);
        let slot = self.places.get_mut(entry);
        match slot.and_then(|places| places.get_mut(column as usize)) {
            Some(Some(_)) => Err(HeaderError::Twice(name.to_owned())),
            Some(slot) => {
                *slot = Some(place);
                Ok(())
            }
            None => Ok(()),
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

    /// How many entries of a list a row can hold.
    pub(super) const fn entries(&self) -> usize {
        self.places.len()
    }

    /// Where a column is, of the entry of a list from zero.
    pub(super) fn place(&self, column: Column, entry: usize) -> Option<usize> {
        let places = self.places.get(entry)?;
        places.get(column as usize).copied().flatten()
    }
}

/// A column's name, of an entry of a list from zero.
pub(super) fn name(column: Column, entry: usize) -> Cow<'static, str> {
    match entry {
        0 => Cow::Borrowed(column.name()),
        entry => Cow::Owned(format!("{}[{}]", column.name(), entry + 1)),
    }
}

fn known(text: &str) -> Option<(Column, usize)> {
    (0..MOST_ENTRIES).find_map(|entry| {
        let mut columns = Column::ALL.iter();
        let column = columns.find(|column| name(**column, entry) == text)?;
        (entry == 0 || column.is_of_a_list()).then_some((*column, entry))
    })
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
        assert_eq!(header.place(Column::InsuredCardClassification, 0), Some(0));
        assert_eq!(header.place(Column::NameKana, 0), Some(6));
        assert_eq!(header.place(Column::Address, 0), None);
        assert_eq!(header.ignored(), ["Remark"]);
    }

    #[test]
    fn what_the_interface_has_in_lists_may_repeat() {
        let header = read(&format!(
            "{COMPLETE},TicketType,TicketType[2],IssueNumber[9],Name[2],TicketType[1],TicketType[10]"
        ))
        .ok()
        .unwrap();
        assert_eq!(header.entries(), 9);
        let table = [
            (Column::TicketType, 0, Some(6)),
            (Column::TicketType, 1, Some(7)),
            (Column::TicketType, 2, None),
            (Column::IssueNumber, 8, Some(8)),
            (Column::IssueNumber, 0, None),
        ];
        for (column, entry, place) in table {
            assert_eq!(header.place(column, entry), place, "{column:?} {entry}");
        }
        assert_eq!(
            header.ignored(),
            ["Name[2]", "TicketType[1]", "TicketType[10]"]
        );
        let twice = read(&format!("{COMPLETE},TicketType[2],TicketType[2]"));
        let expected = HeaderError::Twice("TicketType[2]".to_owned());
        assert_eq!(twice.err(), Some(expected));
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
