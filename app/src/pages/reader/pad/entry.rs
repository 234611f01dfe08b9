//! Digits behind dots, as plain functions.

/// Stands for a digit that is hidden.
pub(super) const DOT: char = '●';

/// The digits as they are shown: the last one for a moment, the others never.
pub(super) fn masked(digits: &str, shows_last: bool) -> String {
    let hidden = digits.len().saturating_sub(usize::from(shows_last));
    let last = digits.get(hidden..).unwrap_or_default();
    let dots = std::iter::repeat_n(DOT, hidden);
    dots.chain(last.chars()).collect()
}

/// The digits after the field was changed by hand: a dot in it is the digit that stood
/// there, digits of any width are taken, anything else is not.
pub(super) fn edited(digits: &str, shown: &str, most: usize) -> String {
    let known = digits.as_bytes();
    let digit = |(place, character): (usize, char)| match character {
        DOT => known.get(place).map(|digit| char::from(*digit)),
        '0'..='9' => Some(character),
        // Full-width digits, as an input method writes them.
        '０'..='９' => char::from_u32(u32::from(character) - 0xFEE0),
        _ => None,
    };
    shown
        .chars()
        .enumerate()
        .filter_map(digit)
        .take(most)
        .collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn only_the_last_digit_is_seen_and_only_for_a_moment() {
        let table = [
            ("", true, ""),
            ("4", true, "4"),
            ("42", true, "●2"),
            ("0427", true, "●●●7"),
            ("0427", false, "●●●●"),
        ];
        for (digits, shows_last, expected) in table {
            assert_eq!(masked(digits, shows_last), expected, "{digits}");
        }
    }

    #[wasm_bindgen_test]
    fn what_is_typed_pasted_or_deleted_is_understood() {
        let table = [
            ("", "4", "4"),
            ("4", "●2", "42"),
            ("42", "●", "4"),
            ("42", "", ""),
            ("", "0427", "0427"),
            ("", "04 27", "0427"),
            ("", "０４２７", "0427"),
            ("0427", "●●●●9", "0427"),
            ("04", "●x●", "0"),
            ("", "あ", ""),
        ];
        for (digits, shown, expected) in table {
            assert_eq!(edited(digits, shown, 4), expected, "{digits} {shown}");
        }
    }
}
