//! A field of digits with a pad to press them on: by touch, keyboard or number pad.

mod entry;

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

use entry::{edited, masked};

/// For how long the last digit is seen before it becomes a dot.
const REVEALED: Duration = Duration::from_millis(800);

const KEYS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The field, its pad, and 「訂正」 that takes the last digit back.
#[component]
pub(super) fn Pad(
    id: &'static str,
    label: &'static str,
    digits: RwSignal<String>,
    /// How many digits are wanted.
    most: usize,
    /// Whether they are hidden but for a moment.
    is_secret: bool,
) -> impl IntoView {
    let revealed = RwSignal::new(false);
    let hide = StoredValue::new(None::<TimeoutHandle>);
    let set = move |text: String| {
        let grew = text.len() > digits.with_untracked(String::len);
        digits.set(text);
        if let Some(timer) = hide.get_value() {
            timer.clear();
        }
        revealed.set(grew);
        hide.set_value(set_timeout_with_handle(move || revealed.set(false), REVEALED).ok());
    };
    on_cleanup(move || {
        if let Some(timer) = hide.get_value() {
            timer.clear();
        }
    });
    let shown = move || {
        digits.with(|digits| {
            if is_secret {
                masked(digits, revealed.get())
            } else {
                digits.clone()
            }
        })
    };
    let press = move |digit: &str| {
        let mut text = digits.get_untracked();
        if text.len() < most {
            text.push_str(digit);
            set(text);
        }
    };
    let back = move || {
        let mut text = digits.get_untracked();
        text.pop();
        set(text);
    };
    let typed = move |value: String| set(edited(&digits.get_untracked(), &value, most));
    // Keys count wherever the focus is; in the field itself they are its own.
    let keys = window_event_listener(ev::keydown, move |key| {
        let in_field = document()
            .active_element()
            .is_some_and(|focus| focus.id() == id);
        let has_modifier = key.ctrl_key() || key.alt_key() || key.meta_key();
        if in_field || has_modifier || key.is_composing() {
            return;
        }
        match key.key().as_str() {
            "Backspace" => back(),
            digit if digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit() => press(digit),
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
    let key = move |digit: &'static str| {
        view! {
            <button type="button" class="pad__key" on:click=move |_| press(digit)>{digit}</button>
        }
    };
    view! {
        <div class="pad">
            <label class="pad__label" for=id>{label}</label>
            <input
                class="pad__field"
                class:pad__field--long={most > 4}
                id=id
                type="text"
                inputmode="none"
                autocomplete="off"
                spellcheck="false"
                prop:value=shown
                on:input:target=move |input| {
                    let value = input.target().value();
                    typed(value);
                    // What is shown may not have changed for the signals, but has for the field.
                    input.target().set_value(&untrack(shown));
                }
            />
            <p class="pad__count" role="status">
                {move || digits.with(String::len)}" / "{most}" 桁"
            </p>
            <div class="pad__keys">
                {KEYS.map(key).collect_view()}
                <button type="button" class="pad__key pad__key--word" on:click=move |_| set(String::new())>"クリア"</button>
                {key("0")}
                <button type="button" class="pad__key pad__key--word" on:click=move |_| back()>"訂正"</button>
            </div>
        </div>
    }
}
