//! A coverage as groups of labels and values: every field of the interface, by
//! its Japanese name (`domain::coverage::Coverage`).

mod copied;
mod presentation;
mod ticket;
mod value;

use domain::coverage::{
    Coverage, ElderlyRecipientCertificateInfo, LimitApplicationCertificateRelatedInfo,
    SpecificDiseasesCertificateInfo,
};

pub(super) use copied::everything;
pub(super) use presentation::presentation;
pub(super) use value::{Row, Value};
use value::{code, day, days, insurer_number, ratio, text, yen};

/// Fields that belong together. A group repeats its part for each certificate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) parts: Vec<Vec<Row>>,
}

impl Group {
    /// Whether the record has nothing at all of it.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.iter().flatten().all(|row| row.value.is_none())
    }
}

/// Who it is: what the desk compares with the person in front of it.
pub(super) fn person(coverage: &Coverage) -> Vec<Row> {
    vec![
        text("氏名", Some(&coverage.name)),
        text("氏名カナ", coverage.name_kana.as_ref()),
        day("生年月日", Some(coverage.birthdate)),
        Row::new("性別", Some(Value::of(coverage.sex1.label()))),
    ]
}

/// The period of a coverage: from 資格取得年月日 to 資格喪失年月日.
pub(super) fn period(coverage: &Coverage) -> String {
    days(coverage.first_day(), coverage.disqualification_date)
}

/// All groups, in the order of the screen.
pub(super) fn groups(coverage: &Coverage) -> Vec<Group> {
    let group = |title, parts| Group { title, parts };
    let elderly = coverage.elderly_recipient_certificate_info.as_ref();
    let limit = coverage.limit_application_certificate_related_info.as_ref();
    let diseases = coverage.specific_diseases_certificate_list.iter();
    let tickets = coverage.public_expense_result_list.iter();
    vec![
        group("基本", vec![basics(coverage)]),
        group("保険者", vec![insurer(coverage)]),
        group("資格期間", vec![periods(coverage)]),
        group("負担割合", vec![contribution(coverage)]),
        group(
            "高齢受給者証",
            elderly.map(elderly_recipient).into_iter().collect(),
        ),
        group("限度額", limit.map(limit_certificate).into_iter().collect()),
        group("特定疾病", diseases.map(specific_disease).collect()),
        group("公費", tickets.map(ticket::rows).collect()),
    ]
}

fn basics(of: &Coverage) -> Vec<Row> {
    vec![
        text("氏名", Some(&of.name)),
        text("氏名カナ", of.name_kana.as_ref()),
        text("氏名（その他）", of.name_of_other.as_ref()),
        text("氏名カナ（その他）", of.name_of_other_kana.as_ref()),
        day("生年月日", Some(of.birthdate)),
        code("性別1（券面）", Some((of.sex1.label(), of.sex1.code()))),
        code("性別2", of.sex2.map(|sex| (sex.label(), sex.code()))),
        text("郵便番号", of.post_number.as_ref()),
        text("住所", of.address.as_ref()),
        code(
            "本人・家族の別",
            of.personal_family_classification
                .map(|kind| (kind.label(), kind.code())),
        ),
        text("被保険者氏名（世帯主氏名）", of.insured_name.as_ref()),
    ]
}

fn insurer(of: &Coverage) -> Vec<Row> {
    let card = of.insured_card_classification;
    vec![
        insurer_number("保険者番号", &of.insurer_number),
        text("保険者名称", Some(&of.insurer_name)),
        code("被保険者証区分", Some((card.label(), card.code()))),
        text("被保険者証記号", of.insured_card_symbol.as_ref()),
        text("被保険者証番号", of.insured_identification_number.as_ref()),
        text("被保険者証枝番", of.insured_branch_number.as_ref()),
    ]
}

fn periods(of: &Coverage) -> Vec<Row> {
    vec![
        day("資格取得年月日", of.qualification_date),
        day("資格喪失年月日", of.disqualification_date),
        code(
            "資格喪失事由",
            of.reason_of_loss
                .map(|reason| (reason.label(), reason.code())),
        ),
        day("被保険者証交付年月日", of.insured_certificate_issuance_date),
        day("有効開始年月日", of.insured_card_valid_date),
        day("有効終了年月日", of.insured_card_expiration_date),
    ]
}

fn contribution(of: &Coverage) -> Vec<Row> {
    vec![
        ratio(
            "一部負担金割合（後期高齢）",
            of.insured_partial_contribution_ratio,
        ),
        code(
            "未就学区分",
            of.preschool_classification
                .map(|kind| (kind.label(), kind.code())),
        ),
    ]
}

fn elderly_recipient(of: &ElderlyRecipientCertificateInfo) -> Vec<Row> {
    vec![
        ratio("一部負担金割合", of.elderly_recipient_contribution_ratio),
        day("交付年月日", of.elderly_recipient_certificate_date),
        day("有効開始年月日", of.elderly_recipient_valid_start_date),
        day("有効終了年月日", of.elderly_recipient_valid_end_date),
    ]
}

fn limit_certificate(of: &LimitApplicationCertificateRelatedInfo) -> Vec<Row> {
    let kind = of.limit_application_certificate_classification;
    vec![
        code("限度額適用認定証区分", Some((kind.label(), kind.code()))),
        code(
            "適用区分",
            of.limit_application_certificate_classification_flag
                .map(|flag| (flag.label(), flag.code())),
        ),
        day("交付年月日", of.limit_application_certificate_date),
        day(
            "有効開始年月日",
            of.limit_application_certificate_valid_start_date,
        ),
        day(
            "有効終了年月日",
            of.limit_application_certificate_valid_end_date,
        ),
        day(
            "長期入院該当年月日",
            of.limit_application_certificate_long_term_date,
        ),
    ]
}

fn specific_disease(of: &SpecificDiseasesCertificateInfo) -> Vec<Row> {
    let category = of.specific_diseases_disease_category;
    vec![
        code("認定疾病区分", Some((category.label(), category.code()))),
        yen("自己負担限度額", of.specific_diseases_self_pay),
        day("交付年月日", of.specific_diseases_certificate_date),
        day("有効開始年月日", of.specific_diseases_valid_start_date),
        day("有効終了年月日", of.specific_diseases_valid_end_date),
    ]
}

#[cfg(test)]
mod tests;
