//! 請求の案内 as it is shown.

use leptos::prelude::*;

/// 保険者番号 has so many digits.
const NUMBER_DIGITS: usize = 8;

/// A text in its lines, with 保険者番号 that are selected by one click.
#[component]
pub(super) fn Words(text: String) -> impl IntoView {
    let pieces = pieces(&text).into_iter().map(|(piece, is_number)| {
        if is_number {
            view! { <code>{piece}</code> }.into_any()
        } else {
            piece.into_any()
        }
    });
    view! { <p class="fallback__words">{pieces.collect_view()}</p> }
}

/// A text in pieces, and which of them are numbers of eight digits.
fn pieces(text: &str) -> Vec<(String, bool)> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit())
        .map(|piece| {
            let is_number = piece.len() == NUMBER_DIGITS && piece.iter().all(char::is_ascii_digit);
            (piece.iter().collect(), is_number)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::claim_guidance::STANDARD;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn numbers_of_eight_digits_are_found_and_nothing_is_lost() {
        let table: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("番号", &[]),
            ("77777777", &["77777777"]),
            ("番号は77777777か\n77777779", &["77777777", "77777779"]),
            ("1234567、123456789", &[]),
            (STANDARD, &["77777777", "77777779"]),
        ];
        for (text, expected) in table {
            let pieces = pieces(text);
            let numbers = pieces.iter().filter(|(_, is_number)| *is_number);
            let numbers: Vec<_> = numbers.map(|(piece, _)| piece.as_str()).collect();
            assert_eq!(numbers, expected);
            let all: Vec<_> = pieces.iter().map(|(piece, _)| piece.as_str()).collect();
            assert_eq!(all.concat(), text);
        }
    }
}
