//! Something is on its way.

use leptos::prelude::*;

/// A line that says so, with a bar that moves. Where it stands is a live region.
#[component]
pub(crate) fn Waiting(
    text: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="waiting">
            <p class="waiting__text">{text}</p>
            <div class="waiting__bar" aria-hidden="true"></div>
            {children.map(|children| children())}
        </div>
    }
}
