//! A page's name.

use leptos::html;
use leptos::prelude::*;
use web_sys::FocusOptions;

use crate::navigation::Navigator;
use crate::route::Route;
use crate::text;

/// The page's `h1`, and the document's title. After a move to the page it takes
/// the focus, so that keyboard and screen reader are where the page begins.
#[component]
pub(crate) fn Heading(route: Route) -> impl IntoView {
    let title = route.title();
    document().set_title(&[title, "｜", text::PRODUCT].concat());
    let heading = NodeRef::<html::H1>::new();
    if Navigator::expect().has_moved() {
        heading.on_load(|heading| {
            // Back returns to where the page was scrolled to: don't scroll away from it.
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // A heading with a tabindex can always take it.
            let _ = heading.focus_with_options(&options);
        });
    }
    view! { <h1 class="heading" id="heading" tabindex="-1" node_ref=heading>{title}</h1> }
}
