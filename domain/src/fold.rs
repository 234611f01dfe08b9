//! Folding: what is typed and what is stored are brought to the same form, so
//! that an exact match is one that a person would call exact.
//!
//! Width, spaces, hiragana or katakana, small kana and variation selectors do
//! not tell two names apart; variant kanji do ([`variants()`] folds those too). `facts/domain.md` §1.1 has the
//! complaints behind each rule: registered kana often has large kana only, and
//! a character that could not be encoded is stored as [`UNENCODABLE`].
//!
//! Runs on the server only: the Unicode tables would make the page a third larger.

mod address;
mod plain;
mod variants;

use unicode_normalization::UnicodeNormalization;

pub use address::{stored as stored_address, typed as typed_address};
pub use variants::{variant_of, variants};

/// Stands in a stored name for one character that could not be encoded.
pub const UNENCODABLE: char = '●';

/// Folds a name, its kana, or an insurer's name.
pub fn name(text: &str) -> String {
    plain::name(text).unwrap_or_else(|| any_name(text))
}

/// The rule, for every text.
fn any_name(text: &str) -> String {
    characters(text, |c| !separates(c))
        .map(dash_to_long_vowel)
        .collect()
}

/// Whether a stored key equals a typed one; a stored ● equals any one character.
pub fn matches_exactly(stored: &str, typed: &str) -> bool {
    let mut typed = typed.chars();
    stored
        .chars()
        .all(|s| typed.next().is_some_and(|t| s == t || s == UNENCODABLE))
        && typed.next().is_none()
}

/// NFKC, without white space, variation selectors and what `keep` refuses, in
/// large katakana and lower case. Normalised once more at the end: what was taken
/// out may have stood between a letter and its mark.
fn characters(text: &str, keep: fn(char) -> bool) -> impl Iterator<Item = char> {
    text.nfkc()
        .filter(move |c| !c.is_whitespace() && !is_variation_selector(*c) && keep(*c))
        .map(hiragana_to_katakana)
        .map(small_kana_to_large)
        .flat_map(char::to_lowercase)
        .nfkc()
}

const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}')
}

/// What stands between or in the parts of foreign names, and is written or left
/// out as the form's writer likes: middle dots, apostrophes, commas, full stops.
const fn separates(c: char) -> bool {
    matches!(
        c,
        '・' | '·'
            | '‧'
            | '•'
            | '∙'
            | '\''
            | '’'
            | '‘'
            | 'ʼ'
            | '`'
            | '´'
            | ','
            | '、'
            | '.'
            | '。'
    )
}

/// A hyphen, minus or dash of any kind, or the long vowel mark.
const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | '─' | '━'
    )
}

/// In a name a dash is a long vowel mark that came from another key.
const fn dash_to_long_vowel(c: char) -> char {
    if is_dash(c) { 'ー' } else { c }
}

fn hiragana_to_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        c => c,
    }
}

