//! 「ログイン」.

mod demo;
pub(crate) mod second_factor;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{DemoAccount, LogIn, PasskeyChallenge, ProblemCode};

use crate::api::Error;
use crate::components::field::{Kind, TextField};
use crate::components::heading::Heading;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::to_notebook::ToNotebook;
use crate::dom;
use crate::pages::search::Search;
use crate::parts;
use crate::route::Route;
use crate::session::{Session, State, Why};
use crate::task::Task;
use demo::DemoAccounts;

/// The id of what says why nobody was let in.
const PROBLEM: &str = "log-in-problem";

/// The form, why it is shown, and in demo mode the accounts to try.
#[component]
pub(crate) fn LogInPage() -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let user_id = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let failure = RwSignal::new(None::<Error>);
    let asked = RwSignal::new(None::<PasskeyChallenge>);
    let submit = move |take_over: bool| {
        let form = LogIn {
            user_id: user_id.get_untracked(),
            password: password.get_untracked(),
            take_over,
        };
        failure.set(None);
        if let Some(field) = first_missing(&form) {
            missing.set(true);
            dom::focus_soon(field);
            return;
        }
        task.run(async move {
            match session.log_in(form).await {
                Ok(challenge) => asked.set(challenge),
                Err(error) => {
                    if error.code() == Some(ProblemCode::LogInRefused) {
                        password.set(String::new());
                    }
                    failure.set(Some(error));
                    dom::focus_soon(PROBLEM);
                }
            }
        });
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        submit(false);
    };
    let error = move |value: RwSignal<String>, text: &'static str| {
        Signal::derive(move || {
            (missing.get() && value.with(String::is_empty)).then(|| text.to_owned())
        })
    };
    let restart = Callback::new(move |why: Option<Error>| {
        asked.set(None);
        if why.is_none() {
            password.set(String::new());
        }
        dom::focus_soon(if why.is_some() { PROBLEM } else { "user-id" });
        failure.set(why);
    });
    let form = move || {
        view! {
            {move || reason(session)}
            {move || failure.get().map(|error| failed(error, task, Callback::new(move |()| submit(true))))}
            <form class="login__form" method="post" on:submit=on_submit novalidate=true>
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
        }
    };
    view! {
        <div class="login">
            <Heading route=Route::LogIn />
            {move || match asked.get() {
                Some(challenge) => parts::second_factor(challenge, restart),
                None => form().into_any(),
            }}
        </div>
    }
}

/// Why nobody was let in; and if the account is in use elsewhere, the way to go on.
fn failed(error: Error, task: Task, take_over: Callback<()>) -> AnyView {
    if error.code() != Some(ProblemCode::InUseElsewhere) {
        let is_away = error.is_passing();
        return view! {
            <ProblemNotice error id=PROBLEM />
            {is_away.then(|| view! { <ToNotebook /> })}
        }
        .into_any();
    }
    let code = ProblemCode::InUseElsewhere;
    view! {
        <Notice tone=Tone::Attention title=code.title() id=PROBLEM>
            <p>{code.detail()}</p>
            <button
                type="button"
                class="button button--solid"
                id="take-over"
                disabled=move || task.is_running()
                on:click=move |_| take_over.run(())
            >
                <span>
                    "こちらで利用する"<span class="login__aside">"（もう一方はログアウトされます）"</span>
                </span>
            </button>
        </Notice>
    }
    .into_any()
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
        // The service forgets after a day why a session ended.
        State::LoggedOut(Why::Ended(ProblemCode::NotLoggedIn)) => (
            Tone::Attention,
            "ログインが切れました",
            "有効時間が過ぎたか、別の画面でログアウトしました。もう一度ログインしてください。",
        ),
        State::LoggedOut(Why::Ended(code)) => (Tone::Attention, code.title(), code.detail()),
        _ => return None,
    };
    let is_kept = Search::expect().has_typed();
    let kept = is_kept.then(|| {
        view! { <p>"同じユーザIDでログインすると、元の画面に戻ります。入力した内容は残っています。"</p> }
    });
    Some(view! { <div role="status"><Notice tone title><p>{text}</p>{kept}</Notice></div> })
}
