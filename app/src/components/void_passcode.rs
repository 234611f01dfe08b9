//! That somebody may be guessing the passcode: administrators are told wherever they are.

use leptos::prelude::*;

use super::link::Link;
use super::notice::{Notice, Tone};
use crate::route::Route;

/// What has happened. What to do about it is said by the page that it leads to.
#[component]
pub(crate) fn VoidPasscode() -> impl IntoView {
    view! {
        <Notice tone=Tone::Error title="目視確認用パスコードが無効になりました">
            <p>"間違ったパスコードが続けて入力されたため、使えなくなりました。"</p>
            <div class="notice__actions">
                <Link to=Route::Passcodes class="button button--solid">
                    {Route::Passcodes.title()}
                </Link>
            </div>
        </Notice>
    }
}
