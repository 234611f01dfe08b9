//! The emergency search: 資格情報照会（システム障害時）, 利用方法 2 of the source document.
//!
//! [`SearchForm`] is what was typed, [`SearchCriteria`] what can be searched;
//! the page and the service use the same [`SearchForm::parse`]. Matching
//! ([`SearchKeys`], [`RecordKeys`]) runs on the server. What to change when it
//! found nobody or too many is [`Advice`].

mod advice;
mod keys;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::code::Sex;
use crate::date::{self, Date, DateError};
use crate::fold;
use crate::mask::masked_debug;
use crate::text::{self, TextError};

pub use advice::{Advice, narrowing, narrowing_text};
pub use keys::{RecordKeys, SearchKeys};

/// The most persons that a search lists; above it the answer is to narrow the
/// search, without rows (as NHS PDS does; `facts/domain.md` §5.1).
pub const MOST_CANDIDATES: usize = 50;

/// The most characters of a name or kana.
pub const MOST_NAME_CHARACTERS: usize = 100;
/// The most characters of an address or an insurer's name.
pub const MOST_PLACE_CHARACTERS: usize = 200;
/// The most characters of a typed date.
const MOST_DATE_CHARACTERS: usize = 40;

/// The search conditions as typed; an empty text is a condition not given.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SearchForm {
    /// 氏名.
    pub name: String,
    /// 氏名（カナ）.
    pub name_kana: String,
    /// 生年月日, in any form that [`date::parse()`] reads.
    pub birthdate: String,
    /// 性別: the code of 男 or 女 ([`Sex`]).
    pub sex1: String,
    /// 住所, or a part of it.
    pub address: String,
    /// 保険者名, or a part of it.
    pub insurer_name: String,
    /// 資格確認日, in any form that [`date::parse()`] reads.
    pub qualification_confirmation_date: String,
    /// 「異体字も含めて検索」: 髙 and 高, 﨑 and 崎 … are one character in 氏名.
    pub with_variants: bool,
}

/// A field of the search form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 氏名.
    Name,
    /// 氏名（カナ）.
    NameKana,
    /// 生年月日.
    Birthdate,
    /// 性別.
    Sex1,
    /// 住所.
    Address,
    /// 保険者名.
    InsurerName,
    /// 資格確認日.
    QualificationConfirmationDate,
}

impl Field {
    /// The field's label on screen, word for word as in the source document.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "氏名",
            Self::NameKana => "氏名（カナ）",
            Self::Birthdate => "生年月日",
            Self::Sex1 => "性別",
            Self::Address => "住所",
            Self::InsurerName => "保険者名",
            Self::QualificationConfirmationDate => "資格確認日",
        }
    }

    /// The field's name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameKana => "name_kana",
            Self::Birthdate => "birthdate",
            Self::Sex1 => "sex1",
            Self::Address => "address",
            Self::InsurerName => "insurer_name",
            Self::QualificationConfirmationDate => "qualification_confirmation_date",
        }
    }
}

/// A rule that a field breaks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}：{rule}", field.label())]
pub struct Violation {
    /// The field to change.
    pub field: Field,
    /// The rule it breaks.
    pub rule: Rule,
}

/// The rules of the form. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Rule {
    /// 必須項目.
    #[error("{}を入力してください", .0.label())]
    Required(Field),
    /// 性別 is required, and is chosen rather than typed.
    #[error("男、女のどちらかを選んでください")]
    ChooseSex,
    /// Neither 氏名 nor 氏名（カナ）.
    #[error("氏名、氏名（カナ）のどちらか一方は入力してください")]
    NameOrKana,
    /// Neither 住所 nor 保険者名.
    #[error("住所、保険者名のどちらか一方は入力してください")]
    AddressOrInsurer,
    /// Nothing but punctuation, which would match everything or nothing.
    #[error("文字または数字を含めて入力してください")]
    NothingToMatch,
    /// Kanji in the kana field.
    #[error("カナ（ひらがな、カタカナ）または英字で入力してください")]
    NotKana,
    /// The text as such is refused.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not a date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// 資格確認日 after today.
    #[error("今日（{}）までの日付を入力してください", .0.slashed())]
    InFuture(Date),
    /// 生年月日 after 資格確認日.
    #[error("生年月日は資格確認日までの日付を入力してください")]
    BornAfterConfirmation,
}

/// Search conditions that keep every rule of the source document.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchCriteria {
    name: Option<String>,
    name_kana: Option<String>,
    birthdate: Date,
    sex1: Sex,
    address: Option<String>,
    insurer_name: Option<String>,
    qualification_confirmation_date: Date,
    with_variants: bool,
}

masked_debug!(SearchForm, SearchCriteria);

