//! A field to type in.

use leptos::prelude::*;
use leptos::{ev, html};

use super::{ErrorText, RequiredMark};

/// What is typed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text about a patient: the browser neither corrects nor remembers it.
    #[default]
    Text,
    /// ユーザID.
    UserId,
    /// パスワード.
    Password,
    /// パスワード that is being chosen.
    NewPassword,
}

impl Kind {
    const fn attributes(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("text", "off"),
            Self::UserId => ("text", "username"),
            Self::Password => ("password", "current-password"),
            Self::NewPassword => ("password", "new-password"),
        }
    }
}

/// A label, a hint, an input, what was understood (`echo`), what is wrong (`error`).
///
/// The input keeps its own text, and `value` is written to it only where the two
/// differ: writing while an input method composes would break the composition.
#[component]
pub(crate) fn TextField(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] required: bool,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] echo: Option<Signal<Option<String>>>,
    on_input: Callback<String>,
    #[prop(optional)] on_leave: Option<Callback<()>>,
    /// What stands beside the input, as a button that fills it.
    #[prop(optional)]
    beside: Option<AnyView>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let value = value.get();
        if let Some(input) = input.get()
            && input.value() != value
        {
            input.set_value(&value);
        }
    });
    let leave = move |_: ev::FocusEvent| {
        if let Some(on_leave) = on_leave {
            on_leave.run(());
        }
    };
    let (input_type, autocomplete) = kind.attributes();
    let part = |name: &str| [id, "-", name].concat();
    let described_by = match echo {
        Some(_) => [part("hint"), part("echo"), part("error")].join(" "),
        None => [part("hint"), part("error")].join(" "),
    };
    view! {
        <div class="field">
            <div class="field__head">
                <label class="field__label" for=id>{label}</label>
                {required.then(|| view! { <RequiredMark /> })}
                <span class="field__hint" id=part("hint")>{hint}</span>
            </div>
            <div class="field__line">
                <input
                    class="field__input"
                    id=id
                    name=id
                    type=input_type
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-required=required.then_some("true")
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                    node_ref=input
                    on:input:target=move |event| on_input.run(event.target().value())
                    on:blur=leave
                    on:keydown=not_while_composing
                />
                {beside}
            </div>
            {echo.map(|echo| view! {
                <output class="field__echo" id=part("echo") for=id>{move || echo.get()}</output>
            })}
            <ErrorText id=part("error") error />
        </div>
    }
}

/// Enter that ends a conversion in the input method must not submit. Some
/// browsers send it after the composition, with the key code of composing.
fn not_while_composing(key: ev::KeyboardEvent) {
    const COMPOSING: u32 = 229;
    if key.key() == "Enter" && (key.is_composing() || key.key_code() == COMPOSING) {
        key.prevent_default();
    }
}
