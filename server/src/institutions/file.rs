//! A file of institutions: CSV in UTF-8 or Shift_JIS, as files of insured persons are.

use std::collections::HashMap;

use csv::{ByteRecord, ReaderBuilder};
use domain::identifier::MedicalInstitutionCode;
use protocol::http::RefusedRow;

use crate::import::Encoding;
use crate::store::Registration;

/// The columns, in any order.
const COLUMNS: [&str; 4] = ["医療機関コード", "医療機関名", "電話番号", "メールアドレス"];

/// The most rows that are told of as refused.
const MOST_REFUSED: usize = 1_000;

/// All rows, or those that can't be taken.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Registration>, Vec<RefusedRow>> {
    let encoding = Encoding::detect(bytes);
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut records = reader.byte_records();
    let header = match records.next() {
        Some(Ok(record)) => record,
        Some(Err(_)) | None => ByteRecord::new(),
    };
    let columns = Columns::of(&header, encoding).map_err(|message| vec![refused(1, message)])?;
    let mut file = File {
        encoding,
        columns,
        lines: HashMap::new(),
    };
    let mut rows = Vec::new();
    let mut refusals = Vec::new();
    for record in records {
        let Ok(record) = record else {
            continue;
        };
        let line = record.position().map_or(0, |start| line(bytes, start));
        match file.row(&record, line) {
            Ok(row) => rows.push(row),
            Err(message) => refusals.push(refused(line, message)),
        }
    }
    if rows.is_empty() && refusals.is_empty() {
        refusals.push(refused(1, "医療機関の行がありません".to_owned()));
    }
    refusals.truncate(MOST_REFUSED);
    if refusals.is_empty() {
        Ok(rows)
    } else {
        Err(refusals)
    }
}

/// The line in which a row begins: the library counts from the empty lines before it.
fn line(bytes: &[u8], start: &csv::Position) -> u64 {
    let from = usize::try_from(start.byte()).unwrap_or(usize::MAX);
    let ahead = bytes.get(from..).unwrap_or_default().iter();
    let empty = ahead.take_while(|byte| matches!(byte, b'\r' | b'\n'));
    start.line() + empty.filter(|byte| **byte == b'\n').count() as u64
}

const fn refused(line: u64, message: String) -> RefusedRow {
    RefusedRow { line, message }
}

/// Where each of [`COLUMNS`] is.
struct Columns([usize; 4]);

impl Columns {
    fn of(header: &ByteRecord, encoding: Encoding) -> Result<Self, String> {
        let wanted = || {
            format!(
                "1行目を見出し「{}」にして、UTF-8かShift_JISで保存してください",
                COLUMNS.join(",")
            )
        };
        let names: Option<Vec<_>> = header.iter().map(|field| encoding.decode(field)).collect();
        let names = names.ok_or_else(wanted)?;
        let place = |column: &str| names.iter().position(|name| name.trim() == column);
        let places = COLUMNS.map(place);
        match places {
            [Some(code), Some(name), Some(telephone), Some(email)] if names.len() == 4 => {
                Ok(Self([code, name, telephone, email]))
            }
            _ => Err(wanted()),
        }
    }
}

/// What is known of a file before a row.
struct File {
    encoding: Encoding,
    columns: Columns,
    /// In which line a code stood.
    lines: HashMap<MedicalInstitutionCode, u64>,
}

impl File {
    fn row(&mut self, record: &ByteRecord, line: u64) -> Result<Registration, String> {
        if record.len() != COLUMNS.len() {
            return Err(format!("列の数が{}ではありません", COLUMNS.len()));
        }
        let field = |place: usize| {
            let text = record.get(self.columns.0[place]).unwrap_or_default();
            let text = self.encoding.decode(text);
            let unreadable = || format!("{}：文字を読み取れません", COLUMNS[place]);
            text.ok_or_else(unreadable)
        };
        let [code, name, telephone, email] = [field(0)?, field(1)?, field(2)?, field(3)?];
        let code: MedicalInstitutionCode =
            (code.parse()).map_err(|error| format!("{}：{error}", COLUMNS[0]))?;
        if let Some(before) = self.lines.insert(code.clone(), line) {
            return Err(format!("{before}行目と同じ医療機関コードです"));
        }
        super::parse(code, &name, &telephone, &email).map_err(|violations| {
            let label = |field: &str| match field {
                "name" => COLUMNS[1],
                "telephone" => COLUMNS[2],
                _ => COLUMNS[3],
            };
            let messages: Vec<_> = violations
                .iter()
                .map(|one| format!("{}：{}", label(&one.field), one.message))
                .collect();
            messages.join("、")
        })
    }
}
