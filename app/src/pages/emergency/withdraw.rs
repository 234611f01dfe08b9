//! 「申請を取り下げる」, while nothing was opened.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::Reason;

use super::Function;
use crate::api::{self, Error};
use crate::components::field::TextField;
use crate::components::live;
use crate::components::problem::{ProblemNotice, refused};
use crate::components::toast::Toast;
use crate::dom;
use crate::task::Task;

const REASON: &str = "reason";
const PROBLEM: &str = "withdraw-problem";

/// Asks why, and takes it back; for administrators only.
#[component]
pub(super) fn Withdraw(function: Function) -> impl IntoView {
    view! {
        <Show when=move || function.is_administrator.get()><Form function /></Show>
    }
}

#[component]
fn Form(function: Function) -> impl IntoView {
    let toast = Toast::expect();
    let task = Task::new();
    let reason = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<Error>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        let given = reason.get_untracked();
        if given.trim().is_empty() {
            wrong.set(Some("理由を入力してください".to_owned()));
            return dom::focus_soon(REASON);
        }
        task.run(async move {
            let reason = Reason { reason: given };
            let answer = api::opening::withdraw(&reason);
            match function.session.call(answer).await {
                Some(Ok(state)) => {
                    live::take(function.feed, state);
                    toast.say("利用申請を取り下げました");
                    dom::focus_soon("heading");
                }
                Some(Err(error)) => {
                    if let Some((_, text)) = refused(&error, &[REASON]).into_iter().next() {
                        wrong.try_set(Some(text));
                        return dom::focus_soon(REASON);
                    }
                    failure.try_set(Some(error));
                    dom::focus_soon(PROBLEM);
                }
                None => {}
            }
        });
    };
    view! {
        <details class="account__section opening__withdraw">
            <summary>"申請を取り下げる"</summary>
            <div role="alert">
                {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
            </div>
            <form class="accounts__form" method="post" autocomplete="off" novalidate=true on:submit=submit>
                <TextField
                    id=REASON
                    label="理由"
                    required=true
                    hint="200文字以内"
                    value=reason
                    error=wrong
                    on_input=Callback::new(move |text| {
                        wrong.set(None);
                        reason.set(text);
                    })
                />
                <button type="submit" class="button button--outline" id="withdraw" disabled=move || task.is_running()>
                    "取り下げる"
                </button>
            </form>
        </details>
    }
}
