//! The way from the menu to the page.

use leptos::prelude::*;

use super::link::Link;
use crate::route::Route;

/// The pages above this one, as links.
#[component]
pub(crate) fn Breadcrumbs(above: Vec<Route>) -> impl IntoView {
    let items = above.into_iter().map(|route| {
        let title = route.title();
        view! { <li class="breadcrumbs__item"><Link to=route>{title}</Link></li> }
    });
    view! {
        <nav class="breadcrumbs" aria-label="現在位置">
            <ol class="breadcrumbs__list">{items.collect_view()}</ol>
        </nav>
    }
}
