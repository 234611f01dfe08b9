//! What card it is, and how it behaves.

use core::num::NonZeroU8;

/// ATRs of real cards and readers (the list of pcsc-tools 1.6.2). Nothing here tells cards
/// apart by them.
pub mod atr {
    /// A My Number Card without contacts: made up by the reader from the answer to its REQB
    /// (PC/SC Part 3, 3.1.3.2.3).
    pub const MY_NUMBER_CARD: [u8; 13] = *b"\x3B\x88\x80\x01\x00\x00\x05\xE0\xB3\x81\xA1\x00\x7F";
    /// A My Number Card by its contacts.
    pub const MY_NUMBER_CARD_CONTACTS: [u8; 9] = *b"\x3B\xE0\x00\xFF\x81\x31\xFE\x45\x14";
    /// A 住民基本台帳カード without contacts.
    pub const JUKI_CARD: [u8; 13] = *b"\x3B\x88\x80\x01\x00\x00\x14\xE0\xB3\x81\x91\x00\x5E";
    /// A driving licence.
    pub const DRIVING_LICENCE: [u8; 13] = *b"\x3B\x88\x80\x01\x00\x00\x00\x00\x91\x81\xC1\x00\xD8";
}

/// The label of the token information: what the card says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenLabel {
    /// A My Number Card.
    MyNumberCard,
    /// A 住民基本台帳カード.
    JukiCard,
    /// An Android phone.
    Android,
    /// An iPhone.
    Iphone,
    /// A label of no card that is known.
    Unknown,
}

impl TokenLabel {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::MyNumberCard => "JPKIAPICCTOKEN2",
            Self::JukiCard => "JPKIAPICCTOKEN",
            Self::Android => "JPKIAPGPSETOKEN",
            Self::Iphone => "JPKIAPIOSTOKEN",
            Self::Unknown => "JPKIAPICCTOKEN9",
        }
    }
}

/// What card it is.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The user-authentication certificate, DER; empty for a card that was issued without.
    pub certificate: Vec<u8>,
    /// Its authority's certificate, DER.
    pub ca_certificate: Vec<u8>,
    /// What the card says it is; `None` for a card without the JPKI application.
    pub token: Option<TokenLabel>,
    /// The answer to reset.
    pub atr: Vec<u8>,
    /// How it behaves.
    pub habits: Habits,
}

impl Profile {
    /// A My Number Card without contacts, with good manners.
    pub fn my_number_card(certificate: Vec<u8>, ca_certificate: Vec<u8>) -> Self {
        Self {
            certificate,
            ca_certificate,
            token: Some(TokenLabel::MyNumberCard),
            atr: atr::MY_NUMBER_CARD.to_vec(),
            habits: Habits::default(),
        }
    }

    /// A card that knows nothing of JPKI.
    pub fn driving_licence() -> Self {
        Self {
            certificate: Vec::new(),
            ca_certificate: Vec::new(),
            token: None,
            atr: atr::DRIVING_LICENCE.to_vec(),
            habits: Habits::default(),
        }
    }
}

/// How a card behaves where standards leave it a choice, or where cards were seen to err.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a habit of its own, in any combination"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Habits {
    /// The first command after power is answered with `6F00`.
    pub first_fails: bool,
    /// How many bytes `FF` follow the contents of each certificate file.
    pub filler: usize,
    /// The most data in one answer; `None` for 256 bytes.
    pub longest_answer: Option<NonZeroU8>,
    /// Data is only announced, with `61xx`, and fetched by GET RESPONSE.
    pub wants_get_response: bool,
    /// More asked for than is left in the file is answered with `6Cxx` instead of data.
    pub insists_on_length: bool,
    /// Data that ends with the file comes with `6282`.
    pub warns_at_end: bool,
}
