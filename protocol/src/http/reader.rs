//! Reader screens: their registration, what they and the terminals follow, and
//! what is done at them.

use std::fmt;

use domain::card_presentation::{CardFailure, CardNotice};
use domain::consent::{ConsentAnswer, ConsentBundle};
use serde::{Deserialize, Serialize};

use super::{OpeningState, ReaderScreenId, UnlinkedCardId, VisualConfirmationId};
use domain::timestamp::Timestamp;

/// 「読取画面の登録」: a screen that is to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReaderScreenToRegister {
    /// What staff call it, such as 「受付1」: 1 to 40 characters.
    pub name: String,
}

/// What the screen is paired with, told to an administrator once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderPairing {
    /// Eight digits to enter at the screen.
    pub code: String,
    /// The screen's address with the code in its fragment, as an SVG picture of a QR code.
    pub qr_svg: String,
    /// How long the code is good, in seconds from now.
    pub expires_in_seconds: u32,
}

/// The code as entered at the screen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PairingCode {
    /// Eight digits.
    pub code: String,
}

/// What a terminal follows; the whole of it, each time that something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TerminalState {
    /// Grows with every change; of two states the greater one is the newer one.
    pub revision: u64,
    /// The institution's reader screens, by name.
    pub readers: Vec<ReaderState>,
    /// Results that this session may open, the newest first.
    pub results: Vec<WaitingResult>,
    /// Presented cards that nobody is linked with; for administrators only.
    pub unlinked_cards: Vec<UnlinkedCard>,
    /// Whether a passcode became void by wrong entries and nobody has seen to it; for
    /// administrators only.
    pub passcode_is_void: bool,
    /// Where the emergency function stands.
    pub opening: OpeningState,
}

/// A reader screen, for the terminals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderState {
    /// Names it in requests.
    pub id: ReaderScreenId,
    /// What staff call it.
    pub name: String,
    /// Whether it is connected to the service now.
    pub is_online: bool,
    /// When it was last connected, as far as is known; `None` while it is connected, and of one
    /// that never was.
    pub last_seen_at: Option<Timestamp>,
    /// The card reader that it uses.
    pub card_reader: CardReaderState,
    /// 目視確認モード; `None` is the normal state.
    pub visual_confirmation: Option<VisualConfirmationState>,
}

/// The card reader of a screen, as the screen last said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardReaderState {
    /// The screen has not said, or can't reach its bridge.
    #[default]
    Unknown,
    /// No reader is attached.
    Absent,
    /// Ready, without a card.
    Ready,
    /// A card lies on it.
    CardPresent,
}

/// A visual confirmation under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisualConfirmationState {
    /// Names it in requests.
    pub id: VisualConfirmationId,
    /// Where it was begun, seen from who asks.
    pub began: Began,
    /// What it waits for.
    pub stage: Stage,
    /// 「続けて目視確認」.
    pub is_followed: bool,
    /// How long it lasts if nobody does anything, in seconds from now.
    pub expires_in_seconds: u32,
}

/// Where a visual confirmation was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Began {
    /// In this session.
    Here,
    /// At a terminal, in another session.
    AtTerminal,
    /// At the reader's screen.
    AtReaderScreen,
}

/// What a visual confirmation waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 「目視で本人確認完了」.
    Confirmation,
    /// The card.
    Card {
        /// What became of the card that was placed last.
        failure: Option<CardFailure>,
    },
    /// The patient's answers.
    Consents {
        /// What is asked.
        asked: Vec<ConsentBundle>,
        /// What staff should tell the patient about the card.
        notice: Option<CardNotice>,
    },
}

/// A result that waits to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingResult {
    /// The visual confirmation that brought it.
    pub id: VisualConfirmationId,
    /// What staff call the screen.
    pub reader_name: String,
    /// When the patient had answered.
    pub at: Timestamp,
    /// Whether this session began it, and so opens it by itself.
    pub is_own: bool,
    /// Whether this session has opened it before.
    pub is_opened: bool,
}

/// A presented card that nobody is linked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnlinkedCard {
    /// Names it in requests.
    pub id: UnlinkedCardId,
    /// What staff call the screen.
    pub reader_name: String,
    /// When it was presented.
    pub at: Timestamp,
}

/// What a reader screen follows; the whole of it, each time that something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderScreenState {
    /// Grows with every change; of two states the greater one is the newer one.
    pub revision: u64,
    /// What staff call the screen.
    pub name: String,
    /// The institution.
    pub institution_name: String,
    /// Whether the service is in demo mode: simulated cards may be placed.
    pub is_demo: bool,
    /// 目視確認モード; `None` is the normal state.
    pub visual_confirmation: Option<VisualConfirmationState>,
}

/// What the screen says of its card reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CardReaderReport {
    /// Its state.
    pub card_reader: CardReaderState,
}

/// A passcode as entered at a reader screen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasscodeEntry {
    /// 目視確認用パスコード: four digits.
    pub passcode: String,
}

/// The tick 「目視で本人確認完了」.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmationTick {
    /// Set, or taken back.
    pub is_confirmed: bool,
}

/// 「続けて目視確認」.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Following {
    /// Whether the next patient's begins when this one ends.
    pub is_followed: bool,
}

/// What came of a card at the reader.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardReading {
    /// The user-authentication certificate (EF 000A): DER in standard base64.
    Certificate(String),
    /// There is none to hand over; the failures that are found at the reader:
    /// 001, 002, and no certificate.
    Failed(CardFailure),
}

/// The patient's answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConsentAnswers {
    /// One to each bundle that was asked.
    pub answers: Vec<ConsentAnswer>,
}

/// What the institution's screens ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConsentsAsked {
    /// In this order.
    pub bundles: Vec<ConsentBundle>,
}

/// `Debug` without what opens something or shows a person.
macro_rules! masked_debug {
    ($($type:ty),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(masked)"))
            }
        }
    )+};
}
masked_debug!(ReaderPairing, PairingCode, PasscodeEntry, CardReading);
