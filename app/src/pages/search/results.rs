//! What came of a search, under the form.

use domain::search::SearchForm;
use leptos::prelude::*;
use protocol::http::{ProblemCode, SearchAnswer, SearchOutcome};

use super::advice::{Advisor, Unfound};
use super::candidates::Candidates;
use super::model::{Answer, Model};
use super::variants::Variants;
use crate::components::link::Link;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::retry::{AutoRetry, Retry};
use crate::components::waiting::Waiting;
use crate::navigation::Navigator;
use crate::parts;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;

/// The region's id, scrolled into sight when there is something in it.
pub(super) const ID: &str = "search-results";

/// The region: at work, or how the last search ended.
#[component]
pub(super) fn Results(
    model: RwSignal<Model>,
    task: Task,
    again: Callback<()>,
    advise: Advisor,
) -> impl IntoView {
    let answer = Memo::new(move |_| model.with(|model| model.answer().cloned()));
    let is_stale = Memo::new(move |_| model.with(Model::is_stale));
    let retry = Retry::new();
    // Conditions that are being changed must not be sent by themselves.
    Effect::new(move |_| {
        if is_stale.get() || answer.with(|answer| answer.as_ref().is_some_and(|a| a.result.is_ok()))
        {
            retry.stop();
        }
    });
    let (session, navigator) = (Session::expect(), Navigator::expect());
    let note = move |_| {
        session.set_draft(model.with_untracked(Model::to_text));
        navigator.go(Route::Notebook);
    };
    let status = move || {
        if task.is_running() {
            return view! { <Searching task again /> }.into_any();
        }
        match answer.get() {
            None => ().into_any(),
            Some(Answer { result: Err(error), .. }) => view! {
                <ProblemNotice error=error.clone()>
                    <div class="notice__actions">
                        {(error.code() == Some(ProblemCode::FunctionNotOpen)).then(|| view! {
                            <Link to=Route::Emergency class="button button--outline">
                                {Route::Emergency.title()}
                            </Link>
                        })}
                        <button type="button" class="button button--solid" id="search-again" on:click=move |_| again.run(())>
                            "もう一度検索"
                        </button>
                        <AutoRetry error=&error retry again />
                    </div>
                    <button type="button" class="button button--text" id="to-notebook" on:click=note>
                        "この条件を控えに残して、あとで照会する"
                    </button>
                </ProblemNotice>
            }
            .into_any(),
            Some(Answer { asked, result: Ok(answer) }) => view! {
                <Variants asked=asked.clone() more=answer.variant_matches advise />
                {ending(asked, answer.outcome, advise)}
            }
            .into_any(),
        }
    };
    let list = move || match answer.get() {
        Some(Answer {
            result:
                Ok(SearchAnswer {
                    outcome: SearchOutcome::Several(candidates),
                    ..
                }),
            ..
        }) if !task.is_running() => Some(view! { <Candidates candidates /> }),
        _ => None,
    };
    view! {
        <section class="results" id=ID aria-label="検索結果" aria-busy=move || task.is_running().to_string()>
            {move || is_stale.get().then(|| view! {
                <p class="results__stale">
                    "検索条件が変わりました。下は変更前の条件での結果です。「検索」を押すと更新されます。"
                </p>
            })}
            <div class="results__status" role="status">{status}</div>
            {list}
        </section>
    }
}

#[component]
fn Searching(task: Task, again: Callback<()>) -> impl IntoView {
    let stop = Callback::new(move |()| task.stop());
    view! { <Waiting text="検索しています…" stop again /> }
}

fn ending(asked: SearchForm, outcome: SearchOutcome, advise: Advisor) -> AnyView {
    match outcome {
        SearchOutcome::NotFound => parts::advice_notice(Unfound::Nobody(asked), advise),
        SearchOutcome::One(id) => view! {
            <Notice tone=Tone::Information title="1人が見つかりました">
                <p>
                    <Link to=Route::Eligibility(id)>"資格情報確認を開く"</Link>
                </p>
            </Notice>
        }
        .into_any(),
        SearchOutcome::Several(candidates) => view! {
            <p class="visually-hidden">
                {candidates.len()}"人が見つかりました。該当者を選んでください。"
            </p>
        }
        .into_any(),
        SearchOutcome::TooMany { narrow_by } => {
            parts::advice_notice(Unfound::TooMany(narrow_by), advise)
        }
    }
}
