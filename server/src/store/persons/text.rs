//! Texts of registers in few bytes, every text without loss.
//!
//! Kanji and full-width kana take two bytes and half-width kana one, as in Shift_JIS;
//! what neither has takes four. UTF-8 would take three for nearly every character, which
//! is a third of a store. (SCSU and BOCU-1, made for the same, have no kept library.)

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::bytes::{Input, Malformed, Output};

/// How a text is written: the low bits of its head; the others are a length.
const CHARACTERS: u64 = 0;
/// Digits and hyphens, two a byte.
const DIGITS: u64 = 1;
/// Upper-case hexadecimal, two a byte.
const HEXADECIMAL: u64 = 2;
/// [`CARD`] and a digest in base64.
const DIGEST: u64 = 3;
/// No digits: the text before once more.
const REPEATED: u64 = DIGITS;

/// What identifiers that were made of a card's numbers begin with.
const CARD: &str = "card:";

const DIGIT_SET: &[u8; 16] = b"0123456789-_/. +";
const HEXADECIMAL_SET: &[u8; 16] = b"0123456789ABCDEF";

pub(super) fn pack(text: &str, to: &mut Output) {
    let begin = to.bytes.len();
    if let Some(digest) = digest(text) {
        head(to, digest.len(), DIGEST);
        to.bytes.extend_from_slice(&digest);
    } else if is_of(text, DIGIT_SET) {
        head(to, text.len(), DIGITS);
        halves(text, DIGIT_SET, &mut to.bytes);
    } else if is_of(text, HEXADECIMAL_SET) {
        head(to, text.len(), HEXADECIMAL);
        halves(text, HEXADECIMAL_SET, &mut to.bytes);
    } else {
        characters(text, to);
    }
    let (from, until) = to.text;
    let is_repeated = to.bytes.get(from..until) == to.bytes.get(begin..) && from < until;
    if is_repeated {
        to.bytes.truncate(begin);
        to.number(REPEATED);
    } else {
        to.text = (begin, to.bytes.len());
    }
}

pub(super) fn unpack(from: &mut Input<'_>) -> Result<String, Malformed> {
    let begin = from.rest();
    let head = from.number()?;
    if head == REPEATED {
        let before = from.text;
        return unpack_once(&mut Input::new(before));
    }
    let mut again = Input::new(begin);
    let text = unpack_once(&mut again)?;
    let taken = begin.len() - again.rest().len();
    from.text = begin.get(..taken).ok_or(Malformed)?;
    from.take(taken - (begin.len() - from.rest().len()))?;
    Ok(text)
}

fn unpack_once(from: &mut Input<'_>) -> Result<String, Malformed> {
    let head = from.number()?;
    let length = usize::try_from(head >> 2).map_err(|_| Malformed)?;
    match head & 3 {
        DIGITS if length > 0 => joined(from, length, DIGIT_SET),
        HEXADECIMAL => joined(from, length, HEXADECIMAL_SET),
        DIGEST => {
            let digest = URL_SAFE_NO_PAD.encode(from.take(length)?);
            Ok([CARD, &digest].concat())
        }
        CHARACTERS => uncharacters(from.take(length)?),
        _ => Err(Malformed),
    }
}

fn head(to: &mut Output, length: usize, kind: u64) {
    to.number((length as u64) << 2 | kind);
}

fn digest(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.strip_prefix(CARD)?).ok()
}

/// Whether halves of bytes are enough, and fewer than characters would take.
fn is_of(text: &str, set: &[u8; 16]) -> bool {
    text.len() > 1 && text.bytes().all(|byte| set.contains(&byte))
}

fn halves(text: &str, set: &[u8; 16], to: &mut Vec<u8>) {
    let half = |byte: &u8| set.iter().position(|one| one == byte).unwrap_or_default();
    for pair in text.as_bytes().chunks(2) {
        let (first, second) = (half(&pair[0]), pair.get(1).map_or(0, half));
        to.extend(u8::try_from(first << 4 | second));
    }
}

fn joined(from: &mut Input<'_>, length: usize, set: &[u8; 16]) -> Result<String, Malformed> {
    let bytes = from.take(length.div_ceil(2))?;
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    let letter = |half: u8| char::from(set[usize::from(half)]);
    Ok(halves.take(length).map(letter).collect())
}

/// Half-width kana: one byte each from here.
const HALF_WIDTH: u32 = 0xFF61;
const LAST_HALF_WIDTH: u32 = 0xFF9F;
const HALF_WIDTH_BYTE: u8 = 0x80;

/// First, last, and the place from which a block's characters are two bytes.
const BLOCKS: [(u32, u32, u32); 4] = [
    (0x3000, 0x30FF, 0),
    (0xFF00, 0xFF60, 0x100),
    (0x4E00, 0x9FFF, 0x200),
    (0x2000, 0x2AFF, 0x5400),
];

/// The first of two bytes is one of those that nothing else begins with: 0x01 to 0x1F,
/// then 0xBF to 0xFF.
const LOW_LEADS: u32 = 0x1F;
const FIRST_HIGH_LEAD: u32 = 0xBF;

