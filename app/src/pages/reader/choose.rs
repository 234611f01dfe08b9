//! カードリーダーを選ぶ: for staff. What is there now, each way to a reader, what to do without
//! one, and the thing that is the button.

mod model;
mod way;

use leptos::ev;
use leptos::prelude::*;

use super::HEADING;
use super::button::ButtonSection;
use super::control::Control;
use super::trouble::{Remedy, title};
use crate::dom;
use crate::reader::Way;
use model::{Standing, name_now, ready};
use way::WayCard;

/// The heading, and what leads here.
const TITLE: &str = "カードリーダーを選ぶ";
const TOLD: &str = "choose-told";

/// Leads here: from where staff look for it first, or from a corner.
#[component]
pub(super) fn ChooseButton(control: Control, is_main: bool) -> impl IntoView {
    let class = if is_main {
        "button button--solid reader__button"
    } else {
        "button button--text"
    };
    view! {
        <button type="button" class=class id="choose" on:click=move |_| control.open_choice()>{TITLE}</button>
    }
}

/// The whole of it. It is left by 「閉じる」 and by Escape.
#[component]
pub(super) fn ChooseView(control: Control) -> impl IntoView {
    let escape = window_event_listener(ev::keydown, move |key| {
        // One that ended something else has been dealt with.
        if key.key() == "Escape" && !key.default_prevented() {
            control.close_choice();
        }
    });
    on_cleanup(move || escape.remove());
    let told = RwSignal::new("");
    Effect::new(move |_| {
        if !told.get().is_empty() {
            dom::reveal_soon(TOLD);
        }
    });
    view! {
        <div class="choose">
            <div class="choose__head">
                <h1 class="reader__title reader__title--staff" id=HEADING tabindex="-1">{TITLE}</h1>
                <p>"選んだものは、この端末のブラウザーが覚えます。"</p>
                <button type="button" class="button button--outline" on:click=move |_| control.close_choice()>
                    "閉じる"
                </button>
            </div>
            <Now control />
            <ul class="choose__ways">
                <WayCard control way=Way::Bridge told />
                <WayCard control way=Way::Usb told />
                <WayCard control way=Way::Hid told />
            </ul>
            <p class="choose__told" id=TOLD role="status">{told}</p>
            <Limits />
            <ButtonSection control />
        </div>
    }
}

/// The reader that is in use, or why there is none.
#[component]
fn Now(control: Control) -> impl IntoView {
    let reader = control.reader();
    let status = Memo::new(move |_| reader.status());
    let standing =
        move || status.with(|status| Standing::of(reader.way(), reader.way(), status, true));
    view! {
        <section class="reader__for-staff choose__now" aria-labelledby="choose-now">
            <h2 class="choose__title" id="choose-now">"いまのカードリーダー"</h2>
            <div class="choose__status" role="status">
                <p class="choose__which">
                    <strong>{move || status.with(|status| name_now(reader.way(), status))}</strong>
                    {move || reader.device_name().map(|name| ["：", &name].concat())}
                    " "
                    <span class=move || standing().class()>{move || standing().label()}</span>
                </p>
                {move || match status.with(ready) {
                    Some(text) => view! { <p>{text}</p> }.into_any(),
                    None => view! {
                        <p><strong>{status.with(title)}</strong></p>
                        <Remedy control status=status.get() />
                    }
                    .into_any(),
                }}
            </div>
        </section>
    }
}

/// What does not work, and why; what to do then.
#[component]
fn Limits() -> impl IntoView {
    view! {
        <details class="choose__limits">
            <summary>"カードリーダーがないとき、一覧に出ないとき"</summary>
            <ul>
                <li>
                    "ほとんどのICカードリーダー（CCID方式）は、USBの一覧に出ません。ブラウザーが、ICカード用の接続をページに使わせないためです。RC-S300のCCID側も同じです。ブリッジを使ってください。"
                </li>
                <li>"FirefoxとSafariには、USBとHIDの機能がありません。ブリッジだけが使えます。"</li>
                <li>
                    "カードリーダーがないときは、マイナンバーカードに対応したICカードリーダー（RC-S300など）をつなぎ、ブリッジを使ってください。ブリッジ（shikaku-reader-bridge）は、システムの担当者がこの端末に一度入れるソフトウェアです。"
                </li>
                <li>
                    "一覧に出ても開けないときは、ほかのソフトウェアが使っているか、ドライバーが合っていません。Windowsでは、RC-S380のドライバーをWinUSBに替える必要があります。システムの担当者に連絡してください。"
                </li>
            </ul>
        </details>
    }
}
