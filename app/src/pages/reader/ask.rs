//! A question to the patient that has to be answered before anything else.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::language::Say;
use super::words::Words;

/// The browser's own modal dialog, open for as long as it is on the page. Escape is not
/// an answer: both are on the screen.
#[component]
pub(super) fn Ask(
    question: Words,
    text: Words,
    /// What goes on with what is under way.
    go_on: Words,
    on_go_on: Callback<()>,
    /// What ends it.
    end: Words,
    on_end: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    // Once it is in the document: before, it can't be shown.
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            class="dialog reader-ask"
            aria-labelledby="reader-ask-question"
            aria-describedby="reader-ask-text"
            node_ref=dialog
            on:cancel=|event: ev::Event| event.prevent_default()
        >
            <h2 class="reader-ask__question" id="reader-ask-question"><Say words=question /></h2>
            <p class="reader-ask__text" id="reader-ask-text"><Say words=text /></p>
            <div class="reader-ask__answers">
                <button type="button" class="button button--outline reader__button" on:click=move |_| on_end.run(())>
                    <Say words=end />
                </button>
                <button type="button" class="button button--solid reader__button" on:click=move |_| on_go_on.run(())>
                    <Say words=go_on />
                </button>
            </div>
        </dialog>
    }
}

/// 「中止する」, which asks before it does.
#[component]
pub(super) fn StopButton(on_stop: Callback<()>) -> impl IntoView {
    let is_asked = RwSignal::new(false);
    view! {
        <button
            type="button"
            class="button button--outline reader__button reader__button--stop"
            on:click=move |_| is_asked.set(true)
        >
            <Say words=super::words::STOP />
        </button>
        {move || is_asked.get().then(|| view! {
            <Ask
                question=super::words::STOP_QUESTION
                text=super::words::STOP_TEXT
                go_on=super::words::GO_ON
                on_go_on=Callback::new(move |()| is_asked.set(false))
                end=super::words::STOP
                on_end=Callback::new(move |()| {
                    is_asked.set(false);
                    on_stop.run(());
                })
            />
        })}
    }
}
