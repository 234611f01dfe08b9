//! 「資格情報確認」.

mod coverage;
mod judgement;
mod link;
mod model;
mod presentation;

use leptos::prelude::*;
use protocol::http::{CandidateId, Eligibility, ProblemCode};

use super::search::Search;
use crate::api::{self, Error};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::copy::CopyButton;
use crate::components::expiry::Expiry;
use crate::components::heading::Heading;
use crate::components::link::Link;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::retry::{AutoRetry, Retry};
use crate::components::waiting::Waiting;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use coverage::{CoverageList, ShownCoverage};
use judgement::JudgementPanel;
use link::LinkCard;
use presentation::Presentation;

const LOADING: &str = "資格情報を読み込んでいます…";

/// What there is to show.
#[derive(Clone)]
enum Shown {
    /// Nothing yet, or waiting was given up.
    Nothing,
    Eligibility(Eligibility),
    Failed(Error),
    /// It was shown for as long as it may be.
    Over,
}

/// One person's eligibility, by the id that a search gave.
#[component]
pub(crate) fn EligibilityPage(id: CandidateId) -> impl IntoView {
    let session = Session::expect();
    let search = Search::expect();
    let task = Task::new();
    let retry = Retry::new();
    let shown = RwSignal::new(Shown::Nothing);
    // Where it came from, and where one goes back to; it is told by the answer.
    let is_presented = RwSignal::new(false);
    let route = Route::Eligibility(id.clone());
    let candidate = id.clone();
    let load = Callback::new(move |()| {
        let id = id.clone();
        task.run(async move {
            let Some(answer) = session.call(api::eligibility(&id)).await else {
                return;
            };
            if has_expired(&answer) {
                search.forget_answer();
            }
            if let Ok(eligibility) = &answer {
                is_presented.set(eligibility.presentation.is_some());
            }
            shown.set(match answer {
                Ok(eligibility) => Shown::Eligibility(eligibility),
                Err(error) => Shown::Failed(error),
            });
        });
    });
    load.run(());
    let stop = Callback::new(move |()| task.stop());
    let on_end = Callback::new(move |()| shown.set(Shown::Over));
    let content = move || {
        if task.is_running() {
            return view! { <Waiting text=LOADING stop again=load /> }.into_any();
        }
        match shown.get() {
            Shown::Nothing => view! { <Stopped load /> }.into_any(),
            Shown::Eligibility(eligibility) => view! {
                <Expiry seconds=eligibility.expires_in_seconds on_end />
                <Content eligibility candidate=candidate.clone() />
            }
            .into_any(),
            Shown::Failed(error) => view! { <Failure error retry load /> }.into_any(),
            Shown::Over => view! { <Over is_presented=is_presented.get() /> }.into_any(),
        }
    };
    let spoken = move || {
        shown.with(|shown| match shown {
            _ if task.is_running() => LOADING.to_owned(),
            Shown::Eligibility(eligibility) => judgement::spoken(&eligibility.judgement),
            _ => String::new(),
        })
    };
    let copied = Callback::new(move |()| {
        shown.with(|shown| match shown {
            Shown::Eligibility(eligibility) => model::everything(eligibility),
            _ => String::new(),
        })
    });
    let has_content = move || shown.with(|shown| matches!(shown, Shown::Eligibility(_)));
    view! {
        {move || {
            let above = if is_presented.get() {
                vec![Route::Menu, Route::Readers]
            } else {
                vec![Route::Menu, Route::Emergency, Route::Search]
            };
            view! { <Breadcrumbs above /> }
        }}
        <p class="visually-hidden" role="status">{spoken}</p>
        <div class="page-head">
            <Heading route />
            {move || has_content().then(|| view! { <Actions copied is_presented=is_presented.get() /> })}
        </div>
        {content}
    }
}

#[component]
fn Actions(copied: Callback<(), String>, is_presented: bool) -> impl IntoView {
    let (to, words) = if is_presented {
        (Route::Readers, "カードリーダー操作に戻る")
    } else {
        (Route::Search, "検索結果に戻る")
    };
    view! {
        <div class="page-head__actions">
            <Link to class="button button--outline">{words}</Link>
            <CopyButton id="copy-all" label="すべてコピー" text=copied />
            <button type="button" class="button button--outline" id="print" on:click=|_| dom::print()>
                "印刷"
            </button>
        </div>
    }
}

