//! 職員用ボタン（機器）: which thing on the desk is the button.

use leptos::prelude::*;

use super::control::Control;
use crate::dom;
use crate::reader::{Picked, Way, is_supported};
use crate::staff_button::{Chosen, Deck, StaffButton, key_name};

const TOLD: &str = "choose-button-told";

/// What it is now, and what it could be.
#[component]
pub(super) fn ButtonSection(control: Control) -> impl IntoView {
    let button = control.staff_button();
    let has_hid = is_supported(Way::Hid);
    let told = RwSignal::new("");
    on_cleanup(move || button.stop_waiting());
    let is_waiting = move || button.waiting().is_some();
    let key = move |_| {
        told.set("");
        if untrack(is_waiting) {
            button.stop_waiting();
        } else {
            button.wait_for_key();
        }
    };
    let stream_deck = move |_| {
        told.set("");
        button.pick_stream_deck(move |picked| {
            told.try_set(after(picked));
        });
    };
    let none = move |_| {
        told.set("");
        button.forget();
    };
    let said = Memo::new(move |_| waiting(button).unwrap_or_else(|| told.get().to_owned()));
    Effect::new(move |_| {
        if !said.with(String::is_empty) {
            dom::reveal_soon(TOLD);
        }
    });
    view! {
        <section class="choose__button" aria-labelledby="choose-button">
            <div>
                <h2 class="choose__title" id="choose-button">"職員用ボタン（機器）"</h2>
                <p>"画面のボタンの代わりに、ペダル、1キーのキーパッド、Stream Deckを使えます。"</p>
                <div role="status">
                    <p>"いま："<strong>{move || now(button.chosen(), button.deck())}</strong></p>
                    <p class="choose__told" id=TOLD>{said}</p>
                </div>
            </div>
            <div class="choose__acts">
                <button type="button" class="button button--outline" id="choose-key" on:click=key>
                    {move || if is_waiting() { "キーの登録をやめる" } else { "キーを押して登録" }}
                </button>
                <button
                    type="button"
                    class="button button--outline"
                    id="choose-stream-deck"
                    aria-disabled=(!has_hid).then_some("true")
                    aria-describedby="choose-stream-deck-why"
                    on:click=stream_deck
                >
                    "Stream Deckを選ぶ"
                </button>
                {move || (button.chosen() != Chosen::None).then(|| view! {
                    <button type="button" class="button button--text" id="choose-no-button" on:click=none>
                        "機器を使わない"
                    </button>
                })}
                <p class="choose__why" id="choose-stream-deck-why">
                    {if has_hid {
                        "「Stream Deckを選ぶ」を押すと、ブラウザーが一覧を出します。選んで「接続」を押してください。"
                    } else {
                        "Stream Deckは、このブラウザーでは使えません。"
                    }}
                </p>
            </div>
        </section>
    }
}

/// What is the button, in words.
fn now(chosen: Chosen, deck: Deck) -> String {
    let of_deck = match (&chosen, deck) {
        (Chosen::None, _) => "なし（画面のボタンだけ）",
        (Chosen::Key(code), _) => return ["キー「", &key_name(code), "」"].concat(),
        (Chosen::StreamDeck, Deck::Ready(name)) => {
            return [&name, "（つながっています。どのキーでも同じです）"].concat();
        }
        (Chosen::StreamDeck, Deck::Unused | Deck::Looking) => "Stream Deck（探しています）",
        (Chosen::StreamDeck, Deck::Absent) => {
            "Stream Deck（見つかりません。つなぐと自動で使えます。使えないときは選び直してください）"
        }
        (Chosen::StreamDeck, Deck::Occupied) => {
            "Stream Deck（開けません。使っているソフトウェアを閉じると自動で使えます）"
        }
        (Chosen::StreamDeck, Deck::Unsupported) => "Stream Deck（このブラウザーでは使えません）",
    };
    of_deck.to_owned()
}

/// What is said while a key is waited for.
fn waiting(button: StaffButton) -> Option<String> {
    let waiting = button.waiting()?;
    Some(match waiting.refused {
        None => "使うキー、ペダル、キーパッドを押してください（Escでやめます）。".to_owned(),
        Some((code, refusal)) => ["「", &key_name(&code), "」", refusal.text()].concat(),
    })
}

const fn after(picked: Picked) -> &'static str {
    match picked {
        Picked::Chosen => "選びました。",
        Picked::Nothing => "何も選ばれませんでした。ケーブルを確かめて、もう一度押してください。",
        Picked::Forbidden => {
            "ブラウザーの設定で禁止されています。システムの担当者に、この画面での利用の許可を頼んでください。"
        }
        Picked::Unsupported => {
            "このブラウザーでは使えません。ChromeかEdgeで、httpsのアドレスから開いてください。"
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_is_the_button_is_said_in_words() {
        let key = || Chosen::Key("KeyB".to_owned());
        let ready = || Deck::Ready("Stream Deck Pedal".to_owned());
        let table = [
            (Chosen::None, Deck::Unused, "なし"),
            (key(), Deck::Unused, "キー「B」"),
            (Chosen::StreamDeck, ready(), "Stream Deck Pedal（つながって"),
            (
                Chosen::StreamDeck,
                Deck::Absent,
                "Stream Deck（見つかりません",
            ),
            (
                Chosen::StreamDeck,
                Deck::Occupied,
                "Stream Deck（開けません",
            ),
        ];
        for (chosen, deck, expected) in table {
            let text = now(chosen, deck);
            assert!(text.starts_with(expected), "{text}");
        }
    }
}
