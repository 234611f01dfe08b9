//! One of a few, to choose from.

use leptos::prelude::*;

use super::{ErrorText, RequiredMark};

/// Radio buttons; `options` are values and their labels.
#[component]
pub(crate) fn Choice<const N: usize>(
    id: &'static str,
    label: &'static str,
    options: [(&'static str, &'static str); N],
    #[prop(into)] value: Signal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let part = |name: &str| [id, "-", name].concat();
    let radios = options.map(|(code, text)| {
        // The first one carries the field's own id: a link to the field leads to it.
        let own_id = if code == options[0].0 {
            id.to_owned()
        } else {
            part(code)
        };
        view! {
            <label class="choice__option">
                <input
                    class="choice__radio"
                    type="radio"
                    id=own_id
                    name=id
                    value=code
                    prop:checked=move || value.with(|value| value == code)
                    on:change=move |_| on_choose.run(code.to_owned())
                />
                <span class="choice__text">{text}</span>
            </label>
        }
    });
    view! {
        <fieldset
            class="field choice"
            role="radiogroup"
            aria-required="true"
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=part("error")
        >
            <legend class="field__head">
                <span class="field__label">{label}</span>
                <RequiredMark />
            </legend>
            <div class="choice__options">{radios.into_iter().collect_view()}</div>
            <ErrorText id=part("error") error />
        </fieldset>
    }
}