impl SearchForm {
    /// What was typed into a field.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Name => &self.name,
            Field::NameKana => &self.name_kana,
            Field::Birthdate => &self.birthdate,
            Field::Sex1 => &self.sex1,
            Field::Address => &self.address,
            Field::InsurerName => &self.insurer_name,
            Field::QualificationConfirmationDate => &self.qualification_confirmation_date,
        }
    }

    /// The same, to be changed.
    pub fn text_mut(&mut self, field: Field) -> &mut String {
        match field {
            Field::Name => &mut self.name,
            Field::NameKana => &mut self.name_kana,
            Field::Birthdate => &mut self.birthdate,
            Field::Sex1 => &mut self.sex1,
            Field::Address => &mut self.address,
            Field::InsurerName => &mut self.insurer_name,
            Field::QualificationConfirmationDate => &mut self.qualification_confirmation_date,
        }
    }

    /// Checks every rule and gives all violations at once, in the form's order.
    ///
    /// `today` is the day in Asia/Tokyo, after which no eligibility is confirmed.
    pub fn parse(&self, today: Date) -> Result<SearchCriteria, Vec<Violation>> {
        let mut check = Check(Vec::new());
        let name = check.text(Field::Name, &self.name, MOST_NAME_CHARACTERS);
        let name_kana = check.text(Field::NameKana, &self.name_kana, MOST_NAME_CHARACTERS);
        if name_kana.as_deref().is_some_and(has_kanji) {
            check.broken(Field::NameKana, Rule::NotKana);
        }
        if self.name.trim().is_empty() && self.name_kana.trim().is_empty() {
            check.broken(Field::Name, Rule::NameOrKana);
        }
        let birthdate = check.date(Field::Birthdate, &self.birthdate);
        let sex1 = check.sex(&self.sex1);
        let address = check.text(Field::Address, &self.address, MOST_PLACE_CHARACTERS);
        let insurer_name = check.text(
            Field::InsurerName,
            &self.insurer_name,
            MOST_PLACE_CHARACTERS,
        );
        if self.address.trim().is_empty() && self.insurer_name.trim().is_empty() {
            check.broken(Field::Address, Rule::AddressOrInsurer);
        }
        let day_field = Field::QualificationConfirmationDate;
        let day = check.date(day_field, &self.qualification_confirmation_date);
        if day.is_some_and(|day| day > today) {
            check.broken(day_field, Rule::InFuture(today));
        }
        if let (Some(birthdate), Some(day)) = (birthdate, day)
            && birthdate > day
        {
            check.broken(Field::Birthdate, Rule::BornAfterConfirmation);
        }
        match (check.0.is_empty(), birthdate, sex1, day) {
            (true, Some(birthdate), Some(sex1), Some(qualification_confirmation_date)) => {
                Ok(SearchCriteria {
                    name,
                    name_kana,
                    birthdate,
                    sex1,
                    address,
                    insurer_name,
                    qualification_confirmation_date,
                    with_variants: self.with_variants,
                })
            }
            _ => Err(check.0),
        }
    }
}

/// Collects violations while the fields are read.
struct Check(Vec<Violation>);

impl Check {
    fn broken(&mut self, field: Field, rule: Rule) {
        self.0.push(Violation { field, rule });
    }

    fn text(&mut self, field: Field, typed: &str, most: usize) -> Option<String> {
        match text::optional(typed, most) {
            Ok(Some(text)) if !text.contains(char::is_alphanumeric) => {
                self.broken(field, Rule::NothingToMatch);
                None
            }
            Ok(text) => text,
            Err(error) => {
                self.broken(field, error.into());
                None
            }
        }
    }

    fn date(&mut self, field: Field, typed: &str) -> Option<Date> {
        let read = match text::optional(typed, MOST_DATE_CHARACTERS) {
            Ok(None) => Err(Rule::Required(field)),
            Ok(Some(text)) => date::parse(&text).map_err(Rule::from),
            Err(error) => Err(error.into()),
        };
        read.map_err(|rule| self.broken(field, rule)).ok()
    }

    fn sex(&mut self, typed: &str) -> Option<Sex> {
        if let Ok(sex @ (Sex::Male | Sex::Female)) = typed.parse() {
            Some(sex)
        } else {
            self.broken(Field::Sex1, Rule::ChooseSex);
            None
        }
    }
}

fn has_kanji(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFF}')
    })
}

impl SearchCriteria {
    /// 資格確認日.
    pub const fn qualification_confirmation_date(&self) -> Date {
        self.qualification_confirmation_date
    }

    /// The conditions, folded for matching.
    pub fn keys(&self) -> SearchKeys {
        let keys = SearchKeys {
            name: self.name.as_deref().map(fold::name),
            name_kana: self.name_kana.as_deref().map(fold::name),
            birthdate: self.birthdate,
            sex1: self.sex1,
            address: self.address.as_deref().map(fold::typed_address),
            insurer_name: self.insurer_name.as_deref().map(fold::name),
            with_variants: false,
        };
        if self.with_variants {
            keys.with_variants()
        } else {
            keys
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests;
