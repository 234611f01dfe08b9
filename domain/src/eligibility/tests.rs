//! OQSCD006 as a table. Where a case comes from: “§” is `facts/domain.md`; 高確法 is
//! 高齢者の医療の確保に関する法律; “rule” is this module's own, said in its documents.

use super::*;
use crate::coverage::tests::coverage;

/// A coverage in short: whose it is (`H` 健康保険組合, `N` 国民健康保険, `K` 後期高齢者医療,
/// `A` 医療扶助, `S` 自衛官), `from..to` (資格取得..資格喪失), and marks: `r` 喪失事由,
/// `v..x` card's 有効開始..有効終了 after `c`, `b` 生年月日, `k` 被保険者証区分, `n` 番号.
fn short(text: &str) -> Coverage {
    let mut words = text.split(' ');
    let number = match words.next().unwrap() {
        "H" => "06130488",
        "N" => "138057",
        "K" => "39131008",
        "A" => "12130009",
        "S" => "07130024",
        other => panic!("{other}"),
    };
    let mut made = coverage("", "");
    made.insurer_number = number.parse().unwrap();
    for word in words {
        let (mark, value) = word.split_at(1);
        let range = |text: &str| {
            let (from, to) = text.split_once("..").unwrap();
            (from.parse().ok(), to.parse().ok())
        };
        match mark {
            "r" => made.reason_of_loss = Some(value.parse().unwrap()),
            "b" => made.birthdate = value.parse().unwrap(),
            "k" => made.insured_card_classification = value.parse().unwrap(),
            "n" => made.insured_identification_number = Some(value.to_owned()),
            "c" => {
                (
                    made.insured_card_valid_date,
                    made.insured_card_expiration_date,
                ) = range(value);
            }
            _ => (made.qualification_date, made.disqualification_date) = range(word),
        }
    }
    made
}

struct Case {
    from: &'static str,
    coverages: &'static [&'static str],
    day: &'static str,
    /// The code of OQSCD006.
    validity: &'static str,
    shown: Option<usize>,
    /// Words of the reason and the notices, which are as many as these less one.
    says: &'static [&'static str],
}

