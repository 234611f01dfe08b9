//! 「ログイン」.

mod demo;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{DemoAccount, LogIn, ProblemCode};

use crate::api::Error;
use crate::components::field::{Kind, TextField};
use crate::components::heading::Heading;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::route::Route;
use crate::session::{Session, State, Why};
use crate::task::Task;
use demo::DemoAccounts;

/// The form, why it is shown, and in demo mode the accounts to try.
#[component]
pub(crate) fn LogInPage() -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let user_id = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let failure = RwSignal::new(None::<Error>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = LogIn {
            user_id: user_id.get_untracked(),
            password: password.get_untracked(),
        };
        failure.set(None);
        if let Some(field) = first_missing(&form) {
            missing.set(true);
            dom::focus_soon(field);
            return;
        }
        task.run(async move {
            if let Err(error) = session.log_in(form).await {
                if error.code() == Some(ProblemCode::LogInRefused) {
                    password.set(String::new());
                }
                failure.set(Some(error));
                dom::focus_soon("log-in-problem");
            }
        });
    };
    let error = move |value: RwSignal<String>, text: &'static str| {
        Signal::derive(move || {
            (missing.get() && value.with(String::is_empty)).then(|| text.to_owned())
        })
    };
    view! {
        <div class="login">
            <Heading route=Route::LogIn />
            {move || reason(session)}
            {move || failure.get().map(|error| view! { <ProblemNotice error id="log-in-problem" /> })}
            <form class="login__form" method="post" on:submit=submit novalidate=true>
                <TextField
                    id="user-id"
                    label="ユーザID"
                    kind=Kind::UserId
                    value=user_id
                    error=error(user_id, "ユーザIDを入力してください")
                    on_input=Callback::new(move |text| user_id.set(text))
                />
                <TextField
                    id="password"
                    label="パスワード"
                    kind=Kind::Password
                    value=password
                    error=error(password, "パスワードを入力してください")
                    on_input=Callback::new(move |text| password.set(text))
                />
                <button
                    type="submit"
                    class="button button--solid"
                    id="log-in"
                    disabled=move || task.is_running()
                >
                    {move || if task.is_running() { "ログインしています…" } else { "ログイン" }}
                </button>
            </form>
            <DemoAccounts choose=Callback::new(move |account: DemoAccount| {
                user_id.set(account.user_id.to_string());
                password.set(account.password);
                failure.set(None);
                dom::focus_soon("log-in");
            }) />
        </div>
    }
}

fn first_missing(form: &LogIn) -> Option<&'static str> {
    match (form.user_id.is_empty(), form.password.is_empty()) {
        (true, _) => Some("user-id"),
        (false, true) => Some("password"),
        (false, false) => None,
    }
}

/// Why the page is shown, unless it is simply where one begins.
fn reason(session: Session) -> Option<impl IntoView> {
    let (tone, title, text) = match session.state() {
        State::LoggedOut(Why::LoggedOut) => (Tone::Information, "ログアウトしました", ""),
        State::LoggedOut(Why::Ended) => (
            Tone::Attention,
            "ログインが切れました",
            "有効時間が過ぎたか、別の画面でログアウトしました。もう一度ログインすると、元の画面に戻ります。入力した内容は残っています。",
        ),
        _ => return None,
    };
    Some(view! { <div role="status"><Notice tone title><p>{text}</p></Notice></div> })
}
