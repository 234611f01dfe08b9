//! The terminal's clock, which may be wrong: what has to be right comes from the service.

use domain::timestamp::Timestamp;
use leptos::prelude::window;

/// Milliseconds since 1970, to measure how long something took: it goes on while the terminal
/// sleeps, and it can be set.
pub(crate) fn wall() -> f64 {
    js_sys::Date::now()
}

/// The same in seconds.
pub(crate) fn seconds() -> f64 {
    wall() / 1000.0
}

/// Milliseconds since 1970; whole, for to write and read fractions costs the page more than it is worth.
pub(crate) fn milliseconds() -> i64 {
    whole(wall())
}

/// Now.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_milliseconds(milliseconds())
}

/// A moment of the browser's, in milliseconds since 1970.
pub(crate) fn at(milliseconds: f64) -> Timestamp {
    Timestamp::from_unix_milliseconds(whole(milliseconds))
}

/// The page's own clock, in milliseconds since it was opened: nobody sets it. It may stand still
/// while the terminal sleeps.
pub(crate) fn of_page() -> i64 {
    whole(window().performance().map_or(0.0, |clock| clock.now()))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 are far below 2^53"
)]
const fn whole(milliseconds: f64) -> i64 {
    milliseconds as i64
}
