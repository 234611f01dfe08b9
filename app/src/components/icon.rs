//! Signs that say in shape what colour says too.

use leptos::prelude::*;

/// A sign in a circle, or a bare one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A tick.
    Yes,
    /// A cross.
    No,
    /// An exclamation mark.
    Attention,
    /// An i.
    Information,
    /// A chevron to the right.
    Forward,
    /// A calendar's page.
    Calendar,
    /// Two sheets.
    Copy,
}

/// Draws it; the words beside it carry the meaning.
#[component]
pub(crate) fn Sign(icon: Icon) -> impl IntoView {
    let lines = match icon {
        Icon::Yes => "M7 12.5l3.5 3.5L17 9",
        Icon::No => "M8 8l8 8M16 8l-8 8",
        Icon::Attention => "M12 6.5v7M12 17v.5",
        Icon::Information => "M12 6.5v.5M12 10.5v7",
        Icon::Forward => "M9 5l7 7-7 7",
        Icon::Calendar => "M4 6h16v14H4zM4 10.5h16M8 3v5M16 3v5",
        Icon::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
    };
    let disc = (!matches!(icon, Icon::Forward | Icon::Calendar | Icon::Copy))
        .then(|| view! { <circle class="icon__disc" cx="12" cy="12" r="11"></circle> });
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            {disc}
            <path class="icon__lines" d=lines></path>
        </svg>
    }
}
