//! The codes that readers' own screens are registered with.

use std::net::IpAddr;

use domain::log_in::Counted;
use protocol::http::ReaderPairing;
use qrcode::QrCode;
use qrcode::render::svg;
use sha2::{Digest as _, Sha256};

use crate::entropy::{Entropy, NoEntropy};
use crate::error::ApiError;
use crate::store::AttemptKey;

/// How long a code is good.
pub(crate) const SECONDS: u32 = 10 * 60;

/// Codes are below this: eight digits.
const CODES: u64 = 100_000_000;

/// The smallest side of the picture, in pixels: a telephone reads it from the desk.
const QR_PIXELS: u32 = 240;

/// Eight digits.
pub(crate) struct PairingCodeText(String);

impl PairingCodeText {
    pub(crate) fn draw(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        // No code is more likely than another by more than 1 in 10^11.
        let number = u64::from_ne_bytes(entropy.bytes()?) % CODES;
        Ok(Self(format!("{number:08}")))
    }

    /// As it is typed; spaces and hyphens are for reading. `None` when it is no code.
    pub(crate) fn typed(text: &str) -> Option<Self> {
        let is_filler = |character: char| character.is_whitespace() || character == '-';
        let digits: String = text.chars().filter(|one| !is_filler(*one)).collect();
        let is_code = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(Self(digits))
    }

    /// What the store knows of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"shikaku reader pairing\0")
            .chain_update(self.0.as_bytes())
            .finalize()
            .into()
    }
}

/// What an administrator is told. The code is in the address's fragment, which
/// browsers never send.
pub(crate) fn told(
    code: &PairingCodeText,
    host: Option<&str>,
    behind_tls: bool,
) -> Result<ReaderPairing, ApiError> {
    let scheme = if behind_tls { "https" } else { "http" };
    let host = host.unwrap_or("localhost");
    let address = format!("{scheme}://{host}/reader#{}", code.0);
    let too_long = |_| ApiError::Refused(protocol::http::ProblemCode::UnreadableRequest);
    let qr = QrCode::new(address).map_err(too_long)?;
    let picture = qr
        .render::<svg::Color<'_>>()
        .min_dimensions(QR_PIXELS, QR_PIXELS)
        .build();
    // The declaration is for files; the picture stands inside a page.
    let start = picture.find("<svg").unwrap_or_default();
    Ok(ReaderPairing {
        code: code.0.clone(),
        qr_svg: picture.get(start..).unwrap_or_default().to_owned(),
        expires_in_seconds: SECONDS,
    })
}

/// What tries at codes are counted by: there is nothing but where they come from.
pub(crate) fn attempt_key(address: IpAddr) -> AttemptKey {
    let hash = Sha256::new()
        .chain_update(b"pairing address\0")
        .chain_update(address.to_string().as_bytes())
        .finalize();
    AttemptKey {
        counted: Counted::Address,
        hash: hash.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn codes_are_eight_digits_however_they_are_typed() {
        let drawn = PairingCodeText::draw(&SystemEntropy).unwrap();
        assert_eq!(drawn.0.len(), 8);
        let table = [
            ("01234567", Some("01234567")),
            (" 0123-4567 ", Some("01234567")),
            ("0123 4567", Some("01234567")),
            ("0123456", None),
            ("012345678", None),
            ("０１２３４５６７", None),
            ("", None),
        ];
        for (text, expected) in table {
            let code = PairingCodeText::typed(text);
            assert_eq!(code.map(|code| code.0).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_picture_is_one_svg() {
        let code = PairingCodeText::typed("01234567").unwrap();
        let told = told(&code, Some("127.0.0.1:8080"), false).unwrap();
        assert!(told.qr_svg.starts_with("<svg") && told.qr_svg.ends_with("</svg>"));
        assert!(!told.qr_svg.contains("01234567"));
        assert!(super::told(&code, Some(&"x".repeat(5000)), false).is_err());
    }
}
