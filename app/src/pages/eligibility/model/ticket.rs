//! 公費: a 医療券 or 調剤券 as rows.

use domain::coverage::MedicalTicketInfo;

use super::value::{Row, Value, code, day, text, yen};

const INJURY_NAMES: [&str; 3] = ["傷病名1", "傷病名2", "傷病名3"];
const REMARKS: [&str; 3] = ["備考1", "備考2", "備考3"];

pub(super) fn rows(of: &MedicalTicketInfo) -> Vec<Row> {
    let mut rows = ticket(of);
    rows.extend(numbered(INJURY_NAMES, &of.injury_names));
    rows.extend(conditions(of));
    rows.extend(numbered(REMARKS, &of.remarks));
    rows
}

fn ticket(of: &MedicalTicketInfo) -> Vec<Row> {
    let kind = of.ticket_type;
    let month = of.medical_treatment_month;
    vec![
        code("医療券・調剤券別", Some((kind.label(), kind.code()))),
        text("交付番号", of.issue_number.as_ref()),
        Row::new(
            "診療年月",
            month.map(|month| Value::of(month.both_calendars())),
        ),
        day("有効開始年月日", of.medical_ticket_valid_date),
        day("有効終了年月日", of.medical_ticket_expiration_date),
        text(
            "指定医療機関コード",
            of.designated_medical_institution_code.as_ref(),
        ),
        text(
            "指定医療機関名",
            of.designated_medical_institution_name.as_ref(),
        ),
        code(
            "指定医療機関確認",
            of.designated_medical_institution_flag
                .map(|flag| (flag.label(), flag.code())),
        ),
        text(
            "処方箋発行元医療機関コード",
            of.prescription_issuer_medical_institution_code.as_ref(),
        ),
        text(
            "処方箋発行元医療機関名",
            of.prescription_issuer_medical_institution_name.as_ref(),
        ),
    ]
}

fn conditions(of: &MedicalTicketInfo) -> Vec<Row> {
    vec![
        code(
            "診療別",
            of.medical_treatment_type
                .map(|kind| (kind.label(), kind.code())),
        ),
        yen("本人支払額", of.self_pay_amount),
        code(
            "単独・併用別",
            of.single_or_combined_use
                .map(|kind| (kind.label(), kind.code())),
        ),
        code(
            "社会保険",
            of.status_of_social_insurance
                .map(|status| (status.label(), status.code())),
        ),
        code(
            "社会保険状況の整合性",
            of.consistency_flag.map(|flag| (flag.label(), flag.code())),
        ),
        code(
            "感染症法第37条の2",
            of.status_of_infection
                .map(|status| (status.label(), status.code())),
        ),
        code(
            "後期高齢者医療",
            of.status_of_elderly_medical_care
                .map(|status| (status.label(), status.code())),
        ),
        code(
            "都道府県費",
            of.status_of_prefectural_expenses
                .map(|status| (status.label(), status.code())),
        ),
        text("地区担当者名", of.district_contact_name.as_ref()),
        text("取扱担当者名", of.handling_contact_name.as_ref()),
    ]
}

/// Those that are given; the record keeps at most three.
fn numbered(labels: [&'static str; 3], texts: &[String]) -> impl Iterator<Item = Row> {
    labels
        .into_iter()
        .zip(texts)
        .map(|(label, value)| text(label, Some(value)))
}
