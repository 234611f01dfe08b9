//! One field: its label, and its value in words.

use domain::code::ContributionRatio;
use domain::date::Date;
use domain::fold::UNENCODABLE;
use domain::identifier::InsurerNumber;

use crate::text::{self as wording, both_calendars};

/// A field's label and value; `None` where the record has nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Row {
    pub(in super::super) label: &'static str,
    pub(in super::super) value: Option<Value>,
}

impl Row {
    pub(in super::super) const fn new(label: &'static str, value: Option<Value>) -> Self {
        Self { label, value }
    }

    /// The value, or the words for none.
    pub(in super::super) fn text(self) -> String {
        self.value
            .map_or_else(|| wording::NO_INFORMATION.to_owned(), |value| value.text)
    }
}

/// A value in words, with its code and what there is to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Value {
    pub(in super::super) text: String,
    pub(in super::super) code: Option<String>,
    pub(in super::super) note: Option<&'static str>,
    /// What is copied, where it is not the text: a day without its era.
    copied: Option<String>,
}

impl Value {
    pub(in super::super) fn of(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            code: None,
            note: None,
            copied: None,
        }
    }

    /// Whether it is a day, which must not be split between lines.
    pub(in super::super) const fn is_day(&self) -> bool {
        self.copied.is_some()
    }

    /// The value as another program takes it.
    pub(in super::super) fn copied(&self) -> &str {
        self.copied.as_deref().unwrap_or(&self.text)
    }
}

pub(super) fn text(label: &'static str, text: Option<&String>) -> Row {
    let value = text.filter(|text| !text.is_empty()).map(|text| Value {
        note: text
            .contains(UNENCODABLE)
            .then_some(wording::ABOUT_UNENCODABLE),
        ..Value::of(text)
    });
    Row::new(label, value)
}

pub(super) fn day(label: &'static str, day: Option<Date>) -> Row {
    let value = |day: Date| Value {
        copied: Some(day.slashed()),
        ..Value::of(both_calendars(day))
    };
    Row::new(label, day.map(value))
}

/// A value of a code table, as its words and its code.
pub(super) fn code(label: &'static str, value: Option<(&'static str, &'static str)>) -> Row {
    let value = value.map(|(text, code)| Value {
        code: Some(code.to_owned()),
        ..Value::of(text)
    });
    Row::new(label, value)
}

pub(super) fn ratio(label: &'static str, ratio: Option<ContributionRatio>) -> Row {
    let value = ratio.map(|ratio| Value {
        code: Some(ratio.to_string()),
        ..Value::of(ratio.label())
    });
    Row::new(label, value)
}

pub(super) fn insurer_number(label: &'static str, number: &InsurerNumber) -> Row {
    let value = Value {
        note: (!number.has_valid_check_digit())
            .then_some("検証番号が合いません。請求の前に保険者に確認してください。"),
        ..Value::of(number.printed())
    };
    Row::new(label, Some(value))
}

/// An amount, in groups of three digits: `10,000円`.
pub(super) fn yen(label: &'static str, amount: Option<u32>) -> Row {
    Row::new(
        label,
        amount.map(|amount| Value::of(grouped(amount) + "円")),
    )
}

fn grouped(amount: u32) -> String {
    let digits = amount.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// When a coverage began and when it was lost, as far as it is known.
pub(super) fn days(acquired: Option<Date>, lost: Option<Date>) -> String {
    let acquired = acquired.map_or_else(|| "取得日不明".to_owned(), |day| day.slashed() + " 取得");
    match lost {
        Some(lost) => [&acquired, "、", &lost.slashed(), " 喪失"].concat(),
        None => acquired,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn amounts_are_grouped() {
        let table = [
            (0, "0"),
            (999, "999"),
            (10_000, "10,000"),
            (1_234_567, "1,234,567"),
        ];
        for (amount, expected) in table {
            assert_eq!(grouped(amount), expected);
        }
    }

    #[wasm_bindgen_test]
    fn what_needs_a_word_gets_one() {
        let table = [("高橋　花子", false), ("●橋　花子", true)];
        for (name, expected) in table {
            let row = text("氏名", Some(&name.to_owned()));
            let has_note = row.value.is_some_and(|value| value.note.is_some());
            assert_eq!(has_note, expected, "{name}");
        }
        assert_eq!(text("氏名", Some(&String::new())).value, None);
        let table = [
            ("06130488", "06130488", false),
            ("138057", "138057", false),
            ("01130011", "01130011", true),
        ];
        for (number, printed, noted) in table {
            let row = insurer_number("保険者番号", &number.parse().unwrap());
            let value = row.value.unwrap();
            assert_eq!(
                (value.text.as_str(), value.note.is_some()),
                (printed, noted)
            );
        }
    }
}
