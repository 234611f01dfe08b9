//! Whether there is a service and a person, and what that means for the notes.

use leptos::prelude::*;

use super::book::Book;
use crate::components::link::Link;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::route::Route;
use crate::session::State;
use crate::task::Task;

/// Says so, and leads on.
#[component]
pub(super) fn Standing(book: Book) -> impl IntoView {
    let session = book.session;
    let task = Task::new();
    let reconnect = move || {
        task.run(async move {
            session.reconnect().await;
        });
    };
    let online = window_event_listener(leptos::ev::online, move |_| {
        if matches!(session.state_untracked(), State::Unreachable(_)) {
            reconnect();
        } else if book.keyless.with_untracked(Option::is_some) {
            book.learn();
        }
    });
    on_cleanup(move || online.remove());
    let words = move || {
        if task.is_running() {
            "接続しています…"
        } else {
            "もう一度接続する"
        }
    };
    let content = move || {
        match session.state() {
        State::Unreachable(_) => Some(
            view! {
                <Notice tone=Tone::Attention title="サーバーに接続していません" id="notebook-offline">
                    <p>
                        "記入はできます。残した控えを読み返したり照会したりするのは、接続が戻って、ログインしてからです。"
                    </p>
                    <button type="button" class="button button--outline" id="reconnect" on:click=move |_| reconnect()>
                        {words}
                    </button>
                </Notice>
            }
            .into_any(),
        ),
        State::LoggedOut(_) => Some(
            view! {
                <Notice tone=Tone::Information title="ログインしていません" id="notebook-logged-out">
                    <p>"記入はできます。残した控えを読み返したり照会したりするには、ログインしてください。"</p>
                    <Link to=Route::LogIn class="button button--outline">"ログイン"</Link>
                </Notice>
            }
            .into_any(),
        ),
        _ => book.keyless.get().map(|error| {
            view! {
                <ProblemNotice error>
                    <p>"記入はできます。残した控えを読み返すには、接続が必要です。"</p>
                    <button type="button" class="button button--outline" id="reconnect" on:click=move |_| book.learn()>
                        "もう一度接続する"
                    </button>
                </ProblemNotice>
            }
            .into_any()
        }),
    }
    };
    view! { <div role="status">{content}</div> }
}
