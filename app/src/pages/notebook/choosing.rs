//! One note: asks about it, chooses among several, opens 「資格情報確認」.
//!
//! What a search names can be opened for ten minutes and by one session. So who opens a result
//! later, or chooses later, asks anew.

use leptos::prelude::*;
use protocol::http::{Candidate, CandidateId};

use super::book::Book;
use crate::api::Error;
use crate::components::panel::Panel;
use crate::components::problem::ProblemNotice;
use crate::navigation::Navigator;
use crate::notebook::entry::{Entry, Found, State};
use crate::notebook::run::{self, Asked};
use crate::route::Route;
use crate::task::Task;

/// The button for what can be done next, and what comes of it.
#[component]
pub(super) fn Choosing(
    book: Book,
    entry: Entry,
    found: Option<Found>,
    name: String,
) -> impl IntoView {
    let task = Task::new();
    let navigator = Navigator::expect();
    let failure = RwSignal::new(None::<Error>);
    let choice = RwSignal::new(None::<Vec<Candidate>>);
    let state = entry.state;
    let words = match state {
        State::Unasked => "照会する",
        State::Confirmed => "資格情報確認を開く",
        State::Several => "候補から選ぶ",
        State::NotFound | State::Insufficient => return ().into_any(),
    };
    let entry = StoredValue::new(entry);
    let ask = move |_| {
        let found = found.clone();
        failure.set(None);
        task.run(async move {
            let Some(key) = book.key.get_untracked() else {
                return;
            };
            match run::ask_one(book.session, &key, &entry.get_value()).await {
                None => {}
                Some(Err(error)) => failure.set(Some(error)),
                Some(Ok(Asked::Ended(State::Confirmed, _, Some(id))))
                    if state == State::Confirmed =>
                {
                    navigator.go(Route::Eligibility(id));
                }
                Some(Ok(Asked::Ended(state, found, _))) => {
                    // Should it not be kept, the note stays as it was.
                    let _ = run::store(&key, &entry.get_value(), state, found).await;
                    book.refresh();
                }
                Some(Ok(Asked::Choice(candidates))) => {
                    let same =
                        found.and_then(|found| candidates.iter().find(|it| found.is(it)).cloned());
                    match same {
                        Some(same) => navigator.go(Route::Eligibility(same.id)),
                        None => choice.set(Some(candidates)),
                    }
                }
            }
        });
    };
    let choose = Callback::new(move |id: CandidateId| {
        choice.set(None);
        task.run(async move {
            let Some(key) = book.key.get_untracked() else {
                return;
            };
            match run::choose(book.session, &key, &entry.get_value(), &id).await {
                Some(Err(error)) => failure.set(Some(error)),
                Some(Ok(_)) => book.refresh(),
                None => {}
            }
        });
    });
    let label = [&name, "：", words].concat();
    view! {
        <button
            type="button"
            class="button button--outline button--small"
            aria-label=label
            disabled=move || task.is_running() || book.run.is_running()
            on:click=ask
        >
            {words}
        </button>
        <div role="alert">{move || failure.get().map(|error| view! { <ProblemNotice error /> })}</div>
        {move || choice.get().map(|candidates| view! {
            <Panel
                title=[&name, "の候補"].concat()
                on_close=Callback::new(move |()| choice.set(None))
            >
                <Candidates candidates choose />
            </Panel>
        })}
    }
    .into_any()
}

#[component]
fn Candidates(candidates: Vec<Candidate>, choose: Callback<CandidateId>) -> impl IntoView {
    let items = candidates.into_iter().map(move |candidate| {
        let id = candidate.id.clone();
        let address = candidate.address.unwrap_or_else(|| "住所の登録なし".to_owned());
        view! {
            <li class="note-choice">
                <span class="note-choice__text">
                    <strong>{candidate.name}</strong>
                    <span>{candidate.birthdate.slashed()}"　"{candidate.sex1.label()}</span>
                    <span>{address}</span>
                    <span>{candidate.insurer_name}</span>
                </span>
                <button type="button" class="button button--solid button--small" on:click=move |_| choose.run(id.clone())>
                    "この人を選ぶ"
                </button>
            </li>
        }
    });
    view! { <ul class="note-choices">{items.collect_view()}</ul> }
}
