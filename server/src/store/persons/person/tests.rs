use domain::code::{
    ConsistencyFlag, ContributionRatio, DesignatedMedicalInstitutionFlag,
    InsuredCardClassification, LimitApplicationCertificateClassification,
    LimitApplicationCertificateClassificationFlag, MedicalTreatmentType,
    PersonalFamilyClassification, PreschoolClassification, ReasonOfLoss, Sex, SingleOrCombinedUse,
    SpecificDiseasesDiseaseCategory, StatusOfElderlyMedicalCare, StatusOfInfection,
    StatusOfPrefecturalExpenses, StatusOfSocialInsurance, TicketType,
};
use domain::coverage::{
    ElderlyRecipientCertificateInfo, LimitApplicationCertificateRelatedInfo, MedicalTicketInfo,
    SpecificDiseasesCertificateInfo,
};
use domain::date::Date;
use domain::identifier::InsurerNumber;
use proptest::prelude::*;

use super::*;

/// Insurers in the order of their numbers.
#[derive(Default)]
struct Known(Vec<(InsurerNumber, String)>);

impl Insurers for Known {
    fn number_of(&mut self, insurer: &InsurerNumber, name: &str) -> Result<i64, StoreError> {
        self.0.push((insurer.clone(), name.to_owned()));
        Ok(i64::try_from(self.0.len()).unwrap())
    }

    fn insurer(&mut self, number: i64) -> Result<(InsurerNumber, String), StoreError> {
        Ok(self.0[usize::try_from(number).unwrap() - 1].clone())
    }
}

/// Numbers to make fields of, one after the other.
struct Tape(std::vec::IntoIter<u32>);

