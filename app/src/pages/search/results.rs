//! What came of a search, under the form.

use domain::search::MOST_CANDIDATES;
use leptos::prelude::*;
use protocol::http::SearchOutcome;

use super::candidates::Candidates;
use super::model::Model;
use crate::components::link::Link;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::retry::{AutoRetry, Retry};
use crate::components::waiting::Waiting;
use crate::route::Route;
use crate::task::Task;

/// The region's id, scrolled into sight when there is something in it.
pub(super) const ID: &str = "search-results";

/// The region: at work, or how the last search ended.
#[component]
pub(super) fn Results(model: RwSignal<Model>, task: Task, again: Callback<()>) -> impl IntoView {
    let result =
        Memo::new(move |_| model.with(|model| model.answer().map(|answer| answer.result.clone())));
    let is_stale = Memo::new(move |_| model.with(Model::is_stale));
    let retry = Retry::new();
    // Conditions that are being changed must not be sent by themselves.
    Effect::new(move |_| {
        if is_stale.get() || result.with(|result| matches!(result, Some(Ok(_)))) {
            retry.stop();
        }
    });
    let status = move || {
        if task.is_running() {
            return view! { <Searching task again /> }.into_any();
        }
        match result.get() {
            None => ().into_any(),
            Some(Err(error)) => view! {
                <ProblemNotice error=error.clone()>
                    <div class="notice__actions">
                        <button type="button" class="button button--solid" id="search-again" on:click=move |_| again.run(())>
                            "もう一度検索"
                        </button>
                        <AutoRetry error=&error retry again />
                    </div>
                </ProblemNotice>
            }
            .into_any(),
            Some(Ok(outcome)) => ending(outcome),
        }
    };
    let list = move || match result.get() {
        Some(Ok(SearchOutcome::Several(candidates))) if !task.is_running() => {
            Some(view! { <Candidates candidates /> })
        }
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

fn ending(outcome: SearchOutcome) -> AnyView {
    match outcome {
        SearchOutcome::NotFound => view! { <NotFound /> }.into_any(),
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
        SearchOutcome::TooMany => view! {
            <Notice
                tone=Tone::Attention
                title=["該当者が", &MOST_CANDIDATES.to_string(), "人を超えるため、表示できません"].concat()
            >
                <p>
                    "条件を追加して、もう一度検索してください。氏名と氏名（カナ）の両方、住所と保険者名の両方を入力するか、住所を詳しく入力すると絞り込めます。"
                </p>
            </Notice>
        }
        .into_any(),
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <Notice tone=Tone::Attention title="該当する資格情報が見つかりませんでした">
            <p>"次の点を確認して、もう一度検索してください。"</p>
            <ul>
                <li>"生年月日、性別に間違いはありませんか。"</li>
                <li>
                    "氏名は完全一致で検索します。旧字や異体字があるときは、氏名（カナ）だけで検索してください。旧姓や通称で登録されていることもあります。"
                </li>
                <li>
                    "住所は、転居前のものや、登録がないこともあります。保険者名だけで検索してください。"
                </li>
            </ul>
        </Notice>
    }
}
