//! The token information, EF 0006: 160 bytes in the layout of PKCS #11's
//! `CK_TOKEN_INFO`, of which only the label at the beginning is wanted.

use super::ReadError;

/// How long the label is, in bytes.
pub(super) const LABEL_LENGTH: usize = 32;

/// Which phone carries the certificates (スマホ用電子証明書). It wants a PIN before it is
/// read, so it can't be presented here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// Android.
    Android,
    /// iPhone.
    Iphone,
}

/// Refuses everything but a My Number Card, by the label.
pub(super) fn check(label: &[u8; LABEL_LENGTH]) -> Result<(), ReadError> {
    let end = label
        .iter()
        .rposition(|byte| !matches!(byte, b' ' | 0))
        .map_or(0, |last| last + 1);
    match label.get(..end).unwrap_or_default() {
        b"JPKIAPICCTOKEN2" => Ok(()),
        b"JPKIAPICCTOKEN" => Err(ReadError::JukiCard),
        b"JPKIAPGPSETOKEN" => Err(ReadError::Phone(PhoneKind::Android)),
        b"JPKIAPIOSTOKEN" => Err(ReadError::Phone(PhoneKind::Iphone)),
        _ => Err(ReadError::UnknownToken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_tells_the_kind() {
        let table: [(&[u8], Result<(), ReadError>); 10] = [
            (b"JPKIAPICCTOKEN2", Ok(())),
            (b"JPKIAPICCTOKEN2 \0 \0", Ok(())),
            (b"JPKIAPICCTOKEN", Err(ReadError::JukiCard)),
            (
                b"JPKIAPGPSETOKEN",
                Err(ReadError::Phone(PhoneKind::Android)),
            ),
            (b"JPKIAPIOSTOKEN", Err(ReadError::Phone(PhoneKind::Iphone))),
            (b"JPKIAPICCTOKEN3", Err(ReadError::UnknownToken)),
            (b"JPKIAPICCTOKEN2 2", Err(ReadError::UnknownToken)),
            (b"jpkiapicctoken2", Err(ReadError::UnknownToken)),
            (b" JPKIAPICCTOKEN2", Err(ReadError::UnknownToken)),
            (b"", Err(ReadError::UnknownToken)),
        ];
        for (text, expected) in table {
            for padding in [b' ', 0] {
                let mut label = [padding; LABEL_LENGTH];
                label[..text.len()].copy_from_slice(text);
                assert_eq!(check(&label), expected, "{}", text.escape_ascii());
            }
        }
        assert_eq!(check(&[0xFF; LABEL_LENGTH]), Err(ReadError::UnknownToken));
    }
}
