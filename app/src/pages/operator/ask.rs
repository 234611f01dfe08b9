//! A question with something to fill in, which has to be answered before anything else.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::modal::Modal;

/// The browser's own modal dialog, as `components::dialog`; it stays open until it is taken off the
/// page, so that what is wrong can be said in it.
#[component]
pub(super) fn Ask(
    #[prop(into)] question: String,
    /// The button that does it.
    yes: &'static str,
    /// While it is being done.
    #[prop(into)]
    is_busy: Signal<bool>,
    on_yes: Callback<()>,
    on_no: Callback<()>,
    children: Children,
) -> impl IntoView {
    let modal = Modal::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_busy.get_untracked() {
            on_yes.run(());
        }
    };
    view! {
        <dialog
            class="dialog"
            aria-labelledby="dialog-question"
            node_ref=modal.node()
            on:close=move |_| on_no.run(())
        >
            <form class="ask" method="post" autocomplete="off" novalidate=true on:submit=submit>
                <h2 class="dialog__question" id="dialog-question">{question}</h2>
                {children()}
                <div class="dialog__actions">
                    <button type="button" class="button button--outline" id="dialog-no" on:click=move |_| modal.close()>
                        "キャンセル"
                    </button>
                    <button
                        type="submit"
                        class="button button--solid"
                        id="dialog-yes"
                        aria-disabled=move || is_busy.get().to_string()
                    >
                        {yes}
                    </button>
                </div>
            </form>
        </dialog>
    }
}
