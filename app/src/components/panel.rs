//! Something to choose from before going on.

use leptos::prelude::*;

use super::modal::Modal;

/// The browser's own modal dialog, open for as long as it is on the page.
#[component]
pub(crate) fn Panel(title: String, on_close: Callback<()>, children: Children) -> impl IntoView {
    let modal = Modal::new();
    view! {
        <dialog
            class="dialog panel"
            aria-labelledby="panel-title"
            node_ref=modal.node()
            on:close=move |_| on_close.run(())
        >
            <h2 class="dialog__question" id="panel-title">{title}</h2>
            {children()}
            <div class="dialog__actions">
                <button type="button" class="button button--outline" id="panel-close" on:click=move |_| modal.close()>
                    "閉じる"
                </button>
            </div>
        </dialog>
    }
}