const fn small_kana_to_large(c: char) -> char {
    match c {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_fold_together() {
        let table: &[(&str, &[&str])] = &[
            (
                "シンバシタロウ",
                &["ｼﾝﾊﾞｼ ﾀﾛｳ", "シンバシ　タロウ", "しんばし たろう", "ｼﾝﾊﾞｼﾀﾛｳ"],
            ),
            (
                "シヨウイチ",
                &["ショウイチ", "しょういち", "ｼｮｳｲﾁ", "シヨウイチ"],
            ),
            ("リユウノスケ", &["リュウノスケ", "ﾘｭｳﾉｽｹ"]),
            ("新橋太郎", &["新橋　太郎", " 新橋 太郎 ", "新橋太郎"]),
            ("辻", &["辻\u{E0100}", "辻\u{FE00}"]),
            (
                "johnsmith",
                &["ＪＯＨＮ・ＳＭＩＴＨ", "John Smith", "john･smith"],
            ),
            ("ガ", &["が", "ｶﾞ", "か゛", "カ ゙", "ヵ・゙"]),
            ("リー", &["リー", "ﾘｰ", "リ−", "リ－", "リ‐"]),
            // Foreign names: Latin letters with marks, middle dots of every kind, apostrophes.
            (
                "nguyễnthịminhkhai",
                &["NGUYỄN THỊ MINH KHAI", "Nguyễn Thị Minh・Khai"],
            ),
            (
                "マリアガルシアロペス",
                &[
                    "マリア・ガルシア・ロペス",
                    "ﾏﾘｱ･ｶﾞﾙｼｱ･ﾛﾍﾟｽ",
                    "マリア　ガルシア　ロペス",
                ],
            ),
            (
                "obrienpatrickjr",
                &[
                    "O'Brien, Patrick Jr.",
                    "Ｏ’ＢＲＩＥＮ　ＰＡＴＲＩＣＫ　ＪＲ",
                ],
            ),
            ("金", &["金", "\u{F90A}", "金\u{E0101}"]),
            // Names of one character, or of one in all.
            ("呉", &["呉", " 呉 "]),
            ("o", &["O", "ｏ"]),
        ];
        for (key, spellings) in table {
            for spelling in *spellings {
                assert_eq!(name(spelling), *key, "{spelling}");
            }
        }
    }

    #[test]
    fn folding_twice_changes_nothing_where_marks_move() {
        for text in ["\u{1e008}¸", "ッ\u{3099}", "e ´", "İ"] {
            assert_eq!(name(&name(text)), name(text), "{text}");
        }
    }

    #[test]
    fn variant_kanji_stay_apart() {
        for (one, other) in [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("𠮷田", "吉田"),
            ("渡邊", "渡辺"),
        ] {
            assert_ne!(name(one), name(other));
        }
    }

    #[test]
    fn a_stored_black_circle_is_any_one_character() {
        let table = [
            ("●藤葵", "佐藤葵", true),
            ("●藤葵", "藤葵", false),
            ("●藤葵", "佐佐藤葵", false),
            ("小●涼", "小林涼", true),
            ("佐藤葵", "●藤葵", false),
            ("●", "𠮷", true),
            ("佐藤葵", "佐藤", false),
        ];
        for (stored, typed, expected) in table {
            assert_eq!(matches_exactly(stored, typed), expected, "{stored} {typed}");
        }
    }

    #[test]
    fn the_quick_way_knows_every_character_as_the_rule_does() {
        let before = ["", "カ", "ハ", "ワ", "か", "ｦ", "ゥ", "々"];
        for c in ('\0'..='\u{FFFF}').filter(|c| !c.is_control()) {
            for before in before {
                let text = format!("{before}{c}");
                let quick = plain::name(&text);
                assert!(quick.is_none_or(|key| key == any_name(&text)), "{text}");
            }
        }
        for text in ["髙橋　葵", "ｼﾝﾊﾞｼ ﾀﾛｳ", "ヴァーノン スミス", "●々木　Anna"]
        {
            assert!(plain::name(text).is_some(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_folds_alike(text in "[ぁ-ゖァ-ー一-三々〇●ｦ-ﾟA-Za-z0-9 　-]{0,12}") {
            let quick = plain::name(&text);
            prop_assert!(quick.is_none_or(|key| key == any_name(&text)));
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,30}") {
            let once = name(&text);
            prop_assert_eq!(name(&once), once.clone());
        }

        #[test]
        fn spaces_and_kana_kind_do_not_matter(text in "[ぁ-ゖ]{1,12}", at in 0usize..12) {
            let katakana: String = text.chars().map(hiragana_to_katakana).collect();
            let place = text.chars().count().min(at);
            let spaced: String =
                text.chars().take(place).chain(['　']).chain(text.chars().skip(place)).collect();
            prop_assert_eq!(name(&text), name(&katakana));
            prop_assert_eq!(name(&text), name(&spaced));
        }
    }
}
