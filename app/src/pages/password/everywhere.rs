//! 「すべての端末からログアウト」.

use leptos::prelude::*;

use crate::api::Error;
use crate::components::problem::ProblemNotice;
use crate::session::Session;
use crate::task::Task;

/// Ends every session of the account.
#[component]
pub(super) fn Everywhere() -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let failure = RwSignal::new(None::<Error>);
    let log_out = move |_| {
        task.run(async move {
            if let Some(Err(error)) = session.log_out_everywhere().await {
                failure.try_set(Some(error));
            }
        });
    };
    view! {
        <section class="account__section" aria-labelledby="everywhere-title">
            <h2 class="account__title" id="everywhere-title">"すべての端末からログアウト"</h2>
            <p class="account__text">
                "この端末を含め、このアカウントでログイン中の画面をすべてログアウトします。ログアウトを忘れた端末があるときに使います。"
            </p>
            <div role="alert">{move || failure.get().map(|error| view! { <ProblemNotice error /> })}</div>
            <button
                type="button"
                class="button button--outline"
                id="log-out-everywhere"
                disabled=move || task.is_running()
                on:click=log_out
            >
                "すべての端末からログアウト"
            </button>
        </section>
    }
}
