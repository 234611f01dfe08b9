//! The four digits, once.

use leptos::html;
use leptos::prelude::*;
use protocol::http::IssuedPasscode;

use super::ISSUE;
use crate::dom;
use crate::text::moment;

/// A dialog that only 「OK」 closes; with it the digits are gone for good.
#[component]
pub(super) fn Told(
    issued: IssuedPasscode,
    told: RwSignal<Option<IssuedPasscode>>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let digits = issued.passcode.as_str();
    let (first, second) = digits.split_at_checked(2).unwrap_or((digits, ""));
    let (first, second) = (first.to_owned(), second.to_owned());
    let spoken = spoken(digits);
    let until = moment(issued.expires_at);
    let close = move || {
        told.set(None);
        dom::focus_soon(ISSUE);
    };
    view! {
        <dialog
            class="dialog passcode"
            aria-labelledby="passcode-title"
            aria-describedby="passcode-text"
            node_ref=dialog
            // Escape is pressed by mistake, and nothing brings the digits back.
            on:cancel=|event: leptos::ev::Event| event.prevent_default()
            on:close=move |_| close()
        >
            <h2 class="dialog__question" id="passcode-title">"目視確認用パスコード"</h2>
            <p class="passcode__digits">
                <span class="passcode__pair" aria-hidden="true">{first}</span>
                <span class="passcode__pair" aria-hidden="true">{second}</span>
                <span class="visually-hidden">{spoken}</span>
            </p>
            <p class="dialog__text" id="passcode-text">
                "「OK」を押すと、パスコードは再表示できません。"{until}"まで使えます。"
            </p>
            <div class="dialog__actions">
                <button type="button" class="button button--solid" id="passcode-ok" on:click=move |_| close()>
                    "OK"
                </button>
            </div>
        </dialog>
    }
}

/// Digit by digit, as one says them on the telephone.
fn spoken(digits: &str) -> String {
    let names = digits.chars().map(|digit| match digit {
        '0' => "ゼロ",
        '1' => "いち",
        '2' => "に",
        '3' => "さん",
        '4' => "よん",
        '5' => "ご",
        '6' => "ろく",
        '7' => "なな",
        '8' => "はち",
        _ => "きゅう",
    });
    names.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::spoken;

    #[wasm_bindgen_test]
    fn digits_are_said_one_by_one() {
        let table = [
            ("0427", "ゼロ、よん、に、なな"),
            ("9856", "きゅう、はち、ご、ろく"),
            ("1313", "いち、さん、いち、さん"),
        ];
        for (digits, expected) in table {
            assert_eq!(spoken(digits), expected);
        }
    }
}
