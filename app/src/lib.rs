//! The page that a clinic's staff work with; runs in the browser only.
//!
//! `pages` render, their `model`s decide (plain structs, tested), [`api`] is the
//! only module that fetches, [`navigation`] the only one that touches history.
//! Nothing personal goes into addresses, browser storage or the console.
#![expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties, whether or not it moves them"
)]
#![expect(
    unreachable_pub,
    reason = "the component macro makes its parts `pub`, whatever the module is"
)]

mod api;
mod app;
mod clock;
mod components;
mod dom;
mod js;
mod kept;
mod later_styles;
mod navigation;
mod notebook;
mod pages;
mod parts;
mod passkey;
mod reader;
mod route;
mod session;
mod staff_button;
mod task;
mod text;

use route::Route;

/// Takes the waiting text away and puts the app in its place.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        match Route::here() {
            Route::Reader => dom::show_crash_of_screen(),
            _ => dom::show_crash(),
        }
        api::history::record_crash();
    }));
    dom::remove_waiting_text();
    leptos::mount::mount_to_body(app::App);
}
