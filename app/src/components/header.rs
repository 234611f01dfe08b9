//! The head of every page: the product, the institution, who is logged in.

use leptos::prelude::*;
use protocol::http::SessionInfo;

use super::link::Link;
use super::problem::ProblemNotice;
use crate::api::Error;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;

/// The header, with 「ログアウト」 when somebody is logged in.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let session = Session::expect();
    let failure = RwSignal::new(None::<Error>);
    let skip = move |click: leptos::ev::MouseEvent| {
        click.prevent_default();
        dom::focus_soon("main");
    };
    view! {
        <header class="header">
            <a class="skip-link" href="#main" on:click=skip>"本文へ移動"</a>
            <div class="header__inner">
                <Link to=Route::Menu class="header__brand">
                    "資格" <span class="header__latin" lang="en">"shikaku"</span>
                </Link>
                {move || session.info().map(|info| view! { <Account info failure /> })}
            </div>
        </header>
        {move || {
            failure.get().map(|error| view! { <div class="header__failure" role="alert"><ProblemNotice error /></div> })
        }}
    }
}

#[component]
fn Account(info: SessionInfo, failure: RwSignal<Option<Error>>) -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let log_out = move |_| {
        task.run(async move { failure.set(session.log_out().await.err()) });
    };
    view! {
        <p class="header__institution">{info.institution_name}</p>
        <p class="header__account">
            <span class="visually-hidden">"ログイン中のユーザ："</span>
            <span class="header__user">{info.user_id.to_string()}</span>
            <span class="header__role">{info.role.label()}</span>
        </p>
        <button
            type="button"
            class="button button--outline button--small"
            id="log-out"
            on:click=log_out
        >
            "ログアウト"
        </button>
    }
}
