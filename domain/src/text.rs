//! Free text at the edge: trimmed, bounded, without control characters.

use thiserror::Error;

/// Why a text is refused. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextError {
    /// Longer than the field allows.
    #[error("{most}文字以内で入力してください")]
    TooLong {
        /// The greatest number of characters (Unicode scalar values).
        most: usize,
    },
    /// Contains a control character, which no keyboard gives and no record has.
    #[error("使用できない文字（制御文字）が含まれています。入力し直してください")]
    ControlCharacter,
}

/// Trims white space (full-width too) and checks what is left; nothing left is `None`.
pub fn optional(text: &str, most: usize) -> Result<Option<String>, TextError> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(TextError::ControlCharacter);
    }
    if text.chars().count() > most {
        return Err(TextError::TooLong { most });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_bounds_and_refuses() {
        let table = [
            ("", Ok(None)),
            (" 　 ", Ok(None)),
            ("　新橋　太郎 ", Ok(Some("新橋　太郎".to_owned()))),
            ("12345", Ok(Some("12345".to_owned()))),
            ("123456", Err(TextError::TooLong { most: 5 })),
            ("a\0b", Err(TextError::ControlCharacter)),
            ("a\u{85}b", Err(TextError::ControlCharacter)),
        ];
        for (text, expected) in table {
            let most = if text.contains('新') { 100 } else { 5 };
            assert_eq!(optional(text, most), expected, "{text:?}");
        }
    }
}
