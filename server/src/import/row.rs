//! One row of a file becomes one coverage, or says which field can't be taken.

use std::borrow::Cow;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use csv::ByteRecord;
use domain::coverage::{
    Coverage, ElderlyRecipientCertificateInfo, LimitApplicationCertificateRelatedInfo,
    MedicalTicketInfo, SpecificDiseasesCertificateInfo,
};
use domain::date::Date;
use domain::fold;
use domain::text;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::Encoding;
use super::header::{self, Column, Header};
use crate::store::{StoredCoverage, card};

/// The most characters of a field.
const MOST_CHARACTERS: usize = 300;

/// Why a row can't be taken.
#[derive(Debug)]
pub(super) struct RowError {
    /// The column's name; empty when it is the row as a whole.
    pub(super) field: Cow<'static, str>,
    pub(super) reason: Reason,
}

/// What is wrong with a field.
#[derive(Debug, Error)]
pub(super) enum Reason {
    #[error("列の数が見出しと違います")]
    FieldCount,
    #[error("文字コードが{}ではありません", .0.label())]
    Encoding(Encoding),
    #[error("必須の項目が空です")]
    Missing,
    #[error("yyyyMMdd形式の実在する日付ではありません")]
    Date,
    #[error("16進数ではありません")]
    Hexadecimal,
    #[error("整数ではありません")]
    Integer,
    #[error("資格喪失年月日が資格取得年月日より前です")]
    LostBeforeGained,
    #[error("文字（漢字・カナ・英数字）がありません")]
    NothingToMatch,
    #[error("{0}")]
    Value(String),
}

pub(super) fn parse(header: &Header, record: &ByteRecord) -> Result<StoredCoverage, RowError> {
    if record.len() != header.names().len() {
        return Err(RowError {
            field: Cow::Borrowed(""),
            reason: Reason::FieldCount,
        });
    }
    let row = Row {
        header,
        record,
        entry: 0,
    };
    let coverage = coverage(&row)?;
    let person_identifier = match row.text(Column::PersonIdentifier)? {
        Some(identifier) => identifier,
        None => identifier_of_card(&coverage),
    };
    Ok(StoredCoverage {
        person_identifier,
        certificate_serial_number: serial_number(&row)?,
        coverage,
    })
}

/// A row with its columns.
struct Row<'a> {
    header: &'a Header,
    record: &'a ByteRecord,
    /// Of what the interface has in lists, from zero.
    entry: usize,
}

impl Row<'_> {
    /// A field as it is written, decoded.
    fn field(&self, column: Column) -> Result<Cow<'_, str>, RowError> {
        let place = self.header.place(column, self.entry);
        let Some(bytes) = place.and_then(|place| self.record.get(place)) else {
            return Ok(Cow::Borrowed(""));
        };
        let encoding = self.header.encoding();
        encoding
            .decode(bytes)
            .ok_or_else(|| self.error(column, Reason::Encoding(encoding)))
    }

    /// A field's text, trimmed; an empty one is `None`.
    fn text(&self, column: Column) -> Result<Option<String>, RowError> {
        let text = without_private_characters(self.field(column)?);
        if text.is_empty() {
            return Ok(None);
        }
        text::optional(&text, MOST_CHARACTERS)
            .map_err(|reason| self.error(column, Reason::Value(reason.to_string())))
    }

    /// What a field is read as, if there is something; what can be read is short, and has no
    /// control characters.
    fn read<T>(
        &self,
        column: Column,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Result<Option<T>, RowError> {
        let text = self.field(column)?;
        let text = text.trim();
        let read = (!text.is_empty()).then(|| read(text)).transpose();
        read.map_err(|reason| self.error(column, reason))
    }

    /// A field of a type that reads itself.
    fn value<T: FromStr<Err: ToString>>(&self, column: Column) -> Result<Option<T>, RowError> {
        let reason = |reason: T::Err| Reason::Value(reason.to_string());
        self.read(column, |text| text.parse::<T>().map_err(reason))
    }

    fn required_value<T: FromStr<Err: ToString>>(&self, column: Column) -> Result<T, RowError> {
        self.value(column)?
            .ok_or_else(|| self.error(column, Reason::Missing))
    }

    fn date(&self, column: Column) -> Result<Option<Date>, RowError> {
        let read = |text: &str| Date::from_interface(text).map_err(|_| Reason::Date);
        self.read(column, read)
    }

    /// An amount in yen.
    fn yen(&self, column: Column) -> Result<Option<u32>, RowError> {
        self.read(column, |yen| yen.parse().map_err(|_| Reason::Integer))
    }

    /// Those of some fields that hold something.
    fn texts<const N: usize>(&self, columns: [Column; N]) -> Result<Vec<String>, RowError> {
        let mut texts = Vec::new();
        for column in columns {
            texts.extend(self.text(column)?);
        }
        Ok(texts)
    }

    /// What a field can't be taken for.
    fn error(&self, column: Column, reason: Reason) -> RowError {
        RowError {
            field: header::name(column, self.entry),
            reason,
        }
    }

    /// The entries of a list that are given.
    fn list<T>(
        &self,
        entry: impl Fn(&Self) -> Result<Option<T>, RowError>,
    ) -> Result<Vec<T>, RowError> {
        let mut list = Vec::new();
        for number in 0..self.header.entries() {
            list.extend(entry(&Self {
                entry: number,
                ..*self
            })?);
        }
        Ok(list)
    }

    /// A name that can be found: with at least one letter.
    fn name(&self, column: Column) -> Result<Option<String>, RowError> {
        match self.text(column)? {
            Some(name)
                if !name.contains(|c: char| c.is_alphanumeric() || c == fold::UNENCODABLE) =>
            {
                Err(self.error(column, Reason::NothingToMatch))
            }
            name => Ok(name),
        }
    }
}

