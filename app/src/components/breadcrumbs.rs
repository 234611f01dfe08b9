//! The way from the menu to the page.

use leptos::prelude::*;

use super::link::Link;
use crate::route::Route;

/// The pages above this one, as links.
#[component]
pub(crate) fn Breadcrumbs<const N: usize>(above: [Route; N]) -> impl IntoView {
    let items = above.map(|route| {
        let title = route.title();
        view! { <li class="breadcrumbs__item"><Link to=route>{title}</Link></li> }
    });
    view! {
        <nav class="breadcrumbs" aria-label="現在位置">
            <ol class="breadcrumbs__list">{items.into_iter().collect_view()}</ol>
        </nav>
    }
}
