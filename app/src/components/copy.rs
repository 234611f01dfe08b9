//! Buttons that put a text on the clipboard.

use leptos::prelude::*;

use super::icon::{Icon, Sign};
use super::toast::Toast;
use crate::dom;

/// A button in words; `text` is asked for when it is pressed.
#[component]
pub(crate) fn CopyButton(
    label: &'static str,
    #[prop(optional)] id: &'static str,
    #[prop(optional)] class: &'static str,
    text: Callback<(), String>,
) -> impl IntoView {
    let toast = Toast::expect();
    let class = ["button button--outline ", class].concat();
    view! {
        <button
            type="button"
            class=class
            id=(!id.is_empty()).then_some(id)
            on:click=move |_| copy(toast, text.run(()))
        >
            {label}
        </button>
    }
}

/// A sign beside a value, named after the value's label.
#[component]
pub(crate) fn CopySign(label: &'static str, text: String) -> impl IntoView {
    let toast = Toast::expect();
    let name = [label, "をコピー"].concat();
    view! {
        <button
            type="button"
            class="copy"
            title=name.clone()
            aria-label=name
            on:click=move |_| copy(toast, text.clone())
        >
            <Sign icon=Icon::Copy />
        </button>
    }
}

fn copy(toast: Toast, text: String) {
    leptos::task::spawn_local(async move {
        toast.say(if dom::copy(&text).await {
            "コピーしました"
        } else {
            "コピーできませんでした。文字を選択して、Ctrl＋C（Macは⌘＋C）でコピーしてください。"
        });
    });
}
