//! All errors of the form in one place, each a link to its field.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::model::FieldError;
use crate::components::icon::{Icon, Sign};
use crate::dom;

/// The summary's id; 「検索」 puts the focus here when something is wrong.
pub(super) const ID: &str = "error-summary";

/// The list, gone when the last error is mended.
#[component]
pub(super) fn ErrorSummary(errors: Memo<Vec<FieldError>>, checked: Signal<bool>) -> impl IntoView {
    let item = |error: FieldError| {
        let id = error.field.code();
        let follow = move |click: MouseEvent| {
            click.prevent_default();
            dom::focus_soon(id);
        };
        view! {
            <li>
                <a href=["#", id].concat() on:click=follow>
                    {error.field.label()}"：" {error.message}
                </a>
            </li>
        }
    };
    move || {
        let errors = errors.get();
        (checked.get() && !errors.is_empty()).then(|| view! {
            <section class="notice notice--error summary" id=ID tabindex="-1" aria-labelledby="error-summary-title">
                <Sign icon=Icon::No />
                <div class="notice__body">
                    <h2 class="notice__title" id="error-summary-title">
                        "入力内容を確認してください（"{errors.len()}"件）"
                    </h2>
                    <ul class="summary__list">{errors.into_iter().map(item).collect_view()}</ul>
                </div>
            </section>
        })
    }
}
