//! 目視確認用パスコード: four digits, for staff.

use leptos::prelude::*;

use super::HEADING;
use super::control::Control;
use super::pad::Pad;
use super::problem::ActProblem;
use crate::dom;

const FIELD: &str = "passcode";
const DIGITS: usize = 4;

/// The pad; what is wrong with an entry is said above it, and the entry is gone.
#[component]
pub(super) fn PasscodeView(control: Control) -> impl IntoView {
    let digits = RwSignal::new(String::new());
    dom::focus_soon(FIELD);
    Effect::new(move |_| {
        if control.problem().is_some() {
            digits.set(String::new());
            dom::focus_soon(FIELD);
        }
    });
    let is_blocked = move || digits.with(String::len) < DIGITS || control.is_busy();
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(is_blocked) {
            control.enter(digits.get_untracked());
        }
    };
    view! {
        <form class="reader__entry" autocomplete="off" on:submit=enter>
            <div class="reader__entry-text">
                <h1 class="reader__title reader__title--staff" id=HEADING tabindex="-1">"目視確認を始めます"</h1>
                <p>"職員の方は、管理者が発行した4桁のパスコードを入力してください。"</p>
                <ActProblem control />
            </div>
            <Pad id=FIELD label="目視確認用パスコード" digits most=DIGITS is_secret=true />
            <div class="reader__actions">
                <button type="button" class="button button--outline reader__button" on:click=move |_| control.close_pad()>
                    "戻る"
                </button>
                <button
                    type="submit"
                    class="button button--solid reader__button reader__button--main"
                    aria-disabled=move || is_blocked().to_string()
                >
                    {move || if control.is_busy() { "確認しています" } else { "確定" }}
                </button>
            </div>
        </form>
    }
}
