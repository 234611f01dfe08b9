//! All errors of the form in one place, each a link to its field.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::fields::Fields;
use super::model::FieldError;
use crate::components::icon::{Icon, Sign};
use crate::dom;

/// The summary's id; 「検索」 puts the focus here when something is wrong.
pub(crate) const ID: &str = "error-summary";

/// The list, gone when the last error is mended.
#[component]
pub(crate) fn ErrorSummary(fields: Fields) -> impl IntoView {
    let item = |error: FieldError| {
        let id = error.field.code();
        let label = error.field.label();
        // Most messages name their field.
        let words = if error.message.contains(label) {
            error.message
        } else {
            [label, "：", &error.message].concat()
        };
        let follow = move |click: MouseEvent| {
            click.prevent_default();
            dom::focus_soon(id);
        };
        view! {
            <li>
                <a href=["#", id].concat() on:click=follow>{words}</a>
            </li>
        }
    };
    move || {
        let errors = fields.errors.get();
        (fields.are_checked() && !errors.is_empty()).then(|| view! {
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
