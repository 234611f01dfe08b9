//! 「資格情報確認」.

mod coverage;
mod judgement;
mod model;

use leptos::prelude::*;
use protocol::http::{CandidateId, Eligibility, ProblemCode};

use super::search::Search;
use crate::api::{self, Error};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::link::Link;
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use coverage::{OtherCoverages, ShownCoverage};
use judgement::JudgementPanel;

const LOADING: &str = "資格情報を読み込んでいます…";

/// One person's eligibility, by the id that a search gave.
#[component]
pub(crate) fn EligibilityPage(id: CandidateId) -> impl IntoView {
    let session = Session::expect();
    let search = Search::expect();
    let task = Task::new();
    let result = RwSignal::new(None::<Result<Eligibility, Error>>);
    let route = Route::Eligibility(id.clone());
    let load = Callback::new(move |()| {
        let id = id.clone();
        task.run(async move {
            let Some(answer) = session.call(api::eligibility(&id)).await else {
                return;
            };
            if has_expired(&answer) {
                search.forget_answer();
            }
            result.set(Some(answer));
        });
    });
    load.run(());
    let content = move || {
        if task.is_running() {
            return view! { <Waiting text=LOADING /> }.into_any();
        }
        match result.get() {
            None => ().into_any(),
            Some(Ok(eligibility)) => view! { <Content eligibility /> }.into_any(),
            Some(Err(error)) => view! { <Failure error load /> }.into_any(),
        }
    };
    let spoken = move || match result.get() {
        _ if task.is_running() => LOADING.to_owned(),
        Some(Ok(eligibility)) => judgement::spoken(&eligibility.judgement),
        _ => String::new(),
    };
    view! {
        <Breadcrumbs above=vec![Route::Menu, Route::Emergency, Route::Search] />
        <p class="visually-hidden" role="status">{spoken}</p>
        <div class="page-head">
            <Heading route />
            {move || matches!(result.get(), Some(Ok(_))).then(|| view! { <Actions /> })}
        </div>
        {content}
    }
}

#[component]
fn Actions() -> impl IntoView {
    view! {
        <div class="page-head__actions">
            <Link to=Route::Search class="button button--outline">"検索結果に戻る"</Link>
            <button type="button" class="button button--outline" id="print" on:click=|_| dom::print()>
                "印刷"
            </button>
        </div>
    }
}

#[component]
fn Content(eligibility: Eligibility) -> impl IntoView {
    let Eligibility {
        qualification_confirmation_date: day,
        judgement,
        mut coverages,
    } = eligibility;
    let person = judgement
        .listed()
        .and_then(|index| coverages.get(index))
        .cloned();
    let shown = judgement
        .shown
        .filter(|index| *index < coverages.len())
        .map(|index| coverages.remove(index));
    view! {
        <JudgementPanel day judgement person />
        {shown.map(|coverage| view! { <ShownCoverage coverage /> })}
        {(!coverages.is_empty()).then(|| view! { <OtherCoverages coverages /> })}
    }
}

#[component]
fn Failure(error: Error, load: Callback<()>) -> impl IntoView {
    let may_help = !matches!(
        error.code(),
        Some(ProblemCode::CandidateExpired | ProblemCode::NotAllowed | ProblemCode::NoSuchAddress)
    );
    view! {
        <div role="alert">
            <ProblemNotice error>
                <div class="notice__actions">
                    {may_help.then(|| view! {
                        <button type="button" class="button button--solid" on:click=move |_| load.run(())>
                            "もう一度読み込む"
                        </button>
                    })}
                    <Link to=Route::Search class="button button--outline">"検索に戻る"</Link>
                </div>
            </ProblemNotice>
        </div>
    }
}

fn has_expired(answer: &Result<Eligibility, Error>) -> bool {
    let code = answer.as_ref().err().and_then(Error::code);
    code == Some(ProblemCode::CandidateExpired)
}
