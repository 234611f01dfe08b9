//! What an act met, for staff.

use leptos::prelude::*;

use super::control::Control;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::words;

/// Says what happened and what to do next, without a way out of the page.
#[component]
pub(super) fn ActProblem(control: Control) -> impl IntoView {
    view! {
        <div class="reader__problem" role="alert">
            {move || control.problem().map(|error| {
                let (title, detail) = words(&error);
                let reference = error.reference_code();
                view! {
                    <Notice tone=Tone::Error title>
                        <p>{detail}</p>
                        <p class="reader__reference">"コード："<code>{reference}</code></p>
                    </Notice>
                }
            })}
        </div>
    }
}
