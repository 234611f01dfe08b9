//! What is compared: conditions and records, folded by the same code.

use std::borrow::Cow;

use crate::code::Sex;
use crate::coverage::Coverage;
use crate::date::Date;
use crate::fold;
use crate::mask::masked_debug;

/// Folded search conditions.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchKeys {
    /// Folded 氏名; also by [`fold::variants()`] if `with_variants`.
    pub name: Option<String>,
    /// Folded 氏名（カナ）.
    pub name_kana: Option<String>,
    /// 生年月日.
    pub birthdate: Date,
    /// 性別.
    pub sex1: Sex,
    /// Folded part of 住所.
    pub address: Option<String>,
    /// Folded part of 保険者名.
    pub insurer_name: Option<String>,
    /// Whether 氏名 matches in every variant spelling.
    pub with_variants: bool,
}

/// A coverage's own keys, folded the same way.
///
/// A person is known by 氏名 or by 氏名（その他）, the 通称 that foreign residents
/// register and use: each is a name that a condition may equal.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordKeys {
    /// Folded 氏名; may hold [`fold::UNENCODABLE`].
    pub name: String,
    /// Folded 氏名（その他）.
    pub name_of_other: Option<String>,
    /// Folded 氏名カナ.
    pub name_kana: Option<String>,
    /// Folded 氏名カナ（その他）.
    pub name_of_other_kana: Option<String>,
    /// 生年月日.
    pub birthdate: Date,
    /// 性別1.
    pub sex1: Sex,
    /// Folded 住所.
    pub address: Option<String>,
    /// Folded 保険者名称.
    pub insurer_name: String,
}

masked_debug!(SearchKeys, RecordKeys);

impl RecordKeys {
    /// The keys of a coverage.
    pub fn of(coverage: &Coverage) -> Self {
        // 通称 of nothing but punctuation would equal no condition.
        let folded = |text: &Option<String>| {
            let key = text.as_deref().map(fold::name);
            key.filter(|key| !key.is_empty())
        };
        Self {
            name: fold::name(&coverage.name),
            name_of_other: folded(&coverage.name_of_other),
            name_kana: folded(&coverage.name_kana),
            name_of_other_kana: folded(&coverage.name_of_other_kana),
            birthdate: coverage.birthdate,
            sex1: coverage.sex1,
            address: coverage.address.as_deref().map(fold::stored_address),
            insurer_name: fold::name(&coverage.insurer_name),
        }
    }

    /// Whether a name holds a ● and so must be compared one by one.
    pub fn has_unencodable(&self) -> bool {
        let has = |key: &str| key.contains(fold::UNENCODABLE);
        let others = [
            &self.name_of_other,
            &self.name_kana,
            &self.name_of_other_kana,
        ];
        has(&self.name) || others.into_iter().flatten().any(|key| has(key))
    }

    /// 氏名 in the spelling that stands for its variants, where it is another one:
    /// to be stored and indexed.
    pub fn name_variant(&self) -> Option<String> {
        fold::variant_of(&self.name)
    }

    /// The same of 氏名（その他）.
    pub fn name_of_other_variant(&self) -> Option<String> {
        self.name_of_other.as_deref().and_then(fold::variant_of)
    }
}

impl SearchKeys {
    /// The same conditions with 氏名 in every variant spelling. Whoever meets the
    /// conditions as they are meets these too.
    #[must_use]
    pub fn with_variants(&self) -> Self {
        Self {
            name: self.name.as_deref().map(fold::variants),
            with_variants: true,
            ..self.clone()
        }
    }

    /// Whether a coverage meets every condition that was given.
    pub fn matches(&self, record: &RecordKeys) -> bool {
        self.birthdate == record.birthdate
            && self.sex1 == record.sex1
            && self.meets_name(&record.name, record.name_of_other.as_deref())
            && self.meets_kana(record)
            && contains(record.address.as_deref(), self.address.as_deref())
            && contains(Some(&record.insurer_name), self.insurer_name.as_deref())
    }

    fn meets_name(&self, name: &str, other: Option<&str>) -> bool {
        let Some(typed) = &self.name else {
            return true;
        };
        [Some(name), other].into_iter().flatten().any(|stored| {
            let stored = if self.with_variants {
                Cow::Owned(fold::variants(stored))
            } else {
                Cow::Borrowed(stored)
            };
            fold::matches_exactly(&stored, typed)
        })
    }

    fn meets_kana(&self, record: &RecordKeys) -> bool {
        let stored = [&record.name_kana, &record.name_of_other_kana];
        self.name_kana.as_deref().is_none_or(|typed| {
            let mut stored = stored.into_iter().flatten();
            stored.any(|stored| fold::matches_exactly(stored, typed))
        })
    }
}

/// Whether a stored text contains a condition, if one was given.
fn contains(stored: Option<&str>, typed: Option<&str>) -> bool {
    typed.is_none_or(|typed| stored.is_some_and(|stored| stored.contains(typed)))
}
