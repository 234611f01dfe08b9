//! What the institution adds to the report, and what is missing.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::opening::ContactName;

/// The fields that the institution completes, as entered.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageReportFields {
    /// 担当者名: at most 40 characters.
    pub contact: String,
    /// 障害の発生日時, as people write it: at most 40 characters.
    pub failure_from: String,
    /// 障害の復旧日時: at most 40 characters.
    pub failure_to: String,
    /// 障害の内容・原因: at most 1000 characters, in several lines.
    pub description: String,
    /// 利用した業務・人数などの補足: at most 1000 characters, in several lines; may be left empty.
    pub remark: String,
}

/// What people write freely may hold anything.
impl std::fmt::Debug for UsageReportFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UsageReportFields(masked)")
    }
}

/// A field of [`UsageReportFields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportField {
    /// 担当者名.
    Contact,
    /// 障害の発生日時.
    FailureFrom,
    /// 障害の復旧日時.
    FailureTo,
    /// 障害の内容・原因.
    Description,
    /// 補足.
    Remark,
}

/// A field that can't stay as it is, and what to do. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct ReportViolation {
    /// Which.
    pub field: ReportField,
    /// Why.
    pub problem: FieldProblem,
}

/// Why a field can't stay as it is. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldProblem {
    /// Nothing was entered, and the report needs it.
    #[error("{0}")]
    Missing(&'static str),
    /// Longer than the field allows.
    #[error("{most}文字以内で入力してください")]
    TooLong {
        /// The greatest number of characters (Unicode scalar values).
        most: usize,
    },
    /// Contains a control character, or a line break where there is one line only.
    #[error("使用できない文字（制御文字）が含まれています。入力し直してください")]
    ControlCharacter,
}

impl ReportField {
    /// All fields, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::Contact,
        Self::FailureFrom,
        Self::FailureTo,
        Self::Description,
        Self::Remark,
    ];

    /// Its name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::FailureFrom => "failure_from",
            Self::FailureTo => "failure_to",
            Self::Description => "description",
            Self::Remark => "remark",
        }
    }

    /// Its name on screen and in the report.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Contact => "担当者名",
            Self::FailureFrom => "障害の発生日時",
            Self::FailureTo => "障害の復旧日時",
            Self::Description => "障害の内容・原因",
            Self::Remark => "補足",
        }
    }

    /// The most characters.
    pub const fn most(self) -> usize {
        match self {
            Self::Contact | Self::FailureFrom | Self::FailureTo => 40,
            Self::Description | Self::Remark => 1000,
        }
    }

    /// Whether it may have several lines.
    pub const fn has_lines(self) -> bool {
        matches!(self, Self::Description | Self::Remark)
    }

    /// What to enter; `None` where nothing has to be.
    const fn remedy(self) -> Option<&'static str> {
        match self {
            Self::Contact => Some("報告について問い合わせを受ける方の氏名を入力してください"),
            Self::FailureFrom => {
                Some("障害が発生した日時を入力してください（例：2026/11/20 9:30ごろ）")
            }
            Self::FailureTo => Some(
                "障害が復旧した日時を入力してください。続いているときは「復旧していない」と入力してください",
            ),
            Self::Description => Some("どのような障害だったか、原因とあわせて入力してください"),
            Self::Remark => None,
        }
    }
}

impl UsageReportFields {
    /// What a new draft begins with.
    pub fn prefilled(contact: &ContactName) -> Self {
        Self {
            contact: contact.as_str().to_owned(),
            ..Self::default()
        }
    }

    /// What was entered into a field.
    pub fn get(&self, field: ReportField) -> &str {
        match field {
            ReportField::Contact => &self.contact,
            ReportField::FailureFrom => &self.failure_from,
            ReportField::FailureTo => &self.failure_to,
            ReportField::Description => &self.description,
            ReportField::Remark => &self.remark,
        }
    }

    /// What can't be kept, not even as a draft.
    pub fn violations(&self) -> Vec<ReportViolation> {
        let violation = |field| {
            let problem = check(self.get(field), field)?;
            Some(ReportViolation { field, problem })
        };
        ReportField::ALL.into_iter().filter_map(violation).collect()
    }

