//! A question that has to be answered before anything else.

use leptos::prelude::*;

use super::modal::Modal;

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
    let modal = Modal::new();
    let accept = move |_| {
        modal.close();
        on_yes.run(());
    };
    view! {
        <dialog
            class="dialog"
            aria-labelledby="dialog-question"
            aria-describedby="dialog-text"
            node_ref=modal.node()
            on:close=move |_| on_no.run(())
        >
            <h2 class="dialog__question" id="dialog-question">{question}</h2>
            <p class="dialog__text" id="dialog-text">{text}</p>
            <div class="dialog__actions">
                <button type="button" class="button button--outline" id="dialog-no" on:click=move |_| modal.close()>
                    "キャンセル"
                </button>
                <button type="button" class="button button--solid" id="dialog-yes" on:click=accept>
                    {yes}
                </button>
            </div>
        </dialog>
    }
}
