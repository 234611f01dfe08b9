//! 読取画面の登録: this browser becomes a reader's screen.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::HEADING;
use super::choose::ChooseButton;
use super::control::Control;
use super::pad::Pad;
use super::problem::ActProblem;
use crate::api;
use crate::task::Task;

const FIELD: &str = "pairing-code";
const DIGITS: usize = 8;

/// The pad for the code, and in demo mode the way without one.
#[component]
pub(super) fn RegisterView(control: Control, was_one: bool) -> impl IntoView {
    let digits = control.pairing_code();
    if let Some(code) = code_of_address() {
        digits.set(code);
    }
    let is_demo = RwSignal::new(false);
    Task::new().run(async move {
        if let Ok(about) = api::about().await {
            is_demo.set(!about.demo_accounts.is_empty());
        }
    });
    let title = if was_one {
        "この読取画面の登録は取り消されました"
    } else {
        "読取画面の登録"
    };
    let is_blocked = move || digits.with(String::len) < DIGITS || control.is_busy();
    let register = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(is_blocked) {
            control.register(digits.get_untracked());
        }
    };
    view! {
        <form class="reader__entry" autocomplete="off" on:submit=register>
            <div class="reader__entry-text">
                <h1 class="reader__title reader__title--staff" id=HEADING tabindex="-1">{title}</h1>
                <p>"管理者が「アカウント情報管理」の「読取画面の登録」で発行した8桁の登録コードを入力してください。"</p>
                <ActProblem control />
                {move || is_demo.get().then(|| view! {
                    <button
                        type="button"
                        class="button button--outline reader__button"
                        on:click=move |_| control.register_for_demo()
                    >
                        "デモの読取画面として使う"
                    </button>
                })}
            </div>
            <Pad id=FIELD label="登録コード" digits most=DIGITS is_secret=false />
            <div class="reader__actions">
                <ChooseButton control is_main=false />
                <button
                    type="submit"
                    class="button button--solid reader__button reader__button--main"
                    aria-disabled=move || is_blocked().to_string()
                >
                    {move || if control.is_busy() { "登録しています" } else { "登録する" }}
                </button>
            </div>
        </form>
    }
}

/// The code in the address's fragment, which a QR code brings; it is taken out of the
/// address, so that neither history nor a bookmark keeps it.
fn code_of_address() -> Option<String> {
    let location = window().location();
    let code = location.hash().ok()?.strip_prefix('#')?.to_owned();
    let path = location.pathname().ok()?;
    // History fails only when flooded.
    let _ = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&path)));
    let is_code = code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(code)
}
