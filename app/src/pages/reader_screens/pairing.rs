//! The code for a new screen, and its picture.

use leptos::prelude::*;
use protocol::http::ReaderPairing;

use super::{Desk, Waiting, qr};
use crate::components::expiry::{Deadline, every_second};
use crate::components::notice::{Notice, Tone};
use crate::route::Route;

/// The id of the section.
pub(super) const PAIRING: &str = "pairing";

/// Eight digits in two groups, the picture, and how long both are good.
#[component]
pub(super) fn Pairing(waiting: Waiting, desk: Desk) -> impl IntoView {
    let Waiting { name, pairing } = waiting;
    let ReaderPairing {
        code,
        qr_svg,
        expires_in_seconds,
    } = pairing;
    let deadline = Deadline::in_seconds(expires_in_seconds);
    let left = RwSignal::new(expires_in_seconds);
    every_second(move || left.set(deadline.seconds_left()));
    let is_over = Memo::new(move |_| left.get() == 0);
    let title = ["「", &name, "」の登録コード"].concat();
    let (first, second) = code.split_at_checked(4).unwrap_or((&code, ""));
    let grouped = [first, " ", second].concat();
    let picture = qr::Picture::read(&qr_svg);
    let code = StoredValue::new(grouped);
    let picture = StoredValue::new(picture);
    let hide = move |_| desk.waiting.set(None);
    let content = move || {
        if is_over.get() {
            return view! {
                <Notice tone=Tone::Attention title="登録コードの有効時間が過ぎました">
                    <p>"もう一度、登録コードを発行してください。"</p>
                </Notice>
            }
            .into_any();
        }
        let picture = picture.get_value().map(|picture| {
            view! {
                <svg
                    class="pairing__qr"
                    viewBox=picture.view_box
                    role="img"
                    aria-label="登録コードの二次元コード"
                >
                    <path d=picture.path></path>
                </svg>
            }
        });
        view! {
            <div class="pairing">
                {picture}
                <div class="pairing__text">
                    <p class="pairing__code"><code>{code.get_value()}</code></p>
                    <ol class="pairing__steps">
                        <li>
                            "カードリーダーをつないだ端末のブラウザーで、"<code>{address()}</code>"を開きます。"
                        </li>
                        <li>"登録コードを入力するか、二次元コードを読み取ります。"</li>
                    </ol>
                    <p class="desk__hint" role="timer" aria-live="off">{move || rest(left.get())}</p>
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="pairing__section" id=PAIRING tabindex="-1" aria-labelledby="pairing-title">
            <h2 class="account__title" id="pairing-title">{title}</h2>
            {content}
            <button type="button" class="button button--outline" on:click=hide>"閉じる"</button>
        </section>
    }
}

/// The address that the new screen opens.
fn address() -> String {
    let origin = window().location().origin().unwrap_or_default();
    [origin, Route::Reader.path()].concat()
}

fn rest(seconds: u32) -> String {
    let (minutes, seconds) = ((seconds / 60).to_string(), (seconds % 60).to_string());
    [
        "あと",
        &minutes,
        "分",
        &seconds,
        "秒使えます。1回だけ使えます。",
    ]
    .concat()
}
