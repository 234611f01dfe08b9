//! The foot of every page.

use leptos::prelude::*;

use super::link::Link;
use crate::route::Route;

/// What helps when something went wrong, wherever that was.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <Link to=Route::Errors class="footer__link">{Route::Errors.title()}</Link>
        </footer>
    }
}
