//! A new account.

use domain::account::{Role, UserId};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::AccountToCreate;

use super::Accounts;
use crate::api::{self, Error};
use crate::components::field::{Choice, Kind, TextField};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::task::Task;

const USER_ID: &str = "new-user-id";
const PROBLEM: &str = "create-problem";

/// The form; what comes of it is told above the list.
#[component]
pub(super) fn CreateForm(accounts: Accounts) -> impl IntoView {
    let task = Task::new();
    let user_id = RwSignal::new(String::new());
    let role = RwSignal::new(Role::Staff.code().to_owned());
    let wrong = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<Error>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        let typed = user_id.get_untracked();
        if let Some(text) = wrong_with(&typed) {
            wrong.set(Some(text));
            return dom::focus_soon(USER_ID);
        }
        let wanted = AccountToCreate {
            user_id: typed,
            role: role.get_untracked().parse().unwrap_or(Role::Staff),
        };
        task.run(async move {
            match accounts.session.call(api::create_account(&wanted)).await {
                Some(Ok(told)) => {
                    user_id.try_set(String::new());
                    accounts.changed(Some(told));
                }
                Some(Err(error)) => {
                    if let Some(text) = refused(&error) {
                        wrong.try_set(Some(text));
                        dom::focus_soon(USER_ID);
                    } else {
                        failure.try_set(Some(error));
                        dom::focus_soon(PROBLEM);
                    }
                }
                None => {}
            }
        });
    };
    view! {
        <section class="account__section" aria-labelledby="create-title">
            <h2 class="account__title" id="create-title">"アカウントの作成"</h2>
            {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
            <form class="accounts__form" method="post" autocomplete="off" novalidate=true on:submit=submit>
                <TextField
                    id=USER_ID
                    label="ユーザID"
                    kind=Kind::Text
                    required=true
                    hint="半角の英数字と . - _ で32文字以内"
                    value=user_id
                    error=wrong
                    on_input=Callback::new(move |text| {
                        wrong.set(None);
                        user_id.set(text);
                    })
                />
                <Choice
                    id="new-role"
                    label="権限"
                    options=[Role::Staff, Role::Administrator].map(|role| (role.code(), role.label()))
                    value=role
                    error=Signal::derive(|| None::<String>)
                    on_choose=Callback::new(move |code| role.set(code))
                />
                <button
                    type="submit"
                    class="button button--solid"
                    id="create-account"
                    disabled=move || task.is_running()
                >
                    "作成"
                </button>
            </form>
        </section>
    }
}

fn wrong_with(typed: &str) -> Option<String> {
    if typed.trim().is_empty() {
        return Some("ユーザIDを入力してください".to_owned());
    }
    typed.parse::<UserId>().err().map(|error| error.to_string())
}

/// What the service found wrong with the ユーザID.
fn refused(error: &Error) -> Option<String> {
    let Error::Problem(problem) = error else {
        return None;
    };
    let violation = problem
        .violations
        .iter()
        .find(|violation| violation.field == "user_id");
    violation.map(|violation| violation.message.clone())
}
