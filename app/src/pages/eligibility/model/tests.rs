use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

/// A coverage with something in every field.
const FULL: &str = r#"{
    "insured_card_classification": "01",
    "insurer_number": "06130488",
    "insurer_name": "架空電機健康保険組合",
    "insured_card_symbol": "１２－３",
    "insured_identification_number": "4567",
    "insured_branch_number": "01",
    "personal_family_classification": "2",
    "insured_name": "新橋　一郎",
    "name": "新橋　太●",
    "name_of_other": "新橋　タロ",
    "name_kana": "ｼﾝﾊﾞｼ ﾀﾛｳ",
    "name_of_other_kana": "ｼﾝﾊﾞｼ ﾀﾛ",
    "sex1": "1",
    "sex2": "3",
    "birthdate": "2021-03-26",
    "address": "東京都港区〇〇5丁目",
    "post_number": "105-0004",
    "qualification_date": "2021-04-01",
    "disqualification_date": "2026-04-01",
    "reason_of_loss": "03",
    "insured_certificate_issuance_date": "2021-04-02",
    "insured_card_valid_date": "2021-04-03",
    "insured_card_expiration_date": "2026-03-31",
    "insured_partial_contribution_ratio": "020",
    "preschool_classification": "1",
    "elderly_recipient_certificate_info": {
        "elderly_recipient_certificate_date": "2022-08-01",
        "elderly_recipient_valid_start_date": "2022-08-02",
        "elderly_recipient_valid_end_date": "2023-07-31",
        "elderly_recipient_contribution_ratio": "030"
    },
    "limit_application_certificate_related_info": {
        "limit_application_certificate_classification": "02",
        "limit_application_certificate_classification_flag": "B05",
        "limit_application_certificate_date": "2024-08-01",
        "limit_application_certificate_valid_start_date": "2024-08-02",
        "limit_application_certificate_valid_end_date": "2025-07-31",
        "limit_application_certificate_long_term_date": "2024-09-01"
    },
    "specific_diseases_certificate_list": [{
        "specific_diseases_disease_category": "1",
        "specific_diseases_certificate_date": "2025-01-01",
        "specific_diseases_valid_start_date": "2025-01-02",
        "specific_diseases_valid_end_date": "2025-12-31",
        "specific_diseases_self_pay": 10000
    }],
    "public_expense_result_list": [{
        "ticket_type": "01",
        "medical_ticket_valid_date": "2026-11-01",
        "medical_ticket_expiration_date": "2026-11-30",
        "issue_number": "12345",
        "medical_treatment_month": "202611",
        "designated_medical_institution_code": "1311234569",
        "designated_medical_institution_flag": "0",
        "designated_medical_institution_name": "新橋サンプルクリニック",
        "prescription_issuer_medical_institution_code": "1311234577",
        "prescription_issuer_medical_institution_name": "架空内科",
        "injury_names": ["架空症", "見本炎"],
        "medical_treatment_type": "02",
        "self_pay_amount": 1500,
        "district_contact_name": "架空　地区",
        "handling_contact_name": "架空　取扱",
        "single_or_combined_use": "02",
        "status_of_social_insurance": "01",
        "consistency_flag": "1",
        "status_of_infection": "02",
        "status_of_elderly_medical_care": "02",
        "status_of_prefectural_expenses": "01",
        "remarks": ["見本の備考"]
    }]
}"#;

fn full() -> Coverage {
    serde_json::from_str(FULL).unwrap()
}

/// The same, with everything gone that may be.
fn bare() -> Coverage {
    Coverage {
        insured_card_symbol: None,
        insured_identification_number: None,
        insured_branch_number: None,
        personal_family_classification: None,
        insured_name: None,
        name_of_other: None,
        name_kana: None,
        name_of_other_kana: None,
        sex2: None,
        address: None,
        post_number: None,
        qualification_date: None,
        disqualification_date: None,
        reason_of_loss: None,
        insured_certificate_issuance_date: None,
        insured_card_valid_date: None,
        insured_card_expiration_date: None,
        insured_partial_contribution_ratio: None,
        preschool_classification: None,
        elderly_recipient_certificate_info: None,
        limit_application_certificate_related_info: None,
        specific_diseases_certificate_list: Vec::new(),
        public_expense_result_list: Vec::new(),
        ..full()
    }
}

fn written(groups: Vec<Group>) -> Vec<String> {
    let mut lines = Vec::new();
    for group in groups {
        lines.push(["# ", group.title].concat());
        for row in group.parts.into_iter().flatten() {
            let label = row.label;
            let code = row.value.as_ref().and_then(|value| value.code.clone());
            let code = code.map_or_else(String::new, |code| [" ", &code].concat());
            lines.push([label, ": ", &row.text(), &code].concat());
        }
    }
    lines
}