impl Tape {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next().unwrap_or_default()).unwrap() % end
    }

    fn code<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn maybe<T>(&mut self, field: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(3) > 0).then(|| field(self))
    }

    fn list<T>(&mut self, mut field: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(4)).map(|_| field(self)).collect()
    }

    fn date(&mut self) -> Date {
        Date::from_days_since_unix_epoch(i64::try_from(self.below(140_000)).unwrap() - 40_000)
    }

    fn text(&mut self) -> String {
        let samples = [
            "新橋　太郎",
            "ｼﾝﾊﾞｼ ﾀﾛｳ",
            "1",
            "0123",
            "100-0001",
            "",
            "𠮷●髙",
            "ABCDEF",
            "Nguyễn Thị",
            "\u{1}",
        ];
        (0..=self.below(3)).map(|_| self.code(&samples)).collect()
    }

    fn yen(&mut self) -> u32 {
        u32::try_from(self.below(usize::MAX) & 0xFFFF_FFFF).unwrap()
    }

    fn ratio(&mut self) -> ContributionRatio {
        format!("{:03}", self.below(101)).parse().unwrap()
    }

    fn coverage(&mut self) -> Coverage {
        Coverage {
            insured_card_classification: self.code(InsuredCardClassification::ALL),
            insurer_number: format!("{:08}", self.below(100_000_000)).parse().unwrap(),
            insurer_name: self.text(),
            insured_card_symbol: self.maybe(Self::text),
            insured_identification_number: self.maybe(Self::text),
            insured_branch_number: self.maybe(Self::text),
            personal_family_classification: self
                .maybe(|t| t.code(PersonalFamilyClassification::ALL)),
            insured_name: self.maybe(Self::text),
            name: self.text(),
            name_of_other: self.maybe(Self::text),
            name_kana: self.maybe(Self::text),
            name_of_other_kana: self.maybe(Self::text),
            sex1: self.code(Sex::ALL),
            sex2: self.maybe(|t| t.code(Sex::ALL)),
            birthdate: self.date(),
            address: self.maybe(Self::text),
            post_number: self.maybe(Self::text),
            qualification_date: self.maybe(Self::date),
            disqualification_date: self.maybe(Self::date),
            reason_of_loss: self.maybe(|t| t.code(ReasonOfLoss::ALL)),
            insured_certificate_issuance_date: self.maybe(Self::date),
            insured_card_valid_date: self.maybe(Self::date),
            insured_card_expiration_date: self.maybe(Self::date),
            insured_partial_contribution_ratio: self.maybe(Self::ratio),
            preschool_classification: self.maybe(|t| t.code(PreschoolClassification::ALL)),
            elderly_recipient_certificate_info: self.maybe(Self::elderly),
            limit_application_certificate_related_info: self.maybe(Self::limit),
            specific_diseases_certificate_list: self.list(Self::disease),
            public_expense_result_list: self.list(Self::ticket),
        }
    }

    fn elderly(&mut self) -> ElderlyRecipientCertificateInfo {
        ElderlyRecipientCertificateInfo {
            elderly_recipient_certificate_date: self.maybe(Self::date),
            elderly_recipient_valid_start_date: self.maybe(Self::date),
            elderly_recipient_valid_end_date: self.maybe(Self::date),
            elderly_recipient_contribution_ratio: self.maybe(Self::ratio),
        }
    }

    fn limit(&mut self) -> LimitApplicationCertificateRelatedInfo {
        LimitApplicationCertificateRelatedInfo {
            limit_application_certificate_classification: self
                .code(LimitApplicationCertificateClassification::ALL),
            limit_application_certificate_classification_flag: self
                .maybe(|t| t.code(LimitApplicationCertificateClassificationFlag::ALL)),
            limit_application_certificate_date: self.maybe(Self::date),
            limit_application_certificate_valid_start_date: self.maybe(Self::date),
            limit_application_certificate_valid_end_date: self.maybe(Self::date),
            limit_application_certificate_long_term_date: self.maybe(Self::date),
        }
    }

    fn disease(&mut self) -> SpecificDiseasesCertificateInfo {
        SpecificDiseasesCertificateInfo {
            specific_diseases_disease_category: self.code(SpecificDiseasesDiseaseCategory::ALL),
            specific_diseases_certificate_date: self.maybe(Self::date),
            specific_diseases_valid_start_date: self.maybe(Self::date),
            specific_diseases_valid_end_date: self.maybe(Self::date),
            specific_diseases_self_pay: self.maybe(Self::yen),
        }
    }

    fn ticket(&mut self) -> MedicalTicketInfo {
        MedicalTicketInfo {
            ticket_type: self.code(TicketType::ALL),
            medical_ticket_valid_date: self.maybe(Self::date),
            medical_ticket_expiration_date: self.maybe(Self::date),
            issue_number: self.maybe(Self::text),
            medical_treatment_month: self.maybe(|t| {
                format!("{}{:02}", 1900 + t.below(200), 1 + t.below(12))
                    .parse()
                    .unwrap()
            }),
            designated_medical_institution_code: self.maybe(Self::text),
            designated_medical_institution_flag: self
                .maybe(|t| t.code(DesignatedMedicalInstitutionFlag::ALL)),
            designated_medical_institution_name: self.maybe(Self::text),
            prescription_issuer_medical_institution_code: self.maybe(Self::text),
            prescription_issuer_medical_institution_name: self.maybe(Self::text),
            injury_names: self.list(Self::text),
            medical_treatment_type: self.maybe(|t| t.code(MedicalTreatmentType::ALL)),
            self_pay_amount: self.maybe(Self::yen),
            district_contact_name: self.maybe(Self::text),
            handling_contact_name: self.maybe(Self::text),
            single_or_combined_use: self.maybe(|t| t.code(SingleOrCombinedUse::ALL)),
            status_of_social_insurance: self.maybe(|t| t.code(StatusOfSocialInsurance::ALL)),
            consistency_flag: self.maybe(|t| t.code(ConsistencyFlag::ALL)),
            status_of_infection: self.maybe(|t| t.code(StatusOfInfection::ALL)),
            status_of_elderly_medical_care: self.maybe(|t| t.code(StatusOfElderlyMedicalCare::ALL)),
            status_of_prefectural_expenses: self
                .maybe(|t| t.code(StatusOfPrefecturalExpenses::ALL)),
            remarks: self.list(Self::text),
        }
    }

    fn person(&mut self) -> Person {
        Person {
            identifier: self.text(),
            certificate_serial_number: self.maybe(Self::text),
            former_number: self.maybe(|t| i64::try_from(t.below(1 << 40)).unwrap()),
            coverages: (0..=self.below(3)).map(|_| self.coverage()).collect(),
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_lost(tape in prop::collection::vec(any::<u32>(), 600)) {
        let person = Tape(tape.into_iter()).person();
        let mut insurers = Known::default();
        let record = person.pack(&mut insurers).unwrap();
        let read = Person::unpack(1, &record, &mut insurers).unwrap();
        prop_assert_eq!(read.identifier, person.identifier);
        prop_assert_eq!(read.certificate_serial_number, person.certificate_serial_number);
        prop_assert_eq!(read.former_number, person.former_number);
        prop_assert!(read.coverages == person.coverages);
        let cut = &record[..record.len() - 1];
        prop_assert!(Person::unpack(1, cut, &mut insurers).is_err());
        let longer = [&record[..], &[0]].concat();
        prop_assert!(Person::unpack(1, &longer, &mut insurers).is_err());
    }
}

/// What is in stores: it must be read for ever.
#[test]
fn the_form_stays_as_it_is() {
    let mut insurers = Known::default();
    let mut tape = Tape((0..200).collect::<Vec<_>>().into_iter());
    let record = tape.person().pack(&mut insurers).unwrap();
    let hexadecimal: Vec<_> = record.iter().map(|byte| format!("{byte:02x}")).collect();
    let hexadecimal = hexadecimal.concat();
    insta::assert_snapshot!(hexadecimal);
}
