//! 開放: the emergency function is opened for one institution, and ended with a report.
//!
//! ```text
//!        request            call back              send form             open            end, or time
//! (closed) ─────▶ Requested ─────────▶ CalledBack ──────────▶ FormSent ──────▶ Opened ─────────────▶ Ended
//!                     │                    │                     │            ▲     │                  │ hand in
//!                     └── withdraw, refuse ┴─────────────────────┘            └─────┘                  ▼
//!                                    │                                        extend               HandedIn
//!                                    ▼                                                                 │ acknowledge
//!                           Withdrawn, Refused                                                         ▼
//!                                                                                                Acknowledged
//! ```
//!
//! The steps are those of the source document's first section (立ち上げの流れ 1–4). Stages are
//! types, and each transition consumes the stage it leaves: an opening without a call back does not compile.
//! [`Opening::apply`] is the one place where what comes from outside meets them; it also
//! knows who may take which step. An institution has at most one opening that
//! [`Opening::is_under_way`]; that is the store's to keep.

mod act;
mod cause;
mod contact;
mod stage;
#[cfg(test)]
mod tests;

pub use act::{Act, Refusal, Side};
pub use cause::{Cause, InvalidCause};
pub use contact::{ContactName, EmailAddress, InvalidContact, Telephone};
pub use stage::{
    Acknowledged, CallBack, CalledBack, Ended, EndedBy, FormSent, HandedIn, Opened, Opening,
    Period, Refused, Request, Requested, Step, Withdrawn,
};

/// How long steps 1 to 3 usually take, in minutes (source document, 【注記】).
pub const USUAL_MINUTES: u32 = 30;

/// How long a function stays open unless the operator says otherwise, in hours. (No length is
/// published for system failures: `facts/domain.md` §1.2.)
pub const DEFAULT_HOURS: u32 = 24;

/// The longest time that the function can be opened, or extended, at once, in hours: two weeks. The
/// sibling function for disasters is opened for a week at a time (`facts/domain.md` §1.2).
pub const MOST_HOURS: u32 = 14 * 24;
