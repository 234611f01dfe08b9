//! The way to 「控え」, where nothing else goes on.

use leptos::prelude::*;

use super::link::Link;
use crate::route::Route;

/// Offers to note the patient meanwhile.
#[component]
pub(crate) fn ToNotebook() -> impl IntoView {
    view! {
        <p class="to-notebook">
            "お待ちの患者は、控えに記入できます。あとからまとめて照会できます。"
            <Link to=Route::Notebook class="button button--outline">"控えに記入する"</Link>
        </p>
    }
}
