//! The application of the public personal authentication service (公的個人認証サービス,
//! JPKI) on a My Number Card, as far as it answers without a PIN.
//!
//! Names and numbers are those that several independent programs agree on (`OpenSC`'s
//! `pkcs15-jpki.c`, jpki/myna, soltia48/myna-card); J-LIS publishes no specification of them.
//!
//! Reading the certificate proves that a card was presented (提示), no more: anybody may
//! read it, and a copy would answer alike.

mod error;
mod reading;
mod token;

pub use error::{Malformed, ReadError, Stage};
pub use reading::{Limits, Reading, Step};
pub use token::PhoneKind;

use core::fmt;

/// The name (AID) of the application 公的個人認証AP.
pub const APPLICATION: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

/// The files (EF) that are read. There are more: the certificate for signatures (EF 0001)
/// holds name and address and wants a password, so it is left out on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum File {
    /// EF 0006: the token information, whose label says what kind of card this is.
    TokenInformation,
    /// EF 000A: the user-authentication certificate (利用者証明用電子証明書).
    Certificate,
    /// EF 000B: the certificate of the authority that issued it.
    CaCertificate,
}

impl File {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::TokenInformation,
        Self::Certificate,
        Self::CaCertificate,
    ];

    /// The file identifier.
    pub const fn identifier(self) -> u16 {
        match self {
            Self::TokenInformation => 0x0006,
            Self::Certificate => 0x000A,
            Self::CaCertificate => 0x000B,
        }
    }
}

/// A certificate as the card gave it: DER, with the outline of a certificate, not
/// verified. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate(Vec<u8>);

impl Certificate {
    /// The DER bytes.
    pub fn as_der(&self) -> &[u8] {
        &self.0
    }

    /// The DER bytes.
    pub fn into_der(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(masked)")
    }
}

/// Which kind of card was read. Every other kind is a [`ReadError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardKind {
    /// A My Number Card (個人番号カード).
    MyNumberCard,
}

/// What one reading of one card found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedCard {
    /// Which kind of card it is.
    pub kind: CardKind,
    /// The user-authentication certificate.
    pub certificate: Certificate,
    /// The certificate of its authority, if [`Limits::with_ca`] asked for it.
    pub ca_certificate: Option<Certificate>,
}