/// A private character (外字) means something only to the machine that wrote it,
/// so it is one that could not be encoded.
fn without_private_characters(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}');
    if text.contains(is_private) {
        Cow::Owned(text.replace(is_private, &fold::UNENCODABLE.to_string()))
    } else {
        text
    }
}

fn coverage(row: &Row<'_>) -> Result<Coverage, RowError> {
    let missing = |column| move || row.error(column, Reason::Missing);
    let coverage = Coverage {
        insured_card_classification: row.required_value(Column::InsuredCardClassification)?,
        insurer_number: row.required_value(Column::InsurerNumber)?,
        insurer_name: row
            .name(Column::InsurerName)?
            .ok_or_else(missing(Column::InsurerName))?,
        insured_card_symbol: row.text(Column::InsuredCardSymbol)?,
        insured_identification_number: row.text(Column::InsuredIdentificationNumber)?,
        insured_branch_number: row.text(Column::InsuredBranchNumber)?,
        personal_family_classification: row.value(Column::PersonalFamilyClassification)?,
        insured_name: row.text(Column::InsuredName)?,
        name: row.name(Column::Name)?.ok_or_else(missing(Column::Name))?,
        name_of_other: row.text(Column::NameOfOther)?,
        name_kana: row.name(Column::NameKana)?,
        name_of_other_kana: row.text(Column::NameOfOtherKana)?,
        sex1: row.required_value(Column::Sex1)?,
        sex2: row.value(Column::Sex2)?,
        birthdate: row
            .date(Column::Birthdate)?
            .ok_or_else(missing(Column::Birthdate))?,
        address: row.text(Column::Address)?,
        post_number: row.text(Column::PostNumber)?,
        qualification_date: row.date(Column::QualificationDate)?,
        disqualification_date: row.date(Column::DisqualificationDate)?,
        reason_of_loss: row.value(Column::ReasonOfLoss)?,
        insured_certificate_issuance_date: row.date(Column::InsuredCertificateIssuanceDate)?,
        insured_card_valid_date: row.date(Column::InsuredCardValidDate)?,
        insured_card_expiration_date: row.date(Column::InsuredCardExpirationDate)?,
        insured_partial_contribution_ratio: row.value(Column::InsuredPartialContributionRatio)?,
        preschool_classification: row.value(Column::PreschoolClassification)?,
        elderly_recipient_certificate_info: elderly_recipient(row)?,
        limit_application_certificate_related_info: limit_application(row)?,
        specific_diseases_certificate_list: row.list(specific_diseases)?,
        public_expense_result_list: row.list(medical_ticket)?,
    };
    match (coverage.qualification_date, coverage.disqualification_date) {
        (Some(gained), Some(lost)) if lost < gained => {
            Err(row.error(Column::DisqualificationDate, Reason::LostBeforeGained))
        }
        _ => Ok(coverage),
    }
}

fn elderly_recipient(row: &Row<'_>) -> Result<Option<ElderlyRecipientCertificateInfo>, RowError> {
    let info = ElderlyRecipientCertificateInfo {
        elderly_recipient_certificate_date: row.date(Column::ElderlyRecipientCertificateDate)?,
        elderly_recipient_valid_start_date: row.date(Column::ElderlyRecipientValidStartDate)?,
        elderly_recipient_valid_end_date: row.date(Column::ElderlyRecipientValidEndDate)?,
        elderly_recipient_contribution_ratio: row
            .value(Column::ElderlyRecipientContributionRatio)?,
    };
    let is_empty = info.elderly_recipient_certificate_date.is_none()
        && info.elderly_recipient_valid_start_date.is_none()
        && info.elderly_recipient_valid_end_date.is_none()
        && info.elderly_recipient_contribution_ratio.is_none();
    Ok((!is_empty).then_some(info))
}