    /// What is missing before the report can be handed in, besides [`Self::violations`].
    pub fn missing(&self) -> Vec<ReportViolation> {
        let missing = |field: ReportField| {
            let remedy = field.remedy()?;
            self.get(field)
                .trim()
                .is_empty()
                .then_some(ReportViolation {
                    field,
                    problem: FieldProblem::Missing(remedy),
                })
        };
        ReportField::ALL.into_iter().filter_map(missing).collect()
    }
}

fn check(text: &str, field: ReportField) -> Option<FieldProblem> {
    let may_stand = |letter: char| {
        !letter.is_control() || (field.has_lines() && matches!(letter, '\n' | '\r' | '\t'))
    };
    if !text.chars().all(may_stand) {
        return Some(FieldProblem::ControlCharacter);
    }
    let most = field.most();
    // Browsers count a line break as one character, and send it as two.
    let length = text.chars().filter(|letter| *letter != '\r').count();
    (length > most).then_some(FieldProblem::TooLong { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> UsageReportFields {
        UsageReportFields {
            contact: "資格　花子".to_owned(),
            failure_from: "2026/11/20 9:30ごろ".to_owned(),
            failure_to: "復旧していない".to_owned(),
            description: "回線が切れた".to_owned(),
            remark: String::new(),
        }
    }

    fn with(field: ReportField, text: &str) -> UsageReportFields {
        let mut fields = complete();
        let place = match field {
            ReportField::Contact => &mut fields.contact,
            ReportField::FailureFrom => &mut fields.failure_from,
            ReportField::FailureTo => &mut fields.failure_to,
            ReportField::Description => &mut fields.description,
            ReportField::Remark => &mut fields.remark,
        };
        text.clone_into(place);
        fields
    }

    #[test]
    fn what_is_too_long_or_not_of_a_keyboard_is_not_kept() {
        use FieldProblem::{ControlCharacter, TooLong};
        use ReportField::{Contact, Description, FailureFrom, FailureTo, Remark};
        let letters = |count| "あ".repeat(count);
        let table = [
            (Contact, letters(40), None),
            (Contact, letters(41), Some(TooLong { most: 40 })),
            (FailureFrom, letters(41), Some(TooLong { most: 40 })),
            (FailureTo, "a\nb".to_owned(), Some(ControlCharacter)),
            (Contact, "a\r\nBcc: x".to_owned(), Some(ControlCharacter)),
            (Description, letters(1000), None),
            (Description, "あ\r\n".repeat(500), None),
            (Description, letters(1001), Some(TooLong { most: 1000 })),
            (Remark, "一行目\n\t二行目".to_owned(), None),
            (Remark, "a\0b".to_owned(), Some(ControlCharacter)),
            (Remark, "a\u{1b}b".to_owned(), Some(ControlCharacter)),
        ];
        for (field, text, expected) in table {
            let found = with(field, &text).violations();
            let expected = expected.map(|problem| ReportViolation { field, problem });
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{field:?}");
        }
    }

    #[test]
    fn what_is_missing_is_told_with_what_to_enter() {
        assert_eq!(complete().missing(), []);
        for field in ReportField::ALL {
            for nothing in ["", " 　\n"] {
                let missing = with(field, nothing).missing();
                let fields: Vec<_> = missing.iter().map(|it| it.field).collect();
                let is_needed = field != ReportField::Remark;
                assert_eq!(fields, Vec::from_iter(is_needed.then_some(field)));
                assert!(missing.iter().all(|it| it.to_string().contains("入力")));
            }
        }
        let nothing = UsageReportFields::default();
        assert_eq!(nothing.missing().len(), 4);
        assert_eq!(nothing.violations(), []);
    }

    #[test]
    fn fields_have_the_names_of_the_wire() {
        let wire = serde_json::to_value(UsageReportFields::default()).unwrap();
        let mut names: Vec<_> = wire.as_object().unwrap().keys().cloned().collect();
        let mut codes = ReportField::ALL.map(|field| field.code().to_owned());
        names.sort();
        codes.sort();
        assert_eq!(names, codes);
    }
}
