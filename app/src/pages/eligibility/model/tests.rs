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
    ];
    assert_eq!(written(groups(&full())), expected);
}

#[wasm_bindgen_test]
fn a_group_without_anything_is_empty() {
    let table = [
        (full(), vec![]),
        (
            bare(),
            vec!["資格期間", "負担割合", "高齢受給者証", "限度額", "特定疾病"],
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
    assert_eq!(groups.last().map(|group| group.parts.len()), Some(2));
}

#[wasm_bindgen_test]
fn a_period_says_what_is_known_of_it() {
    assert_eq!(period(&full()), "2021/04/01 取得、2026/04/01 喪失");
    assert_eq!(period(&bare()), "取得日不明");
}
