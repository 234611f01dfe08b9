//! The trail as a file for people and their spreadsheets.

use std::borrow::Cow;
use std::io::Write;

use domain::account::Role;
use domain::audit::{Action, Record, outcome_label};

/// What a spreadsheet needs to read UTF-8 as such.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

const COLUMNS: [&str; 11] = [
    "番号",
    "日時",
    "ユーザID",
    "役割",
    "医療機関コード",
    "操作",
    "操作コード",
    "対象者ID",
    "端末",
    "結果",
    "問い合わせ番号",
];

/// Writes the names of the columns.
pub(crate) fn write_header(csv: &mut csv::Writer<impl Write>) -> csv::Result<()> {
    csv.write_record(COLUMNS)
}

/// Writes one line.
pub(crate) fn write_record(csv: &mut csv::Writer<impl Write>, record: &Record) -> csv::Result<()> {
    let action = record.action.parse::<Action>().ok();
    let role = record.role.as_deref().unwrap_or_default();
    let person = record
        .person_id
        .map_or_else(String::new, |id| id.to_string());
    let fields = [
        Cow::from(record.sequence.to_string()),
        record.at.tokyo_iso().into(),
        text(record.user_id.as_deref()),
        role.parse().map_or(role, |role: Role| role.label()).into(),
        text(record.medical_institution_code.as_deref()),
        action
            .map_or(record.action.as_str(), |action| action.label())
            .into(),
        text(Some(&record.action)),
        person.into(),
        text(record.device.as_deref()),
        plain(outcome_label(action, record.outcome.as_deref().unwrap_or_default()).into()),
        text(record.request_id.as_deref()),
    ];
    csv.write_record(fields.iter().map(|field| field.as_bytes()))
}

fn text(text: Option<&str>) -> Cow<'_, str> {
    plain(text.unwrap_or_default().into())
}

/// Keeps a spreadsheet from taking a text for a formula.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}").into()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula() {
        let table = [
            ("=1+1", "'=1+1"),
            ("-x", "'-x"),
            ("@x", "'@x"),
            ("a=b", "a=b"),
            ("", ""),
        ];
        for (input, expected) in table {
            assert_eq!(text(Some(input)), expected);
        }
    }
}
