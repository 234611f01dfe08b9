//! The rules of the form and of matching, as tables.

use proptest::prelude::*;

use super::*;
use crate::coverage::tests::coverage;

fn today() -> Date {
    "2026-11-22".parse().unwrap()
}

/// The smallest form that keeps every rule.
fn form() -> SearchForm {
    SearchForm {
        name: "新橋 太郎".to_owned(),
        birthdate: "2021/03/26".to_owned(),
        sex1: "1".to_owned(),
        address: "東京都".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

fn with(field: Field, text: &str) -> SearchForm {
    let mut form = form();
    text.clone_into(form.text_mut(field));
    form
}

#[test]
fn each_rule_names_its_field() {
    let long = "あ".repeat(101);
    let table = [
        (Field::Name, "", Rule::NameOrKana),
        (Field::Name, "・", Rule::NothingToMatch),
        (
            Field::Name,
            "新\u{0}橋",
            Rule::Text(TextError::ControlCharacter),
        ),
        (
            Field::Name,
            long.as_str(),
            Rule::Text(TextError::TooLong { most: 100 }),
        ),
        (Field::NameKana, "新橋", Rule::NotKana),
        (Field::Birthdate, "", Rule::Required(Field::Birthdate)),
        (
            Field::Birthdate,
            "21/3/26",
            Rule::Date(DateError::EraMissing),
        ),
        (Field::Birthdate, "2026/11/23", Rule::BornAfterConfirmation),
        (Field::Sex1, "", Rule::ChooseSex),
        (Field::Sex1, "3", Rule::ChooseSex),
        (Field::Sex1, "男", Rule::ChooseSex),
        (Field::Address, "", Rule::AddressOrInsurer),
        (Field::Address, "－－", Rule::NothingToMatch),
        (
            Field::QualificationConfirmationDate,
            "",
            Rule::Required(Field::QualificationConfirmationDate),
        ),
        (
            Field::QualificationConfirmationDate,
            "2026/11/23",
            Rule::InFuture(today()),
        ),
    ];
    for (field, text, rule) in table {
        let violations = with(field, text).parse(today()).unwrap_err();
        assert_eq!(violations, [Violation { field, rule }], "{field:?} {text}");
    }
}

#[test]
fn an_empty_form_breaks_all_rules_at_once() {
    let violations = SearchForm::default().parse(today()).unwrap_err();
    let fields: Vec<_> = violations.iter().map(|violation| violation.field).collect();
    let expected = [
        Field::Name,
        Field::Birthdate,
        Field::Sex1,
        Field::Address,
        Field::QualificationConfirmationDate,
    ];
    assert_eq!(fields, expected);
}

#[test]
fn either_name_and_either_place_are_enough() {
    let table = [
        with(Field::NameKana, "しんばし たろう"),
        SearchForm {
            name: String::new(),
            name_kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
            ..form()
        },
        SearchForm {
            address: String::new(),
            insurer_name: "新橋".to_owned(),
            ..form()
        },
        SearchForm {
            birthdate: "R3.3.26".to_owned(),
            ..form()
        },
    ];
    for form in table {
        assert!(form.parse(today()).is_ok());
    }
}

#[test]
fn matching_is_exact_for_names_and_partial_for_places() {
    let record = RecordKeys::of(&coverage("", ""));
    let table = [
        (Field::Name, "新橋太郎", true),
        (Field::Name, "新橋　太郎", true),
        (Field::Name, "新橋", false),
        (Field::Name, "新橋太", false),
        (Field::NameKana, "しんばしたろう", true),
        (Field::NameKana, "シンバシ", false),
        (Field::Birthdate, "2021/03/27", false),
        (Field::Sex1, "2", false),
        (Field::Address, "港区", true),
        (Field::Address, "足立区", false),
        (Field::InsurerName, "電機", true),
        (Field::InsurerName, "新橋", false),
    ];
    for (field, text, matches) in table {
        let keys = with(field, text).parse(today()).unwrap().keys();
        assert_eq!(keys.matches(&record), matches, "{field:?} {text}");
    }
}

#[test]
fn a_record_without_address_or_kana_is_not_matched_by_them() {
    let mut bare = coverage("", "");
    bare.address = None;
    bare.name_kana = None;
    let record = RecordKeys::of(&bare);
    assert!(!form().parse(today()).unwrap().keys().matches(&record));
    let by_insurer = SearchForm {
        address: String::new(),
        insurer_name: "電機".to_owned(),
        ..form()
    };
    assert!(by_insurer.parse(today()).unwrap().keys().matches(&record));
    let by_kana = SearchForm {
        name_kana: "しんばしたろう".to_owned(),
        ..by_insurer
    };
    assert!(!by_kana.parse(today()).unwrap().keys().matches(&record));
}

#[test]
fn variants_match_only_when_asked_for() {
    let mut stored = coverage("", "");
    stored.name = "髙橋　齊".to_owned();
    let record = RecordKeys::of(&stored);
    assert_eq!(record.name_variant(), Some(fold::variants(&record.name)));
    let table = [
        ("髙橋齊", true, true),
        ("髙橋\u{E0100}　齊", true, true),
        ("高橋斉", false, true),
        ("高橋 斎", false, true),
        ("髙橋斉", false, true),
        ("高梁斉", false, false),
        ("高橋", false, false),
    ];
    for (typed, exact, variant) in table {
        let keys = with(Field::Name, typed).parse(today()).unwrap().keys();
        assert_eq!(keys.matches(&record), exact, "{typed}");
        assert_eq!(keys.with_variants().matches(&record), variant, "{typed}");
        let asked = SearchForm {
            with_variants: true,
            ..with(Field::Name, typed)
        };
        assert!(asked.parse(today()).unwrap().keys() == keys.with_variants());
    }
    assert_eq!(
        RecordKeys::of(&coverage("", "")).name_of_other_variant(),
        None
    );
}

#[test]
fn names_of_every_kind_are_found() {
    // (氏名, 氏名（その他）, カナ, カナ（その他）) and what finds them by name or by kana.
    type Names = (&'static str, &'static str, &'static str, &'static str);
    type Found = &'static [&'static str];
    let table: &[(Names, Found, Found, Found)] = &[
        (
            (
                "ＮＧＵＹＥＮ　ＴＨＩ　ＭＡＩ",
                "山田　舞",
                "ｸﾞｴﾝ ﾃｲ ﾏｲ",
                "ﾔﾏﾀﾞ ﾏｲ",
            ),
            &["Nguyen Thi Mai", "NGUYENTHIMAI", "山田舞", "山田　舞"],
            &["ぐえん てぃ まい", "グエン・テイ・マイ", "ヤマダマイ"],
            &["NGUYEN", "MAI NGUYEN THI", "山田"],
        ),
        (
            ("マリア・ガルシア", "", "ﾏﾘｱ ｶﾞﾙｼｱ", ""),
            &[
                "マリア・ガルシア",
                "マリアガルシア",
                "ﾏﾘｱ･ｶﾞﾙｼｱ",
                "まりあ ガルシア",
            ],
            &["マリア　ガルシア"],
            &["マリア", "ガルシア・マリア"],
        ),
        (
            ("呉", "", "ｺﾞ", ""),
            &["呉", " 呉 "],
            &["ご", "ゴ"],
            &["吳氏", "五"],
        ),
        (
            ("乙　一", "", "ｵﾂ ｲﾁ", ""),
            &["乙一", "乙 一"],
            &["おついち"],
            &["乙", "一"],
        ),
        (("Ｏ", "", "ｵ", ""), &["O", "o"], &["お"], &["0", "OO"]),
        (
            ("O'BRIEN　PATRICK", "", "ｵﾌﾞﾗｲｴﾝ ﾊﾟﾄﾘﾂｸ", ""),
            &["O’Brien Patrick", "OBRIEN PATRICK"],
            &["オブライエン パトリック"],
            &["BRIEN PATRICK"],
        ),
    ];
    for ((name, other, kana, other_kana), by_name, by_kana, not) in table {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut stored = coverage("", "");
        (*name).clone_into(&mut stored.name);
        stored.name_of_other = text(other);
        stored.name_kana = text(kana);
        stored.name_of_other_kana = text(other_kana);
        let record = RecordKeys::of(&stored);
        let finds = |field, typed: &str| {
            let form = with(field, typed);
            form.parse(today()).unwrap().keys().matches(&record)
        };
        for typed in *by_name {
            assert!(finds(Field::Name, typed), "{name} by {typed}");
        }
        for typed in *by_kana {
            let form = SearchForm {
                name: String::new(),
                ..with(Field::NameKana, typed)
            };
            assert!(
                form.parse(today()).unwrap().keys().matches(&record),
                "{kana} by {typed}"
            );
        }
        for typed in *not {
            assert!(!finds(Field::Name, typed), "{name} by {typed}");
        }
    }
}

#[test]
fn the_wire_refuses_members_it_does_not_know() {
    assert!(serde_json::from_str::<SearchForm>(r#"{"name":"新橋"}"#).is_ok());
    assert!(serde_json::from_str::<SearchForm>(r#"{"name":"新橋","passcode":"1"}"#).is_err());
}

proptest! {
    #[test]
    fn whatever_is_typed_is_refused_or_has_something_to_match(
        name in "\\PC{0,12}", place in "\\PC{0,12}",
    ) {
        let form = SearchForm { name, address: place, ..form() };
        if let Ok(criteria) = form.parse(today()) {
            let keys = criteria.keys();
            prop_assert!(keys.name.is_some_and(|key| !key.is_empty()));
            prop_assert!(keys.address.is_some_and(|key| !key.is_empty()));
        }
    }
}
