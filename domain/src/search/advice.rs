//! What to change next when a search found nobody, or too many.
//!
//! For nobody the steps follow from which conditions were given, never from who
//! is registered: a hint such as 「住所を外すと1人が見つかります」 would tell
//! anybody with a name and a birth date that the person exists. (Variant spellings
//! are the one exception, counted where every condition was given.) For too many, the
//! service measures only how many different values the matched records have.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::{Field, RecordKeys, SearchForm, SearchKeys};

/// One step; `text` is what to do, and the page offers to do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// 生年月日 and 性別 are compared exactly and can't be left out.
    CheckBirthdateAndSex,
    /// Search by 氏名（カナ） alone: kanji differ in shape or could not be encoded.
    KanaInsteadOfName,
    /// 氏名（カナ） was given too, and may be registered in another reading.
    NameInsteadOfKana,
    /// 通称, 旧姓, or the name in Latin letters.
    OtherName,
    /// 住所 may be missing, old or written differently in the insurer's record.
    InsurerInsteadOfAddress,
    /// 保険者名 may be an old one.
    AddressInsteadOfInsurer,
    /// Only the first part of 住所, a prefecture or a town.
    ShorterAddress,
    /// Only a part of 保険者名.
    ShorterInsurer,
}

impl Advice {
    /// The steps for a search that found nobody, the most likely cause first.
    pub fn when_nobody(form: &SearchForm) -> Vec<Self> {
        let given = |text: &str| !text.trim().is_empty();
        let (name, kana) = (given(&form.name), given(&form.name_kana));
        let (address, insurer) = (given(&form.address), given(&form.insurer_name));
        let steps = [
            (true, Self::CheckBirthdateAndSex),
            (name, Self::KanaInsteadOfName),
            (name && kana, Self::NameInsteadOfKana),
            (address, Self::InsurerInsteadOfAddress),
            (address && !insurer, Self::ShorterAddress),
            (insurer, Self::AddressInsteadOfInsurer),
            (insurer && !address, Self::ShorterInsurer),
            (true, Self::OtherName),
        ];
        let steps = steps.into_iter().filter(|(applies, _)| *applies);
        steps.map(|(_, step)| step).collect()
    }

    /// What to do, and why.
    pub const fn text(self) -> &'static str {
        match self {
            Self::CheckBirthdateAndSex => {
                "生年月日と性別をもう一度確かめてください。どちらも完全に一致するものだけを検索します。"
            }
            Self::KanaInsteadOfName => {
                "氏名を空にして、氏名（カナ）だけで検索してください。漢字は字形の違いや●で一致しないことがあります。"
            }
            Self::NameInsteadOfKana => {
                "氏名（カナ）を空にして、氏名だけで検索してください。読み方が違って登録されていることがあります。"
            }
            Self::OtherName => "旧姓、通称、本名、英字の氏名など、ほかの名前でも検索してください。",
            Self::InsurerInsteadOfAddress => {
                "住所を空にして、保険者名で検索してください。住所は、転居前のものや、登録がないことがあります。"
            }
            Self::AddressInsteadOfInsurer => {
                "保険者名を空にして、住所で検索してください。加入する保険が変わっていることがあります。"
            }
            Self::ShorterAddress => {
                "住所は、都道府県名や市区町村名だけに短くして検索してください。"
            }
            Self::ShorterInsurer => {
                "保険者名は、「東京都」「協会けんぽ」のように一部だけで検索してください。"
            }
        }
    }

    /// The words on the button that does it.
    pub const fn action(self) -> &'static str {
        match self {
            Self::CheckBirthdateAndSex => "生年月日を確かめる",
            Self::KanaInsteadOfName => "氏名（カナ）だけで検索する",
            Self::NameInsteadOfKana => "氏名だけで検索する",
            Self::OtherName => "ほかの名前を入力する",
            Self::InsurerInsteadOfAddress => "保険者名だけで検索する",
            Self::AddressInsteadOfInsurer => "住所だけで検索する",
            Self::ShorterAddress => "住所を短くする",
            Self::ShorterInsurer => "保険者名を短くする",
        }
    }

    /// The field where the user goes on.
    pub const fn field(self) -> Field {
        match self {
            Self::CheckBirthdateAndSex => Field::Birthdate,
            Self::KanaInsteadOfName => Field::NameKana,
            Self::NameInsteadOfKana | Self::OtherName => Field::Name,
            Self::InsurerInsteadOfAddress | Self::ShorterInsurer => Field::InsurerName,
            Self::AddressInsteadOfInsurer | Self::ShorterAddress => Field::Address,
        }
    }

    /// Does the step, as far as it can be done without the user's words.
    pub fn apply(self, form: &mut SearchForm) {
        match self {
            Self::KanaInsteadOfName => {
                form.name.clear();
                form.with_variants = false;
            }
            Self::NameInsteadOfKana => form.name_kana.clear(),
            Self::InsurerInsteadOfAddress => form.address.clear(),
            Self::AddressInsteadOfInsurer => form.insurer_name.clear(),
            Self::CheckBirthdateAndSex
            | Self::OtherName
            | Self::ShorterAddress
            | Self::ShorterInsurer => {}
        }
    }
}

