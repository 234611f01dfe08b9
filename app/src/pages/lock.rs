//! The cover of a page that nobody was at.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::Error;
use crate::components::field::{Kind, TextField};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::navigation::Navigator;
use crate::route::Route;
use crate::session::{Session, State};
use crate::task::Task;
use crate::text;

const TITLE: &str = "画面をロックしました";
const PASSWORD: &str = "unlock-password";
const PROBLEM: &str = "unlock-problem";

/// Says why the screen is covered, and asks for the password.
#[component]
pub(crate) fn LockScreen() -> impl IntoView {
    document().set_title(&[TITLE, "｜", text::PRODUCT].concat());
    let session = Session::expect();
    let task = Task::new();
    let password = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let failure = RwSignal::new(None::<Error>);
    dom::focus_soon(PASSWORD);
    let unlock = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        let typed = password.get_untracked();
        missing.set(typed.is_empty());
        if typed.is_empty() {
            dom::focus_soon(PASSWORD);
            return;
        }
        task.run(async move {
            match session.unlock(typed).await {
                Ok(()) => dom::focus_soon("heading"),
                Err(error) => {
                    password.try_set(String::new());
                    failure.try_set(Some(error));
                    dom::focus_soon(PROBLEM);
                }
            }
        });
    };
    let navigator = Navigator::expect();
    let note = move |_| {
        session.set_aside();
        navigator.go(Route::Notebook);
    };
    let log_out = move |_| {
        task.run(async move {
            let result = session.log_out().await;
            failure.try_set(result.err());
        });
    };
    let error = Signal::derive(move || {
        let is_missing = missing.get() && password.with(String::is_empty);
        is_missing.then(|| "パスワードを入力してください".to_owned())
    });
    view! {
        <div class="login">
            <h1 class="heading" id="heading" tabindex="-1">{TITLE}</h1>
            <p class="lead">{explanation(session)}</p>
            {move || failure.get().map(|error| {
                let is_away = error.is_passing();
                view! {
                    <ProblemNotice error id=PROBLEM />
                    {is_away.then(|| view! {
                        <button type="button" class="button button--outline" id="to-notebook" on:click=note>
                            "ロックしたまま、控えに記入する"
                        </button>
                    })}
                }
            })}
            <form class="login__form" method="post" novalidate=true on:submit=unlock>
                <TextField
                    id=PASSWORD
                    label="パスワード"
                    kind=Kind::Password
                    value=password
                    error
                    on_input=Callback::new(move |text| password.set(text))
                />
                <div class="login__actions">
                    <button
                        type="submit"
                        class="button button--solid"
                        id="unlock"
                        disabled=move || task.is_running()
                    >
                        "ロックを解除"
                    </button>
                    <button type="button" class="button button--outline" id="log-out" on:click=log_out>
                        "ログアウト"
                    </button>
                </div>
            </form>
        </div>
    }
}

fn explanation(session: Session) -> String {
    let State::Locked(info) = session.state_untracked() else {
        return String::new();
    };
    [
        "ユーザID「",
        info.user_id.as_str(),
        "」で利用中です。",
        &text::duration(info.rules.lock_after_seconds),
        "操作がなかったため、表示していた情報を消しました。ロックを解除すると、入力中の検索条件は元に戻ります。",
        &text::duration(info.rules.log_out_after_seconds),
        "操作がないと、ログアウトします。",
    ]
    .concat()
}
