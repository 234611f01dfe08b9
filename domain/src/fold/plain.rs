//! The quick way for names in the characters of nearly all of them: kanji, kana of either
//! width, Latin letters, digits. A country has half a thousand million names to fold.

use super::UNENCODABLE;
use super::{dash_to_long_vowel, hiragana_to_katakana, small_kana_to_large};

/// ｦ to ﾝ, in this order.
const HALF_WIDTH: [char; 56] = [
    'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ', 'エ', 'オ',
    'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ',
    'ニ', 'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ',
    'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ', 'ン',
];

/// What [`super::name`] makes of a text; `None` if that takes more than a table.
pub(super) fn name(text: &str) -> Option<String> {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        let folded = match c {
            ' ' | '　' => continue,
            '一'..='\u{9FFF}' | '0'..='9' | 'a'..='z' | '々' | '〇' | 'ー' | UNENCODABLE => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            '-' => dash_to_long_vowel(c),
            'ァ'..='ヺ' | 'ぁ'..='ゖ' => small_kana_to_large(hiragana_to_katakana(c)),
            'ｦ'..='ﾝ' => small_kana_to_large(of_half_width(c)?),
            'ﾞ' | 'ﾟ' => marked(key.pop()?, c)?,
            _ => return None,
        };
        key.push(folded);
    }
    Some(key)
}

fn of_half_width(c: char) -> Option<char> {
    let place = u32::from(c).checked_sub(u32::from('ｦ'))?;
    HALF_WIDTH.get(usize::try_from(place).ok()?).copied()
}

/// A kana with the mark that follows it, where both are one character.
fn marked(kana: char, mark: char) -> Option<char> {
    let further = match (kana, mark) {
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', 'ﾟ') => 2,
        ('ウ', 'ﾞ') => return Some('ヴ'),
        ('ワ' | 'ヰ' | 'ヱ' | 'ヲ', 'ﾞ') => 8,
        (kana, 'ﾞ') if "カキクケコサシスセソタチツテトハヒフヘホ".contains(kana) => {
            1
        }
        _ => return None,
    };
    char::from_u32(u32::from(kana) + further)
}