/// The conditions that would narrow a search that found too many, best first.
///
/// Measured on matched records by how many different values each field has among
/// them; the answer names fields only. Names, which match exactly, help only where
/// they were not given; places match in part and can be given in more detail.
pub fn narrowing(keys: &SearchKeys, matched: &[RecordKeys]) -> Vec<Field> {
    type Value = fn(&RecordKeys) -> Option<&str>;
    let fields: [(Field, bool, Value); 4] = [
        (Field::Address, true, |record| record.address.as_deref()),
        (Field::InsurerName, true, |record| {
            Some(&record.insurer_name)
        }),
        (Field::NameKana, keys.name_kana.is_none(), |record| {
            record.name_kana.as_deref()
        }),
        (Field::Name, keys.name.is_none(), |record| {
            Some(&record.name)
        }),
    ];
    let mut measured: Vec<_> = fields
        .into_iter()
        .filter(|(_, helps, _)| *helps)
        .map(|(field, _, value)| {
            let values: HashSet<_> = matched.iter().filter_map(value).collect();
            (values.len(), field)
        })
        .filter(|(values, _)| *values > 1)
        .collect();
    measured.sort_by_key(|(values, _)| Reverse(*values));
    measured.into_iter().map(|(_, field)| field).collect()
}

/// How to give a condition that narrows, in words for the desk.
pub const fn narrowing_text(field: Field) -> &'static str {
    match field {
        Field::Name => "氏名も入力してください。",
        Field::NameKana => "氏名（カナ）も入力してください。",
        Field::Address => "住所を、町名や番地まで詳しく入力してください。",
        Field::InsurerName => "保険者名を、省略せずに入力してください。",
        Field::Birthdate | Field::Sex1 | Field::QualificationConfirmationDate => {
            "生年月日、性別、資格確認日をもう一度確かめてください。"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::tests::coverage;

    fn form(name: &str, kana: &str, address: &str, insurer: &str) -> SearchForm {
        SearchForm {
            name: name.to_owned(),
            name_kana: kana.to_owned(),
            birthdate: "2021/3/26".to_owned(),
            sex1: "1".to_owned(),
            address: address.to_owned(),
            insurer_name: insurer.to_owned(),
            qualification_confirmation_date: "2026/11/22".to_owned(),
            with_variants: false,
        }
    }

    #[test]
    fn the_steps_follow_from_what_was_given() {
        use Advice::{
            AddressInsteadOfInsurer, CheckBirthdateAndSex, InsurerInsteadOfAddress,
            KanaInsteadOfName, NameInsteadOfKana, OtherName, ShorterAddress, ShorterInsurer,
        };
        let table: &[(SearchForm, &[Advice])] = &[
            (
                form("髙橋", "", "東京都", ""),
                &[
                    CheckBirthdateAndSex,
                    KanaInsteadOfName,
                    InsurerInsteadOfAddress,
                    ShorterAddress,
                    OtherName,
                ],
            ),
            (
                form("", "タカハシ", "", "電機"),
                &[
                    CheckBirthdateAndSex,
                    AddressInsteadOfInsurer,
                    ShorterInsurer,
                    OtherName,
                ],
            ),
            (
                form("髙橋", "タカハシ", "東京都", "電機"),
                &[
                    CheckBirthdateAndSex,
                    KanaInsteadOfName,
                    NameInsteadOfKana,
                    InsurerInsteadOfAddress,
                    AddressInsteadOfInsurer,
                    OtherName,
                ],
            ),
            (
                form("髙橋", "", "", "電機"),
                &[
                    CheckBirthdateAndSex,
                    KanaInsteadOfName,
                    AddressInsteadOfInsurer,
                    ShorterInsurer,
                    OtherName,
                ],
            ),
        ];
        for (form, steps) in table {
            assert_eq!(Advice::when_nobody(form), *steps);
        }
    }

    #[test]
    fn a_step_changes_what_it_says_and_is_not_offered_again() {
        let before = form("髙橋", "タカハシ", "東京都", "電機");
        for step in Advice::when_nobody(&before) {
            let mut after = before.clone();
            step.apply(&mut after);
            if after != before {
                assert!(!Advice::when_nobody(&after).contains(&step), "{step:?}");
            }
            assert!(!step.text().is_empty() && !step.action().is_empty());
        }
    }

    #[test]
    fn the_field_with_most_values_narrows_most() {
        let record = |address: &str, insurer: &str, kana: &str| {
            let mut coverage = coverage("", "");
            coverage.address = (!address.is_empty()).then(|| address.to_owned());
            insurer.clone_into(&mut coverage.insurer_name);
            coverage.name_kana = Some(kana.to_owned());
            RecordKeys::of(&coverage)
        };
        let matched = [
            record("東京都港区1", "甲", "アオイ"),
            record("東京都港区2", "乙", "アオイ"),
            record("東京都港区3", "甲", "マモル"),
            record("", "丙", "マモル"),
            record("", "丁", "アオイ"),
        ];
        let keys = |form: SearchForm| form.parse("2026-11-22".parse().unwrap()).unwrap().keys();
        let by_name = keys(form("佐藤葵", "", "東京都", ""));
        assert_eq!(
            narrowing(&by_name, &matched),
            [Field::InsurerName, Field::Address, Field::NameKana]
        );
        let by_both = keys(form("佐藤葵", "アオイ", "東京都", ""));
        assert_eq!(
            narrowing(&by_both, &matched[..3]),
            [Field::Address, Field::InsurerName]
        );
        assert!(
            narrowing(&by_both, &matched[..1]).is_empty(),
            "nothing tells them apart"
        );
    }
}