/// The time is over: nothing of it is left, on the screen or in memory.
#[component]
fn Over(is_presented: bool) -> impl IntoView {
    let (text, to, words) = if is_presented {
        (
            "患者の情報を守るためです。必要なときは、もう一度目視確認から行ってください。",
            Route::Readers,
            "カードリーダー操作に戻る",
        )
    } else {
        (
            "患者の情報を守るためです。もう一度検索してください。入力した条件は残っています。",
            Route::Search,
            "検索に戻る",
        )
    };
    view! {
        <div role="alert">
            <Notice tone=Tone::Attention title="表示の有効時間（10分）が過ぎたため、資格情報を消しました">
                <p>{text}</p>
                <div class="notice__actions">
                    <Link to class="button button--solid">{words}</Link>
                </div>
            </Notice>
        </div>
    }
}

#[component]
fn Stopped(load: Callback<()>) -> impl IntoView {
    view! {
        <div role="status">
            <Notice tone=Tone::Information title="読み込みを中止しました">
                <div class="notice__actions">
                    <button type="button" class="button button--solid" on:click=move |_| load.run(())>
                        "もう一度読み込む"
                    </button>
                    <Link to=Route::Search class="button button--outline">"検索に戻る"</Link>
                </div>
            </Notice>
        </div>
    }
}

#[component]
fn Content(eligibility: Eligibility, candidate: CandidateId) -> impl IntoView {
    let Eligibility {
        qualification_confirmation_date: day,
        judgement,
        mut coverages,
        presentation,
        ..
    } = eligibility;
    let person = judgement
        .listed()
        .and_then(|index| coverages.get(index))
        .cloned();
    let shown = judgement
        .shown
        .filter(|index| *index < coverages.len())
        .map(|index| coverages.remove(index));
    // Of several in force none is picked: all of them stand open, one like the other.
    let equals: Vec<_> = if shown.is_none() {
        let in_force = judgement.in_force.iter();
        in_force
            .filter_map(|index| coverages.get(*index).cloned())
            .collect()
    } else {
        Vec::new()
    };
    coverages.retain(|coverage| !equals.contains(coverage));
    // Who came by a card has one; the others may have one that is not known yet.
    let name = person.as_ref().map(|person| person.name.clone());
    let name = name.filter(|_| presentation.is_none());
    view! {
        <JudgementPanel day judgement person />
        {name.map(|name| view! { <LinkCard candidate name /> })}
        {presentation.map(|presentation| view! { <Presentation presentation /> })}
        {shown.map(|coverage| view! { <ShownCoverage coverage /> })}
        {(!equals.is_empty()).then(|| view! {
            <CoverageList id="in-force-title" title="有効な資格" open=true coverages=equals />
        })}
        {(!coverages.is_empty()).then(|| view! {
            <CoverageList id="others-title" title="その他の資格" open=false coverages />
        })}
    }
}

#[component]
fn Failure(error: Error, retry: Retry, load: Callback<()>) -> impl IntoView {
    let may_help = !matches!(
        error.code(),
        Some(
            ProblemCode::CandidateExpired
                | ProblemCode::FunctionNotOpen
                | ProblemCode::NotAllowed
                | ProblemCode::NoSuchAddress
        )
    );
    view! {
        <div role="alert">
            <ProblemNotice error=error.clone()>
                <div class="notice__actions">
                    {may_help.then(|| view! {
                        <button type="button" class="button button--solid" on:click=move |_| load.run(())>
                            "もう一度読み込む"
                        </button>
                    })}
                    <Link to=Route::Search class="button button--outline">"検索に戻る"</Link>
                    <AutoRetry error=&error retry again=load />
                </div>
            </ProblemNotice>
        </div>
    }
}

fn has_expired(answer: &Result<Eligibility, Error>) -> bool {
    let code = answer.as_ref().err().and_then(Error::code);
    code == Some(ProblemCode::CandidateExpired)
}
