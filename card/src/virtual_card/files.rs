//! The files of the JPKI application: what is in them, and who may read it.

use super::profile::TokenLabel;

/// What SELECT can find.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) access: Access,
}

/// What a file holds, by who may have it.
#[derive(Debug, Clone)]
pub(super) enum Access {
    /// Anybody reads it.
    Free(Vec<u8>),
    /// Only after the password for signatures: never.
    Password,
    /// A key, which nobody reads.
    Key,
    /// A PIN, of which VERIFY counts the tries that are left.
    Pin { tries: u8 },
}

/// All files of the application.
#[derive(Debug, Clone)]
pub(super) struct Files(Vec<(u16, Kept)>);

impl Files {
    /// The tree of a card in use. Both authorities' certificates are the same one, which
    /// no reader compares.
    pub(super) fn new(token: TokenLabel, certificate: Vec<u8>, ca_certificate: Vec<u8>) -> Self {
        let files = [
            (0x0001, Access::Password),
            (0x0002, Access::Free(ca_certificate.clone())),
            (0x0006, Access::Free(token_information(token))),
            // Which certificates there are: for signatures, and for authentication.
            (
                0x0008,
                Access::Free(vec![
                    0x8F,
                    if certificate.is_empty() { 0x00 } else { 0x8F },
                    0x00,
                ]),
            ),
            (0x000A, Access::Free(certificate)),
            (0x000B, Access::Free(ca_certificate)),
            (0x0017, Access::Key),
            (0x0018, Access::Pin { tries: 3 }),
            (0x001A, Access::Key),
            (0x001B, Access::Pin { tries: 5 }),
        ];
        let keep = |(identifier, access)| (identifier, Kept { access });
        Self(files.into_iter().map(keep).collect())
    }

    /// The same, with erased memory behind each certificate.
    pub(super) fn with_filler(mut self, filler: usize) -> Self {
        for (identifier, file) in &mut self.0 {
            if let (0x0002 | 0x000A | 0x000B, Access::Free(contents)) =
                (*identifier, &mut file.access)
            {
                contents.resize(contents.len() + filler, 0xFF);
            }
        }
        self
    }

    pub(super) fn get(&mut self, identifier: u16) -> Option<&mut Kept> {
        let mut files = self.0.iter_mut();
        files
            .find(|(each, _)| *each == identifier)
            .map(|(_, file)| file)
    }
}

/// PKCS #11's `CK_TOKEN_INFO` with big-endian words: label, manufacturer, model, serial
/// number, eleven words, two versions, time.
fn token_information(token: TokenLabel) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(160);
    for (text, width) in [
        (token.text(), 32),
        ("shikaku", 32),
        ("virtual", 16),
        ("0", 16),
    ] {
        bytes.extend(format!("{text:<width$}").into_bytes());
    }
    // Flags: random numbers, log-in required, PIN set, token initialised.
    bytes.extend(0x0000_040D_u32.to_be_bytes());
    bytes.resize(160, 0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_information_has_its_fixed_length() {
        let bytes = token_information(TokenLabel::MyNumberCard);
        assert_eq!(bytes.len(), 160);
        assert_eq!(&bytes[..32], b"JPKIAPICCTOKEN2                 ");
    }
}
