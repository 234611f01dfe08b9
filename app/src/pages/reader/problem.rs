//! What an act met, for staff.

use leptos::prelude::*;

use super::control::Control;
use crate::api::Error;
use crate::components::notice::{Notice, Tone};

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

fn words(error: &Error) -> (String, String) {
    match error {
        Error::Network => (
            "サーバーに接続できませんでした".to_owned(),
            "ネットワークの接続を確認して、もう一度お試しください。".to_owned(),
        ),
        Error::Decode | Error::Part => (
            "サーバーの応答を読み取れませんでした".to_owned(),
            "もう一度お試しください。続くときは、システムの担当者に連絡してください。".to_owned(),
        ),
        Error::Problem(problem) => (problem.title.clone(), problem.detail.clone()),
    }
}
