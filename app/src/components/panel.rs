//! Something to choose from before going on.

use leptos::html;
use leptos::prelude::*;

/// The browser's own modal dialog, open for as long as it is on the page.
#[component]
pub(crate) fn Panel(title: String, on_close: Callback<()>, children: Children) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    // Once it is in the document: before, it can't be shown.
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog
            class="dialog panel"
            aria-labelledby="panel-title"
            node_ref=dialog
            on:close=move |_| on_close.run(())
        >
            <h2 class="dialog__question" id="panel-title">{title}</h2>
            {children()}
            <div class="dialog__actions">
                <button type="button" class="button button--outline" id="panel-close" on:click=close>
                    "閉じる"
                </button>
            </div>
        </dialog>
    }
}
