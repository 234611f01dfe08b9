//! The outcome as a file for spreadsheets: CSV (RFC 4180), UTF-8 with a byte order mark.

use domain::code::Sex;

use super::entry::{Found, Note, State};
use crate::text;
use domain::timestamp::Timestamp;

/// The columns.
const HEAD: [&str; 18] = [
    "控えた日時（端末の時計）",
    "状態",
    "氏名",
    "氏名（カナ）",
    "生年月日",
    "性別",
    "住所",
    "保険者名",
    "資格確認日",
    "備考",
    "確認した氏名",
    "確認した生年月日",
    "資格の有効性",
    "確認した保険者名",
    "保険者番号",
    "記号",
    "番号",
    "枝番",
];

/// A note that was opened, for its line.
pub(crate) struct Line<'a> {
    pub(crate) written_at: i64,
    pub(crate) state: State,
    pub(crate) note: &'a Note,
    pub(crate) found: Option<&'a Found>,
}

/// The whole file.
pub(crate) fn file<'a>(lines: impl Iterator<Item = Line<'a>>) -> String {
    let mut file = "\u{feff}".to_owned();
    record(&mut file, &HEAD);
    for line in lines {
        let form = &line.note.form;
        let written = text::moment(Timestamp::from_unix_milliseconds(line.written_at));
        let sex = form.sex1.parse::<Sex>().map_or("", Sex::label);
        let found = |part: fn(&Found) -> &String| line.found.map_or("", |found| part(found));
        record(
            &mut file,
            &[
                &written,
                line.state.label(),
                &form.name,
                &form.name_kana,
                &form.birthdate,
                sex,
                &form.address,
                &form.insurer_name,
                &form.qualification_confirmation_date,
                &line.note.remark,
                found(|found| &found.name),
                found(|found| &found.birthdate),
                found(|found| &found.validity),
                found(|found| &found.insurer_name),
                found(|found| &found.insurer_number),
                found(|found| &found.symbol),
                found(|found| &found.number),
                found(|found| &found.branch),
            ],
        );
    }
    file
}

fn record(file: &mut String, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            file.push(',');
        }
        file.push('"');
        // Keeps a spreadsheet from taking a text for a formula.
        if field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
            file.push('\'');
        }
        file.push_str(&field.replace('"', "\"\""));
        file.push('"');
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn no_text_is_a_formula_and_none_leaves_its_field() {
        let table = [
            ("=1+1", "\"'=1+1\"\r\n"),
            ("-x", "\"'-x\"\r\n"),
            ("@x", "\"'@x\"\r\n"),
            ("＝1", "\"'＝1\"\r\n"),
            ("a=b", "\"a=b\"\r\n"),
            ("a\"b,c\nd", "\"a\"\"b,c\nd\"\r\n"),
            ("", "\"\"\r\n"),
        ];
        for (field, expected) in table {
            let mut file = String::new();
            record(&mut file, &[field]);
            assert_eq!(file, expected);
        }
    }

    #[wasm_bindgen_test]
    fn a_line_has_what_was_typed_and_what_was_found() {
        let mut note = Note::default();
        note.form.name = "新橋 太郎".to_owned();
        note.form.sex1 = Sex::Male.code().to_owned();
        note.remark = "初診".to_owned();
        let found = Found {
            name: "新橋　太郎".to_owned(),
            birthdate: "1985/04/01".to_owned(),
            validity: "有効".to_owned(),
            insurer_name: "架空健康保険組合".to_owned(),
            insurer_number: "06139992".to_owned(),
            symbol: "１２".to_owned(),
            number: "345".to_owned(),
            branch: "01".to_owned(),
            address: None,
            at: 0,
        };
        let line = |found| Line {
            written_at: 1_616_684_400_000,
            state: State::Confirmed,
            note: &note,
            found,
        };
        let text = file([line(Some(&found)), line(None)].into_iter());
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines.len(), 4, "a head, two lines, an end");
        assert!(lines[0].starts_with("\u{feff}\"控えた日時"));
        for line in &lines[..3] {
            assert_eq!(line.split("\",\"").count(), HEAD.len());
        }
        assert_eq!(
            lines[1],
            "\"2021/03/26 00:00\",\"確認済\",\"新橋 太郎\",\"\",\"\",\"男\",\"\",\"\",\"\",\"初診\",\
             \"新橋　太郎\",\"1985/04/01\",\"有効\",\"架空健康保険組合\",\"06139992\",\"１２\",\"345\",\"01\""
        );
    }
}
