//! 目視確認: staff compare a face with the photo on the card, say so, and only then
//! the card is read.
//!
//! ```text
//!            begin                confirm               card                 consents
//! (normal) ────────▶ Requested ◀──────────▶ Confirmed ───────▶ Presented ──────────▶ Completed
//!                        │       withdraw       │  ▲ refused       │                    (result for
//!                        └──────────────────────┴──┴───────────────┘                     one session)
//!                             cancelled, or expired after [`IDLE_SECONDS`]: (normal)
//! ```
//!
//! Both routes of the seed are this one machine: from the terminal (section D) and from
//! the reader's screen with a passcode (section B); they differ in who may confirm
//! and who may open the result. A reader has at most one at a time; that is the
//! store's to keep. Stages are types, and each transition consumes the stage it
//! leaves, so a card before a confirmation does not compile; [`Open::apply`] is
//! the one place where what comes from outside meets them.

mod completed;
mod event;
mod stage;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use completed::{Completed, RESULT_SECONDS};
pub use event::{Event, Next, Open, Party, Refusal};
pub use stage::{Confirmation, Confirmed, Presentation, Presented, Requested, VisualConfirmation};

use crate::timestamp::Timestamp;

/// After so many seconds in which nobody did anything the reader is back to normal.
pub const IDLE_SECONDS: i64 = 3 * 60;

macro_rules! numbers {
    ($($(#[$doc:meta])* $type:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $type(pub i64);
    )+};
}
numbers! {
    /// The store's number of an account.
    AccountNumber,
    /// The store's number of a session: one log-in at one terminal.
    SessionNumber,
    /// The store's number of an issued passcode.
    PasscodeNumber,
    /// The store's number of a person.
    PersonNumber,
}

/// Where a visual confirmation began, and so who is answerable for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// 「顔認証付きカードリーダー操作」, 「目視確認」.
    Terminal {
        /// Who pressed it.
        account: AccountNumber,
        /// Where: only there the result is shown.
        session: SessionNumber,
    },
    /// 《職員用ボタン》 and a passcode at the reader's screen.
    Reader {
        /// Which issue of the passcode was entered.
        passcode: PasscodeNumber,
    },
}

/// How a visual confirmation began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Where.
    pub route: Route,
    /// When.
    pub at: Timestamp,
}
