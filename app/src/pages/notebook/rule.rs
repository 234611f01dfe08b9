//! For how long notes are kept, and what was destroyed on this terminal.

use domain::account::Role;
use domain::timestamp::Timestamp;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{MOST_NOTEBOOK_HOURS, NotebookRule};

use super::book::Book;
use crate::api::{self, Error};
use crate::components::field::TextField;
use crate::components::problem::ProblemNotice;
use crate::components::toast::Toast;
use crate::dom;
use crate::task::Task;
use crate::text;

/// Says it; administrators change it.
#[component]
pub(super) fn Rule(book: Book) -> impl IntoView {
    let hours = Memo::new(move |_| book.key.with(|key| key.as_ref().map(|key| key.keep_hours)));
    move || {
        hours.get().map(|hours| view! {
            <section class="note-rule" aria-labelledby="note-rule-title">
                <h2 class="note-rule__title" id="note-rule-title">"控えを残す時間"</h2>
                <p>
                    "控えは、サーバーにつながってから"<strong>{hours}"時間"</strong>
                    "が過ぎると、破棄されます（時間は、端末の時計ではなくサーバーの時計で数えます）。"
                </p>
                {book.session.allows(Role::may_manage_accounts).then(|| view! { <Change book hours /> })}
            </section>
        })
    }
}

#[component]
fn Change(book: Book, hours: u32) -> impl IntoView {
    const FIELD: &str = "keep-hours";
    let typed = RwSignal::new(hours.to_string());
    let is_wrong = RwSignal::new(false);
    let failure = RwSignal::new(None::<Error>);
    let task = Task::new();
    let toast = Toast::expect();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let keep_hours = typed.with_untracked(|typed| typed.trim().parse().ok());
        let keep_hours = keep_hours.filter(|hours| (1..=MOST_NOTEBOOK_HOURS).contains(hours));
        is_wrong.set(keep_hours.is_none());
        failure.set(None);
        let Some(keep_hours) = keep_hours else {
            dom::focus_soon(FIELD);
            return;
        };
        task.run(async move {
            let rule = NotebookRule { keep_hours };
            match book.session.call(api::set_notebook_rule(&rule)).await {
                Some(Ok(_)) => {
                    toast.say("控えを残す時間を変えました。");
                    book.learn();
                }
                Some(Err(error)) => failure.set(Some(error)),
                None => {}
            }
        });
    };
    let error = Signal::derive(move || {
        is_wrong
            .get()
            .then(|| format!("1から{MOST_NOTEBOOK_HOURS}までの時間を入力してください"))
    });
    view! {
        <form class="note-rule__form" method="post" novalidate=true on:submit=save>
            <TextField
                id=FIELD
                label="残す時間（時間）"
                value=typed
                error
                on_input=Callback::new(move |text| typed.set(text))
            />
            <button type="submit" class="button button--outline" id="save-hours" disabled=move || task.is_running()>
                "変える"
            </button>
        </form>
        <div role="alert">{move || failure.get().map(|error| view! { <ProblemNotice error /> })}</div>
    }
}

/// That notes were destroyed, when, and by what.
#[component]
pub(super) fn Log(book: Book) -> impl IntoView {
    move || {
        let lines = book.log.get();
        (!lines.is_empty()).then(|| {
            let lines = lines.into_iter().map(|line| {
                let why = if line.by_time {
                    "残す時間が過ぎたため"
                } else {
                    "職員の操作"
                };
                let at = text::moment(Timestamp::from_unix_milliseconds(line.at));
                view! { <li>{at}"　"{line.count}"件（"{why}"）"</li> }
            });
            view! {
                <details class="note-log">
                    <summary>"この端末で破棄した記録"</summary>
                    <ul id="note-log">{lines.collect_view()}</ul>
                </details>
            }
        })
    }
}