fn limit_application(
    row: &Row<'_>,
) -> Result<Option<LimitApplicationCertificateRelatedInfo>, RowError> {
    let classification = row.value(Column::LimitApplicationCertificateClassification)?;
    let info = |classification| {
        Ok(LimitApplicationCertificateRelatedInfo {
            limit_application_certificate_classification: classification,
            limit_application_certificate_classification_flag: row
                .value(Column::LimitApplicationCertificateClassificationFlag)?,
            limit_application_certificate_date: row
                .date(Column::LimitApplicationCertificateDate)?,
            limit_application_certificate_valid_start_date: row
                .date(Column::LimitApplicationCertificateValidStartDate)?,
            limit_application_certificate_valid_end_date: row
                .date(Column::LimitApplicationCertificateValidEndDate)?,
            limit_application_certificate_long_term_date: row
                .date(Column::LimitApplicationCertificateLongTermDate)?,
        })
    };
    classification.map(info).transpose()
}

fn specific_diseases(row: &Row<'_>) -> Result<Option<SpecificDiseasesCertificateInfo>, RowError> {
    let category = row.value(Column::SpecificDiseasesDiseaseCategory)?;
    let info = |category| {
        Ok(SpecificDiseasesCertificateInfo {
            specific_diseases_disease_category: category,
            specific_diseases_certificate_date: row
                .date(Column::SpecificDiseasesCertificateDate)?,
            specific_diseases_valid_start_date: row.date(Column::SpecificDiseasesValidStartDate)?,
            specific_diseases_valid_end_date: row.date(Column::SpecificDiseasesValidEndDate)?,
            specific_diseases_self_pay: row.yen(Column::SpecificDiseasesSelfPay)?,
        })
    };
    category.map(info).transpose()
}

/// 公費: a 医療券 or 調剤券.
fn medical_ticket(row: &Row<'_>) -> Result<Option<MedicalTicketInfo>, RowError> {
    let ticket_type = row.value(Column::TicketType)?;
    let info = |ticket_type| {
        Ok(MedicalTicketInfo {
            ticket_type,
            medical_ticket_valid_date: row.date(Column::MedicalTicketValidDate)?,
            medical_ticket_expiration_date: row.date(Column::MedicalTicketExpirationDate)?,
            issue_number: row.text(Column::IssueNumber)?,
            medical_treatment_month: row.value(Column::MedicalTreatmentMonth)?,
            designated_medical_institution_code: row
                .text(Column::DesignatedMedicalInstitutionCode)?,
            designated_medical_institution_flag: row
                .value(Column::DesignatedMedicalInstitutionFlag)?,
            designated_medical_institution_name: row
                .text(Column::DesignatedMedicalInstitutionName)?,
            prescription_issuer_medical_institution_code: row
                .text(Column::PrescriptionIssuerMedicalInstitutionCode)?,
            prescription_issuer_medical_institution_name: row
                .text(Column::PrescriptionIssuerMedicalInstitutionName)?,
            injury_names: row.texts([
                Column::InjuryName1,
                Column::InjuryName2,
                Column::InjuryName3,
            ])?,
            medical_treatment_type: row.value(Column::MedicalTreatmentType)?,
            self_pay_amount: row.yen(Column::SelfPayAmount)?,
            district_contact_name: row.text(Column::DistrictContactName)?,
            handling_contact_name: row.text(Column::HandlingContactName)?,
            single_or_combined_use: row.value(Column::SingleOrCombinedUse)?,
            status_of_social_insurance: row.value(Column::StatusOfSocialInsurance)?,
            consistency_flag: row.value(Column::ConsistencyFlag)?,
            status_of_infection: row.value(Column::StatusOfInfecton)?,
            status_of_elderly_medical_care: row.value(Column::StatusOfElderlyMedicalCare)?,
            status_of_prefectural_expenses: row.value(Column::StatusOfPrefecturalExpenses)?,
            remarks: row.texts([Column::Remarks1, Column::Remarks2, Column::Remarks3])?,
        })
    };
    ticket_type.map(info).transpose()
}

/// Upper-case hexadecimal without leading zeros, so that every way of writing a
/// serial number is one text.
fn serial_number(row: &Row<'_>) -> Result<Option<String>, RowError> {
    let column = Column::CertificateSerialNumber;
    let Some(text) = row.text(column)? else {
        return Ok(None);
    };
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(row.error(column, Reason::Hexadecimal));
    }
    let digits = text.trim_start_matches('0').to_ascii_uppercase();
    Ok(Some(if digits.is_empty() {
        "0".to_owned()
    } else {
        digits
    }))
}

/// Without `PersonIdentifier` each card's holder counts as a person of his own:
/// joining two people of one name would show one the other's records. So a new
/// address keeps him who he is, and a new insurer makes him another: nothing but
/// the name and the day of birth would tie the two, and namesakes share those.
/// Hashed, because an identifier may be seen where a name may not.
fn identifier_of_card(coverage: &Coverage) -> String {
    let holder = format!(
        "{}:{}:{}:{}",
        card(coverage),
        coverage.birthdate,
        coverage.sex1.code(),
        fold::name(&coverage.name),
    );
    let digest = Sha256::digest(holder.as_bytes());
    format!("card:{}", URL_SAFE_NO_PAD.encode(digest))
}
