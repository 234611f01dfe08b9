//! A field to type several lines in.

use leptos::html;
use leptos::prelude::*;

use super::{ErrorText, RequiredMark};

/// As [`super::TextField`], with room for several lines.
#[component]
pub(crate) fn TextArea(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    on_input: Callback<String>,
) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        let value = value.get();
        if let Some(area) = area.get()
            && area.value() != value
        {
            area.set_value(&value);
        }
    });
    let part = |name: &str| [id, "-", name].concat();
    view! {
        <div class="field">
            <div class="field__head">
                <label class="field__label" for=id>{label}</label>
                {required.then(|| view! { <RequiredMark /> })}
                <span class="field__hint" id=part("hint")>{hint}</span>
            </div>
            <textarea
                class="field__input field__area"
                id=id
                name=id
                rows="4"
                autocomplete="off"
                spellcheck="false"
                aria-required=required.then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=[part("hint"), part("error")].join(" ")
                node_ref=area
                on:input:target=move |event| on_input.run(event.target().value())
            ></textarea>
            <ErrorText id=part("error") error />
        </div>
    }
}
