//! Addresses: `５丁目１２番３号`, `5-12-3` and `五丁目12の3` are the same place.
//!
//! Every run of digits is followed by one `-`, whatever unit or dash stood
//! there. A run that ends what was *typed* stays open, because more digits may
//! follow in the record: typed `5丁目1` is found in `5丁目12番3号`.

use super::{characters, is_dash};

/// Folds an address from the records.
pub fn stored(text: &str) -> String {
    fold(text, false)
}

/// Folds a typed part of an address, to be found as a substring of a [`stored`] one.
pub fn typed(text: &str) -> String {
    fold(text, true)
}

/// Units that end a number, longest first. `ノ` counts only between numbers.
const UNITS: [&str; 6] = ["番地ノ", "丁目", "番地", "丁", "番", "号"];

fn fold(text: &str, open_end: bool) -> String {
    let text = kanji_blocks_to_digits(&characters(text, |_| true).collect::<String>());
    let mut folded = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        if !first.is_ascii_digit() {
            folded.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        folded.push_str(&rest[..digits]);
        let after = skip_unit(&rest[digits..]);
        let is_open = open_end && after.is_empty() && digits == rest.len();
        if !is_open {
            folded.push('-');
        }
        rest = after;
    }
    folded
}

fn skip_unit(text: &str) -> &str {
    let text = UNITS
        .iter()
        .find_map(|unit| text.strip_prefix(unit))
        .unwrap_or(text);
    let text = text.trim_start_matches(is_dash);
    match text.strip_prefix('ノ') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => text,
    }
}

/// `三丁目` → `3丁目`, `二十一丁目` → `21丁目`. Only before 丁目: elsewhere kanji
/// numerals are names (一番町, 五条).
fn kanji_blocks_to_digits(text: &str) -> String {
    let mut parts = text.split("丁目");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let start = result
            .char_indices()
            .rev()
            .take_while(|(_, c)| kanji_digit(*c).is_some() || *c == '十')
            .last()
            .map_or(result.len(), |(index, _)| index);
        if let Some(number) = kanji_number(&result[start..]) {
            result.truncate(start);
            result.push_str(&number.to_string());
        }
        result.push_str("丁目");
        result.push_str(part);
    }
    result
}

/// 一 to 九十九.
fn kanji_number(text: &str) -> Option<u32> {
    let digit = |text: &str| match text.chars().collect::<Vec<_>>().as_slice() {
        [only] => kanji_digit(*only),
        _ => None,
    };
    match text.split_once('十') {
        None => digit(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones)? };
            Some(tens * 10 + ones)
        }
    }
}

fn kanji_digit(c: char) -> Option<u32> {
    "一二三四五六七八九"
        .chars()
        .position(|digit| digit == c)
        .and_then(|place| u32::try_from(place + 1).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_typed_part_is_found_in_every_spelling() {
        let table = [
            ("東京都港区〇〇5丁目", "東京都", true),
            ("東京都港区〇〇5丁目", "港区〇〇５丁目", true),
            ("東京都港区〇〇5丁目", "〇〇5", true),
            ("東京都港区〇〇5丁目", "〇〇五丁目", true),
            ("東京都足立区皇居裏1", "皇居裏１", true),
            ("東京都足立区皇居裏1", "皇居裏1番", true),
            ("広島県広島市中区基町７丁目２６番１号", "基町7-26-1", true),
            (
                "広島県広島市中区基町７丁目２６番１号",
                "基町七丁目26番地1",
                true,
            ),
            (
                "広島県広島市中区基町７丁目２６番１号",
                "基町7丁目26の1",
                true,
            ),
            ("広島県広島市中区基町７丁目２６番１号", "基町7－26", true),
            ("広島県広島市中区基町７丁目２６番１号", "基町7丁目2", true),
            (
                "広島県広島市中区基町７丁目２６番１号",
                "基町7丁目2番",
                false,
            ),
            ("広島県広島市中区基町７丁目２６番１号", "基町72", false),
            ("基町7-26-1", "基町７丁目２６番１号", true),
            (
                "神奈川県横浜市西区みなとみらい二十一丁目3番",
                "ミナトミライ21丁目",
                true,
            ),
            ("東京都千代田区一番町3", "一番町", true),
            ("東京都千代田区霞ヶ関1-1", "霞ケ関", true),
            ("京都市中京区五条通り", "五条", true),
        ];
        for (record, part, found) in table {
            assert_eq!(
                stored(record).contains(&typed(part)),
                found,
                "{record} {part}"
            );
        }
    }

    proptest! {
        #[test]
        fn an_address_contains_itself_and_its_beginnings(
            town in "[一-龠ァ-ヶ]{1,6}", block in 1u32..99, lot in 1u32..99, house in 1u32..99,
        ) {
            let record = stored(&format!("{town}{block}丁目{lot}番{house}号"));
            for part in [
                format!("{town}{block}-{lot}-{house}"),
                format!("{town}{block}丁目{lot}番"),
                format!("{town}{block}丁目"),
                format!("{block}丁目{lot}"),
                town,
            ] {
                prop_assert!(record.contains(&typed(&part)), "{} {}", record, part);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "[0-9０-９一-十丁目番号の\\-ー ]{0,20}") {
            let _ = (stored(&text), typed(&text));
        }
    }
}