#[wasm_bindgen_test]
fn every_field_of_the_interface_is_shown() {
    let expected = [
        "# 基本",
        "氏名: 新橋　太●",
        "氏名カナ: ｼﾝﾊﾞｼ ﾀﾛｳ",
        "氏名（その他）: 新橋　タロ",
        "氏名カナ（その他）: ｼﾝﾊﾞｼ ﾀﾛ",
        "生年月日: 2021/03/26（令和3年3月26日）",
        "性別1（券面）: 男 1",
        "性別2: 未設定 3",
        "郵便番号: 105-0004",
        "住所: 東京都港区〇〇5丁目",
        "本人・家族の別: 家族 2",
        "被保険者氏名（世帯主氏名）: 新橋　一郎",
        "# 保険者",
        "保険者番号: 06130488",
        "保険者名称: 架空電機健康保険組合",
        "被保険者証区分: 被保険者証（一般） 01",
        "被保険者証記号: １２－３",
        "被保険者証番号: 4567",
        "被保険者証枝番: 01",
        "# 資格期間",
        "資格取得年月日: 2021/04/01（令和3年4月1日）",
        "資格喪失年月日: 2026/04/01（令和8年4月1日）",
        "資格喪失事由: 医療保険等の資格取得 03",
        "被保険者証交付年月日: 2021/04/02（令和3年4月2日）",
        "有効開始年月日: 2021/04/03（令和3年4月3日）",
        "有効終了年月日: 2026/03/31（令和8年3月31日）",
        "# 負担割合",
        "一部負担金割合（後期高齢）: 2割 020",
        "未就学区分: 未就学 1",
        "# 高齢受給者証",
        "一部負担金割合: 3割 030",
        "交付年月日: 2022/08/01（令和4年8月1日）",
        "有効開始年月日: 2022/08/02（令和4年8月2日）",
        "有効終了年月日: 2023/07/31（令和5年7月31日）",
        "# 限度額",
        "限度額適用認定証区分: 限度額適用・標準負担額減額認定証 02",
        "適用区分: 低所得Ⅱ B05",
        "交付年月日: 2024/08/01（令和6年8月1日）",
        "有効開始年月日: 2024/08/02（令和6年8月2日）",
        "有効終了年月日: 2025/07/31（令和7年7月31日）",
        "長期入院該当年月日: 2024/09/01（令和6年9月1日）",
        "# 特定疾病",
        "認定疾病区分: 人工透析が必要な慢性腎不全 1",
        "自己負担限度額: 10,000円",
        "交付年月日: 2025/01/01（令和7年1月1日）",
        "有効開始年月日: 2025/01/02（令和7年1月2日）",
        "有効終了年月日: 2025/12/31（令和7年12月31日）",
        "# 公費",
        "医療券・調剤券別: 医療券 01",
        "交付番号: 12345",
        "診療年月: 2026/11（令和8年11月）",
        "有効開始年月日: 2026/11/01（令和8年11月1日）",
        "有効終了年月日: 2026/11/30（令和8年11月30日）",
        "指定医療機関コード: 1311234569",
        "指定医療機関名: 新橋サンプルクリニック",
        "指定医療機関確認: 一致 0",
        "処方箋発行元医療機関コード: 1311234577",
        "処方箋発行元医療機関名: 架空内科",
        "傷病名1: 架空症",
        "傷病名2: 見本炎",
        "診療別: 入院外 02",
        "本人支払額: 1,500円",
        "単独・併用別: 併用 02",
        "社会保険: あり 01",
        "社会保険状況の整合性: 不整合あり 1",
        "感染症法第37条の2: なし 02",
        "後期高齢者医療: なし 02",
        "都道府県費: あり 01",
        "地区担当者名: 架空　地区",
        "取扱担当者名: 架空　取扱",
        "備考1: 見本の備考",
    ];
    assert_eq!(written(groups(&full())), expected);
}

#[wasm_bindgen_test]
fn a_group_without_anything_is_empty() {
    let table = [
        (full(), vec![]),
        (
            bare(),
            vec![
                "資格期間",
                "負担割合",
                "高齢受給者証",
                "限度額",
                "特定疾病",
                "公費",
            ],
        ),
    ];
    for (coverage, expected) in table {
        let empty: Vec<_> = groups(&coverage)
            .iter()
            .filter(|group| group.is_empty())
            .map(|group| group.title)
            .collect();
        assert_eq!(empty, expected);
    }
}

#[wasm_bindgen_test]
fn every_certificate_has_its_own_part() {
    let mut coverage = full();
    let certificate = coverage.specific_diseases_certificate_list[0].clone();
    coverage
        .specific_diseases_certificate_list
        .push(certificate);
    let groups = groups(&coverage);
    let diseases = groups.iter().find(|group| group.title == "特定疾病");
    assert_eq!(diseases.map(|group| group.parts.len()), Some(2));
}

#[wasm_bindgen_test]
fn a_period_says_what_is_known_of_it() {
    assert_eq!(period(&full()), "2021/04/01 取得、2026/04/01 喪失");
    assert_eq!(period(&bare()), "取得日不明");
}

#[wasm_bindgen_test]
fn everything_is_copied_as_lines_with_tabs() {
    use domain::code::QualificationValidity;
    use domain::eligibility::{Judgement, Reason};
    let eligibility = protocol::http::Eligibility {
        qualification_confirmation_date: "2026-11-22".parse().unwrap(),
        judgement: Judgement {
            qualification_validity: QualificationValidity::Valid,
            reason: Reason::InForce,
            notices: Vec::new(),
            shown: Some(0),
            in_force: vec![0],
        },
        coverages: vec![full()],
        presentation: None,
        expires_in_seconds: 600,
    };
    let text = everything(&eligibility);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "資格確認日\t2026/11/22");
    assert_eq!(lines[1], "資格有効性\t有効");
    for line in [
        "基本／生年月日\t2021/03/26",
        "限度額／適用区分\t低所得Ⅱ",
        "公費／備考1\t見本の備考",
    ] {
        assert!(lines.contains(&line), "{line} in {text}");
    }
    assert!(lines.iter().all(|line| line.matches('\t').count() == 1));
}