/// `case(source, coverages, day, validity, shown, words)`.
const fn case(
    from: &'static str,
    coverages: &'static [&'static str],
    day: &'static str,
    validity: &'static str,
    shown: Option<usize>,
    says: &'static [&'static str],
) -> Case {
    Case {
        from,
        coverages,
        day,
        validity,
        shown,
        says,
    }
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    // One coverage (§2.4 17, 18: first day, and first day without).
    case("§2.5 006 4: nothing at all", &[], "2021-01-01", "4", None, &["登録されている資格がありません"]),
    case("§2.4 17: the day before it begins", &["H 2021-10-16.."], "2021-10-15", "2", Some(0), &["令和3年10月16日から"]),
    case("§2.4 17: its first day", &["H 2021-10-16.."], "2021-10-16", "1", Some(0), &["有効な資格"]),
    case("rule: without an end it goes on", &["H 2021-10-16.."], "2090-12-31", "1", Some(0), &["有効な資格"]),
    case("§2.4 18: its last day", &["H 2016-09-21..2021-10-16"], "2021-10-15", "1", Some(0), &["有効な資格"]),
    case("§2.4 18: the day of loss is without it", &["H 2016-09-21..2021-10-16"], "2021-10-16", "2", Some(0), &["令和3年10月16日に資格を喪失"]),
    case("§2.4 17: no first day known", &["H ..2021-01-01"], "1990-01-01", "1", Some(0), &["有効な資格"]),
    case("rule: neither day known", &["H .."], "2021-01-01", "1", Some(0), &["有効な資格"]),
    case("rule: gained and lost on one day was never in force", &["H 2021-05-01..2021-05-01"], "2021-05-01", "2", Some(0), &["喪失"]),
    case("§2.4 20: without 資格取得 the card's first day counts", &["H .. c2021-04-01..2022-03-31"], "2021-03-31", "2", Some(0), &["令和3年4月1日から"]),
    case("§2.1, SAN26: 国保 with six digits is health insurance", &["N 2020-04-01.."], "2021-01-01", "1", Some(0), &["有効な資格"]),

    // Change of insurer (§1.8, §2.5 006 3).
    case("§2.5 006 1: the old one's last day", &["H 2016-09-21..2021-10-16 r03", "N 2021-10-16.."], "2021-10-15", "1", Some(0), &["有効な資格"]),
    case("§2.5 006 1: without a gap the newer counts from the day of loss", &["H 2016-09-21..2021-10-16 r03", "N 2021-10-16.."], "2021-10-16", "1", Some(1), &["有効な資格"]),
    case("rule: the order of records does not matter", &["N 2021-10-16..", "H 2016-09-21..2021-10-16 r03"], "2021-10-16", "1", Some(0), &["有効な資格"]),
    case("§2.5 006 2: before both", &["H 2016-09-21..2021-10-16", "N 2021-10-16.."], "2016-09-20", "2", Some(0), &["平成28年9月21日から"]),
    case("§2.5 006 3: in the gap, a newer one is known", &["H 2016-09-21..2021-10-16 r03", "N 2021-11-01.."], "2021-10-20", "3", Some(0), &["新しい資格は令和3年11月1日から"]),
    case("§2.5 006 1: the gap's end", &["H 2016-09-21..2021-10-16 r03", "N 2021-11-01.."], "2021-11-01", "1", Some(1), &["有効な資格"]),
    case("§1.8: lost by joining another, not registered yet", &["H 2016-09-21..2021-10-16 r03"], "2021-12-01", "2", Some(0), &["加入先の保険を患者に確認"]),
    case("§2.5 006 2: of two lost, the later is told", &["H 2010-01-01..2012-01-01", "N 2012-01-01..2021-10-16"], "2022-01-01", "2", Some(1), &["令和3年10月16日に資格を喪失"]),
    case("§2.5 006 3: two gaps, the next one is told", &["H 2010-01-01..2012-01-01", "N 2014-01-01..2016-01-01", "H 2018-01-01.."], "2013-01-01", "3", Some(0), &["平成26年1月1日から"]),
    case("§2.5 006 1: in the middle of three", &["H 2010-01-01..2012-01-01", "N 2014-01-01..2016-01-01", "H 2018-01-01.."], "2015-01-01", "1", Some(1), &["有効な資格"]),
    case("§2.5 006 3: in the second gap the later loss is told", &["H 2010-01-01..2012-01-01", "N 2014-01-01..2016-01-01", "H 2018-01-01.."], "2017-01-01", "3", Some(1), &["平成28年1月1日に資格を喪失"]),
    case("rule: two that begin later, the first is told", &["H 2030-01-01..", "N 2028-01-01..2030-01-01"], "2027-01-01", "2", Some(1), &["令和10年1月1日から"]),

    // Overlaps (§2.5 006 5, §4: never auto-pick).
    case("§2.5 006 5: two insurers open", &["H 2016-09-21..", "N 2020-01-01.."], "2021-01-01", "5", None, &["複数登録"]),
    case("§2.5 006 5: overlap of one day", &["H 2016-09-21..2021-10-17", "N 2021-10-16.."], "2021-10-16", "5", None, &["複数登録"]),
    case("§2.5 006 1: after the overlap", &["H 2016-09-21..2021-10-17", "N 2021-10-16.."], "2021-10-17", "1", Some(1), &["有効な資格"]),
    case("§2.5 006 5: three open", &["H 2016-09-21..", "N 2020-01-01..", "S 2020-05-01.."], "2021-01-01", "5", None, &["複数登録"]),
    case("rule: one insurer's later record of the same number replaces the earlier", &["H 2016-09-21.. n12", "H 2020-04-01.. n12"], "2021-01-01", "1", Some(1), &["有効な資格"]),
    case("rule: with another number it is another enrolment", &["H 2016-09-21.. n12", "H 2020-04-01.. n13"], "2021-01-01", "5", None, &["複数登録"]),
    case("rule: records without a number are not taken as one", &["H 2016-09-21..", "H 2020-04-01.."], "2021-01-01", "5", None, &["複数登録"]),

    // 75th birthday (高確法 50条 1号, 52条; §3 法別 39; §2.7).
    case("高確法 52: the day before the 75th birthday", &["H 2000-04-01.. b1951-06-15", "K 2026-06-15.. b1951-06-15"], "2026-06-14", "1", Some(0), &["有効な資格"]),
    case("高確法 52: on the day, health insurance not closed yet", &["H 2000-04-01.. b1951-06-15", "K 2026-06-15.. b1951-06-15"], "2026-06-15", "1", Some(1), &["有効な資格", "後期高齢者医療の資格を使います"]),
    case("高確法 52: on the day, closed in time", &["H 2000-04-01..2026-06-15 b1951-06-15 r03", "K 2026-06-15.. b1951-06-15"], "2026-06-15", "1", Some(1), &["有効な資格"]),
    case("高確法 52: not registered yet", &["N 2000-04-01.. b1951-06-15"], "2026-06-15", "1", Some(0), &["有効な資格", "75歳の誕生日（令和8年6月15日）以降は後期高齢者医療の資格に変わります。まだ登録されていません"]),
    case("高確法 52: closed, not registered yet", &["N 2000-04-01..2026-06-15 b1951-06-15 r03"], "2026-06-15", "2", Some(0), &["加入先の保険を患者に確認"]),
    case("民法 143条 2項: born on February 29th, the day before", &["H 2000-04-01.. b1952-02-29", "K 2027-03-01.. b1952-02-29"], "2027-02-28", "1", Some(0), &["有効な資格"]),
    case("民法 143条 2項: born on February 29th, on the day", &["H 2000-04-01.. b1952-02-29", "K 2027-03-01.. b1952-02-29"], "2027-03-01", "1", Some(1), &["有効な資格", "後期高齢者医療の資格を使います"]),
    case("高確法 50条 2号: 65 and disabled, other insurance left open", &["H 2000-04-01.. b1960-04-01", "K 2025-04-01.. b1960-04-01"], "2026-01-01", "5", None, &["複数登録"]),
    case("高確法 50条 2号: 65 and disabled, alone", &["K 2025-04-01.. b1960-04-01"], "2026-01-01", "1", Some(0), &["有効な資格"]),
    case("§2.5 006 5: moved, both 広域連合 open", &["K 2020-04-01.. b1940-04-01 n1", "K 2026-04-01.. b1940-04-01 n2", "H 2000-04-01.. b1940-04-01"], "2026-05-01", "5", None, &["複数登録", "後期高齢者医療の資格を使います"]),

    // 医療扶助 (§2.4 45: class A1 or number 12; §2.5 006 6).
    case("§2.5 006 6: by number 12", &["A 2024-04-01.."], "2026-01-01", "6", Some(0), &["医療券・調剤券はここに登録されていません"]),
    case("§2.5 006 6: by class A1", &["H 2024-04-01.. kA1"], "2026-01-01", "6", Some(0), &["医療券"]),
    case("§2.5 006 2: ended", &["A 2024-04-01..2025-04-01"], "2026-01-01", "2", Some(0), &["喪失"]),
    case("§2.5 008 02: registered already", &["N 2000-04-01..2024-04-01 r02", "A 2024-04-01.."], "2024-04-01", "6", Some(1), &["医療扶助の資格があります"]),
    case("§2.5 008 02: not registered yet", &["N 2000-04-01..2024-04-01 r02"], "2024-04-01", "2", Some(0), &["喪失事由：生活保護受給開始）。医療扶助の資格はまだ登録されていません"]),
    case("§2.5 006 5 is of health insurance only; 020 02 併用", &["A 2024-04-01..", "H 2020-04-01.."], "2026-01-01", "1", Some(1), &["有効な資格", "併用"]),
    case("§2.5 006 5: two insurers beside 医療扶助", &["A 2024-04-01..", "H 2020-04-01..", "N 2021-04-01.."], "2026-01-01", "5", None, &["複数登録", "併用"]),
    case("生活保護法: 75 on 医療扶助 is not 後期高齢 (高確法 51条 1号)", &["A 2010-04-01.. b1940-01-01"], "2026-01-01", "6", Some(0), &["医療扶助"]),

    // Death (§2.5 008 01).
    case("§2.5 008 01: the day before", &["H 2010-04-01..2020-03-31 r01"], "2020-03-30", "1", Some(0), &["有効な資格"]),
    case("§2.5 008 01: after", &["H 2010-04-01..2020-03-31 r01"], "2026-01-01", "2", Some(0), &["喪失事由：死亡）。本人であることを確かめて"]),
    case("rule: death recorded, another left open", &["H 2010-04-01..2020-03-31 r01", "N 2015-04-01.."], "2026-01-01", "1", Some(1), &["有効な資格", "死亡による資格喪失の記録"]),
    case("rule: a death that is recorded later says nothing of the day", &["H 2010-04-01..2020-03-31 r01", "N 2015-04-01..2020-03-31"], "2012-01-01", "1", Some(0), &["有効な資格"]),

    // The card apart from the coverage (§2.4 19-21).
    case("§2.4 21: card's last day", &["N 2015-04-01.. c2025-08-01..2026-07-31"], "2026-07-31", "1", Some(0), &["有効な資格"]),
    case("§2.4 21: card expired, coverage in force", &["N 2015-04-01.. c2025-08-01..2026-07-31"], "2026-08-01", "1", Some(0), &["有効な資格", "証の有効期限（令和8年7月31日）が切れています"]),
    case("§2.4 20: card sent ahead", &["N 2015-04-01.. c2026-08-01..2027-07-31"], "2026-07-31", "1", Some(0), &["有効な資格", "証の有効期間は令和8年8月1日から"]),
    case("§2.4 21: an expired card of a lost coverage adds nothing", &["N 2015-04-01..2026-04-01 c2025-08-01..2026-07-31"], "2026-08-01", "2", Some(0), &["喪失"]),
    case("§2.5 010 05: 特別療養費", &["N 2015-04-01.. k05"], "2026-01-01", "1", Some(0), &["有効な資格", "全額を負担"]),
    case("§2.5 010 03: a short-term card, expired", &["N 2015-04-01.. k03 c2025-04-01..2025-09-30"], "2026-01-01", "1", Some(0), &["有効な資格", "有効期限"]),
    case("§2.5 010 07: 自衛官", &["S 2015-04-01.. k07"], "2026-01-01", "1", Some(0), &["有効な資格"]),
];

