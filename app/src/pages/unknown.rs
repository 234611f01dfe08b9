//! お探しのページはありません.

use leptos::prelude::*;

use crate::components::heading::Heading;
use crate::components::link::Link;
use crate::route::Route;

/// For an address that leads nowhere.
#[component]
pub(crate) fn UnknownPage() -> impl IntoView {
    view! {
        <Heading route=Route::Unknown />
        <p class="lead">"アドレスが間違っているか、ページがなくなっています。"</p>
        <p><Link to=Route::Menu class="button button--solid">"メニューに戻る"</Link></p>
    }
}
