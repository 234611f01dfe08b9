//! A link to another page of the app.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::navigation::Navigator;
use crate::route::Route;

/// A real link, so that every way of opening one works; a plain click stays in
/// the running app.
#[component]
pub(crate) fn Link(
    to: Route,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let navigator = Navigator::expect();
    let href = to.path();
    let follow = move |click: MouseEvent| {
        if is_plain(&click) {
            click.prevent_default();
            navigator.go(to.clone());
        }
    };
    view! { <a class=class href=href on:click=follow>{children()}</a> }
}

/// A left click that nobody has taken yet, without a key that asks for a new
/// tab, window or download.
pub(crate) fn is_plain(click: &MouseEvent) -> bool {
    click.button() == 0
        && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key())
        && !click.default_prevented()
}
