//! A form field: label, rule, what was understood, and what is wrong, together.

mod area;
mod choice;
mod text;

pub(crate) use area::TextArea;
pub(crate) use choice::Choice;
pub(crate) use text::{Kind, TextField};

use leptos::prelude::*;

/// The label's mark of a field that must be filled in.
#[component]
fn RequiredMark() -> impl IntoView {
    view! { <span class="field__required">"※必須"</span> }
}

/// The error text under a field, which its control points at (`aria-describedby`).
#[component]
fn ErrorText(id: String, error: Signal<Option<String>>) -> impl IntoView {
    view! { <p class="field__error" id=id>{move || error.get()}</p> }
}