/// Three bytes of code point follow.
const OTHER: u8 = 0;

fn characters(text: &str, to: &mut Output) {
    let length: usize = text.chars().map(|c| width(u32::from(c))).sum();
    head(to, length, CHARACTERS);
    for c in text.chars() {
        let code = u32::from(c);
        match code {
            0x20..=0x7E => to.bytes.extend(u8::try_from(code)),
            HALF_WIDTH..=LAST_HALF_WIDTH => {
                let place = u8::try_from(code - HALF_WIDTH).unwrap_or_default();
                to.bytes.push(HALF_WIDTH_BYTE + place);
            }
            _ => {
                if let Some(place) = place(code) {
                    let lead = match place >> 8 {
                        low @ ..LOW_LEADS => low + 1,
                        high => high - LOW_LEADS + FIRST_HIGH_LEAD,
                    };
                    to.bytes.extend(u8::try_from(lead));
                    to.bytes.push(place.to_le_bytes()[0]);
                } else {
                    let [_, bytes @ ..] = code.to_be_bytes();
                    to.bytes.push(OTHER);
                    to.bytes.extend(bytes);
                }
            }
        }
    }
}

fn width(code: u32) -> usize {
    match code {
        0x20..=0x7E | HALF_WIDTH..=LAST_HALF_WIDTH => 1,
        code if place(code).is_some() => 2,
        _ => 4,
    }
}

fn place(code: u32) -> Option<u32> {
    let mut blocks = BLOCKS.iter();
    let (first, _, place) = blocks.find(|(first, last, _)| (*first..=*last).contains(&code))?;
    Some(code - first + place)
}

fn uncharacters(bytes: &[u8]) -> Result<String, Malformed> {
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut bytes = bytes.iter().map(|byte| u32::from(*byte));
    let mut next = |text: &mut String| -> Result<bool, Malformed> {
        let Some(first) = bytes.next() else {
            return Ok(false);
        };
        let mut follow = || bytes.next().ok_or(Malformed);
        let code = match first {
            0x20..=0x7E => first,
            0x80..=0xBE => first - u32::from(HALF_WIDTH_BYTE) + HALF_WIDTH,
            0 => follow()? << 16 | follow()? << 8 | follow()?,
            0x01..=0x1F => code_of((first - 1) << 8 | follow()?)?,
            FIRST_HIGH_LEAD.. => code_of((first - FIRST_HIGH_LEAD + LOW_LEADS) << 8 | follow()?)?,
            _ => return Err(Malformed),
        };
        text.push(char::from_u32(code).ok_or(Malformed)?);
        Ok(true)
    };
    while next(&mut text)? {}
    Ok(text)
}

fn code_of(place: u32) -> Result<u32, Malformed> {
    let mut blocks = BLOCKS.iter().rev();
    let holds = |block: &&(u32, u32, u32)| {
        let (first, last, begin) = **block;
        (begin..=begin + (last - first)).contains(&place)
    };
    let (first, _, begin) = blocks.find(holds).ok_or(Malformed)?;
    Ok(place - begin + first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(texts: &[&str]) -> Vec<u8> {
        let mut output = Output::default();
        for text in texts {
            pack(text, &mut output);
        }
        output.bytes
    }

    #[test]
    fn texts_of_registers_are_small() {
        for (text, bytes) in [
            ("", 1),
            ("0", 2),
            ("123-4567", 5),
            ("ｼﾝﾊﾞｼ ﾀﾛｳ", 10),
            ("新橋　太郎", 11),
            ("髙﨑●〇Ⅲ①𠮷", 19),
            ("0A1B2C3D", 5),
            ("東京都港区芝5丁目", 18),
        ] {
            assert_eq!(packed(&[text]).len(), bytes, "{text}");
        }
        let card = format!("card:{}", "A".repeat(43));
        assert_eq!(packed(&[&card]).len(), 34);
        assert_eq!(
            packed(&["新橋　太郎", "新橋　太郎", "新橋　太郎"]).len(),
            13
        );
    }

    #[test]
    fn what_was_never_written_is_refused() {
        for bytes in [
            &[][..],
            &[1],
            &[8],
            &[4, 0x7F],
            &[4, 0],
            &[16, 0, 0x11, 0, 0],
            &[8, 0xFF, 0xFF],
            &[0x80],
        ] {
            assert!(unpack(&mut Input::new(bytes)).is_err(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(
            texts in prop::collection::vec(
                prop_oneof![any::<String>(), "[ｦ-ﾟ一-龥ァ-ヶ●Ａ-ｚ]{0,20}", "[0-9A-F-]{0,9}", "card:[A-Za-z0-9_-]{0,44}"],
                1..6,
            ),
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let bytes = packed(&texts);
            let mut input = Input::new(&bytes);
            for text in texts {
                prop_assert_eq!(unpack(&mut input).unwrap(), text);
            }
            prop_assert!(input.is_empty());
        }
    }
}