#[test]
fn every_case_is_judged_as_the_code_table_says() {
    for case in CASES {
        let from = case.from;
        let coverages: Vec<_> = case.coverages.iter().map(|text| short(text)).collect();
        let judgement = judge(&coverages, case.day.parse().unwrap());
        let validity = judgement.qualification_validity.code();
        assert_eq!(validity, case.validity, "{from}");
        assert_eq!(judgement.shown, case.shown, "{from}");
        let texts: Vec<_> = std::iter::once(judgement.reason.text())
            .chain(judgement.notices.iter().map(|notice| notice.text()))
            .collect();
        assert_eq!(texts.len(), case.says.len(), "{from}: {texts:?}");
        for (text, words) in texts.iter().zip(case.says) {
            assert!(text.contains(words), "{from}: {text}");
        }
        assert_eq!(judgement.listed().is_none(), coverages.is_empty(), "{from}");
        let is_in_force = matches!(validity, "1" | "5" | "6");
        assert_eq!(!judgement.in_force.is_empty(), is_in_force, "{from}");
    }
    assert!(CASES.len() >= 40);
}

#[test]
fn several_are_all_named_and_none_is_picked() {
    let coverages = ["A 2024-04-01..", "H 2020-04-01..", "N 2021-04-01.."].map(short);
    let judgement = judge(&coverages, "2026-01-01".parse().unwrap());
    assert_eq!(judgement.in_force, [1, 2, 0]);
    assert_eq!(judgement.listed(), Some(1));
}

#[test]
fn a_ticket_for_the_day_makes_medical_assistance_valid() {
    use QualificationValidity::{Valid, ValidNotRegistered};
    let ticket = r#"{"ticket_type":"01","medical_ticket_valid_date":"2026-11-01",
        "medical_ticket_expiration_date":"2026-11-30","injury_names":[],"remarks":[]}"#;
    let mut aided = short("A 2020-04-01..");
    aided
        .public_expense_result_list
        .push(serde_json::from_str(ticket).unwrap());
    let table = [
        ("2026-10-31", ValidNotRegistered),
        ("2026-11-01", Valid),
        ("2026-11-30", Valid),
        ("2026-12-01", ValidNotRegistered),
    ];
    for (day, expected) in table {
        let judgement = judge(std::slice::from_ref(&aided), day.parse().unwrap());
        assert_eq!(judgement.qualification_validity, expected, "{day}");
        assert_eq!(judgement.shown, Some(0), "{day}");
    }
}
