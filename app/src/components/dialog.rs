//! A question that has to be answered before anything else.

use leptos::html;
use leptos::prelude::*;

/// The browser's own modal dialog: it keeps the focus, Escape means no, and the
/// focus returns to where it was. It is open for as long as it is on the page.
#[component]
pub(crate) fn Confirm(
    #[prop(into)] question: String,
    text: &'static str,
    /// The button that does it.
    yes: &'static str,
    on_yes: Callback<()>,
    on_no: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    // Once it is in the document: before, it can't be shown.
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let accept = move |_| {
        close();
        on_yes.run(());
    };
    view! {
        <dialog
            class="dialog"
            aria-labelledby="dialog-question"
            aria-describedby="dialog-text"
            node_ref=dialog
            on:close=move |_| on_no.run(())
        >
            <h2 class="dialog__question" id="dialog-question">{question}</h2>
            <p class="dialog__text" id="dialog-text">{text}</p>
            <div class="dialog__actions">
                <button type="button" class="button button--outline" id="dialog-no" on:click=move |_| close()>
                    "キャンセル"
                </button>
                <button type="button" class="button button--solid" id="dialog-yes" on:click=accept>
                    {yes}
                </button>
            </div>
        </dialog>
    }
}
