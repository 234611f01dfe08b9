//! Coverages, packed.

use domain::coverage::{
    Coverage, ElderlyRecipientCertificateInfo, LimitApplicationCertificateRelatedInfo,
    MedicalTicketInfo, SpecificDiseasesCertificateInfo,
};
use domain::identifier::InsurerNumber;

use super::bytes::{Input, Malformed, Output};
use super::fields::{Field, Optional};

/// Writes and reads a record: bits that say which of the optional fields are there, the
/// others, and those that are. A field to come goes to the end of the optional ones.
/// `given` are fields that are kept elsewhere. The compiler sees to it that none is left out.
macro_rules! packed {
    ($pack:ident, $unpack:ident, $record:ident
     given ($($given:ident: $type:ty),*)
     required ($($required:ident),*)
     optional ($($optional:ident),* $(,)?)) => {
        fn $pack(record: &$record, to: &mut Output) {
            let $record { $($given: _,)* $($required,)* $($optional),* } = record;
            let are_given = [$($optional.is_given()),*];
            let bits = are_given.iter().rev().fold(0, |bits, is| bits << 1 | u64::from(*is));
            to.number(bits);
            $($required.pack(to);)*
            $(if $optional.is_given() { $optional.pack_given(to); })*
        }

        fn $unpack(from: &mut Input<'_>, $($given: $type),*) -> Result<$record, Malformed> {
            let mut bits = Bits(from.number()?);
            Ok($record {
                $($given,)*
                $($required: Field::unpack(from)?,)*
                $($optional: Optional::unpack(from, bits.next())?,)*
            })
        }
    };
}

/// Which of the optional fields are there, the first one first.
struct Bits(u64);

impl Bits {
    const fn next(&mut self) -> bool {
        let is_given = self.0 & 1 == 1;
        self.0 >>= 1;
        is_given
    }
}

packed! {
    pack_coverage, unpack_coverage, Coverage
    given (insurer_number: InsurerNumber, insurer_name: String)
    required (insured_card_classification, name, sex1, birthdate)
    optional (
        insured_name, name_kana, address, qualification_date, insured_certificate_issuance_date,
        insured_card_valid_date, insured_identification_number, insured_card_symbol,
        insured_branch_number, personal_family_classification, post_number,
        disqualification_date, insured_card_expiration_date, reason_of_loss,
        insured_partial_contribution_ratio, limit_application_certificate_related_info,
        elderly_recipient_certificate_info, sex2, name_of_other, name_of_other_kana,
        preschool_classification, specific_diseases_certificate_list,
        public_expense_result_list,
    )
}

packed! {
    pack_elderly, unpack_elderly, ElderlyRecipientCertificateInfo
    given ()
    required ()
    optional (
        elderly_recipient_certificate_date, elderly_recipient_valid_start_date,
        elderly_recipient_valid_end_date, elderly_recipient_contribution_ratio,
    )
}

packed! {
    pack_limit, unpack_limit, LimitApplicationCertificateRelatedInfo
    given ()
    required (limit_application_certificate_classification)
    optional (
        limit_application_certificate_classification_flag, limit_application_certificate_date,
        limit_application_certificate_valid_start_date,
        limit_application_certificate_valid_end_date,
        limit_application_certificate_long_term_date,
    )
}

packed! {
    pack_disease, unpack_disease, SpecificDiseasesCertificateInfo
    given ()
    required (specific_diseases_disease_category)
    optional (
        specific_diseases_certificate_date, specific_diseases_valid_start_date,
        specific_diseases_valid_end_date, specific_diseases_self_pay,
    )
}

packed! {
    pack_ticket, unpack_ticket, MedicalTicketInfo
    given ()
    required (ticket_type)
    optional (
        medical_ticket_valid_date, medical_ticket_expiration_date, issue_number,
        medical_treatment_month, designated_medical_institution_code,
        designated_medical_institution_flag, designated_medical_institution_name,
        prescription_issuer_medical_institution_code,
        prescription_issuer_medical_institution_name, injury_names, medical_treatment_type,
        self_pay_amount, district_contact_name, handling_contact_name, single_or_combined_use,
        status_of_social_insurance, consistency_flag, status_of_infection,
        status_of_elderly_medical_care, status_of_prefectural_expenses, remarks,
    )
}

macro_rules! fields {
    ($($record:ident $pack:ident $unpack:ident),+ $(,)?) => {$(
        impl Field for $record {
            fn pack(&self, to: &mut Output) {
                $pack(self, to);
            }

            fn unpack(from: &mut Input<'_>) -> Result<Self, Malformed> {
                $unpack(from)
            }
        }
    )+};
}

fields! {
    ElderlyRecipientCertificateInfo pack_elderly unpack_elderly,
    LimitApplicationCertificateRelatedInfo pack_limit unpack_limit,
    SpecificDiseasesCertificateInfo pack_disease unpack_disease,
    MedicalTicketInfo pack_ticket unpack_ticket,
}

/// Writes a coverage; its insurer is kept elsewhere.
pub(super) fn pack(coverage: &Coverage, to: &mut Output) {
    pack_coverage(coverage, to);
}

/// Reads a coverage of an insurer.
pub(super) fn unpack(
    from: &mut Input<'_>,
    insurer: (InsurerNumber, String),
) -> Result<Coverage, Malformed> {
    unpack_coverage(from, insurer.0, insurer.1)
}
