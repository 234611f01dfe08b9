//! The searches: of persons in the file, as people at a counter type them.
//!
//! Seven of ten by kana, the others by kanji; one half with the beginning of the
//! address, the other with an inner part of the insurer's name; one of ten is nobody.

use anyhow::{Context as _, Result, ensure};

/// The file's columns that a search needs.
struct Columns {
    name: usize,
    kana: usize,
    sex: usize,
    birthdate: usize,
    address: usize,
    insurer: usize,
}

impl Columns {
    fn of(header: &str) -> Result<Self> {
        let place = |name: &str| {
            let place = header.split(',').position(|column| column == name);
            place.with_context(|| format!("the file has no column {name}"))
        };
        Ok(Self {
            name: place("Name")?,
            kana: place("NameKana")?,
            sex: place("Sex1")?,
            birthdate: place("Birthdate")?,
            address: place("Address")?,
            insurer: place("InsurerName")?,
        })
    }
}

/// So many searches on `day`, as JSON, of persons in a file's lines; the same ones each time.
pub(super) fn questions(csv: &str, day: &str, count: usize) -> Result<Vec<String>> {
    // Then fields are what is between commas, and need no escaping in JSON.
    ensure!(!csv.contains(['"', '\\']), "the file has quotes");
    let mut lines = csv.lines();
    let columns = Columns::of(lines.next().unwrap_or_default())?;
    let rows: Vec<&str> = lines.collect();
    ensure!(!rows.is_empty(), "the file is empty");
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let questions = (0..count).map(|_| {
        let row: Vec<&str> = rows[numbers.below(rows.len())].split(',').collect();
        question(&row, &columns, day, &mut numbers)
    });
    Ok(questions.collect())
}

fn question(row: &[&str], columns: &Columns, day: &str, numbers: &mut Numbers) -> String {
    let text = |place: usize| row.get(place).copied().unwrap_or_default();
    let is_nobody = numbers.below(10) == 0;
    let suffix = if is_nobody { "ヰ" } else { "" };
    // Nobody types ●.
    let by_kana = numbers.below(10) < 7 || text(columns.name).contains('●');
    let (name, kana) = if by_kana {
        (String::new(), format!("{}{suffix}", text(columns.kana)))
    } else {
        (format!("{}{suffix}", text(columns.name)), String::new())
    };
    let by_address = numbers.below(2) == 0 && !text(columns.address).is_empty();
    let (address, insurer) = if by_address {
        (
            text(columns.address).chars().take(6).collect(),
            String::new(),
        )
    } else {
        (
            String::new(),
            text(columns.insurer)
                .chars()
                .skip(1)
                .take(5)
                .collect::<String>(),
        )
    };
    let address: String = address;
    let (sex, birthdate) = (text(columns.sex), text(columns.birthdate));
    format!(
        r#"{{"name":"{name}","name_kana":"{kana}","birthdate":"{birthdate}","sex1":"{sex}","address":"{address}","insurer_name":"{insurer}","qualification_confirmation_date":"{day}"}}"#
    )
}

/// Xorshift: even enough to choose rows, and the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % end as u64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_of_the_files_persons() {
        let csv = "InsurerName,Name,NameKana,Sex1,Birthdate,Address\n\
                   架空電機健康保険組合,新●　太郎,ｼﾝﾊﾞｼ ﾀﾛｳ,1,20210326,東京都港区〇〇5丁目\n";
        let all = questions(csv, "2026-11-22", 100).unwrap();
        assert_eq!(all, questions(csv, "2026-11-22", 100).unwrap());
        let count = |part: &str| all.iter().filter(|json| json.contains(part)).count();
        assert_eq!(count("●"), 0);
        assert_eq!(count(r#""name_kana":"ｼﾝﾊﾞｼ ﾀﾛｳ"#), 100);
        assert!((3..20).contains(&count("ヰ")));
        assert!((30..70).contains(&count(r#""address":"東京都港区〇""#)));
        assert_eq!(
            count(r#""insurer_name":"空電機健康""#),
            100 - count(r#""address":"東京都港区〇""#)
        );
    }
}
