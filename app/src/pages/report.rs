//! 「利用報告書」 of an opening: what the trail says, what the institution adds, and how it leaves.

mod draft;
mod form;
mod hand_in;
mod sheet;

use domain::account::Role;
use leptos::prelude::*;
use protocol::http::{OpeningId, OpeningStage, ProblemCode};

use crate::api::Error;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::live;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::text::moment;
use draft::Draft;
use form::ReportForm;
use hand_in::{HandIn, HandedIn};
use sheet::Sheet;

/// The report of an opening, for administrators.
#[component]
pub(crate) fn ReportPage(id: OpeningId) -> impl IntoView {
    let session = Session::expect();
    let is_one = Memo::new(move |_| session.allows(Role::may_manage_accounts));
    let not_allowed = || {
        let error = Error::Problem(ProblemCode::NotAllowed.problem("", Vec::new()));
        view! { <ProblemNotice error /> }
    };
    let route = Route::Report(id.clone());
    view! {
        <Breadcrumbs above=vec![Route::Menu, Route::Emergency] />
        <Heading route />
        <Show when=move || is_one.get() fallback=not_allowed>
            <Report id=id.clone() />
        </Show>
    }
}

#[component]
fn Report(id: OpeningId) -> impl IntoView {
    let draft = Draft::new(Session::expect(), id.clone());
    draft.load();
    // What others did to the opening is in what the service counts and says of it.
    let feed = live::follow();
    let stage = Memo::new(move |_| {
        let opening = feed.state()?.opening.opening?;
        (opening.id == id).then_some(opening.stage)
    });
    Effect::new(move |before: Option<Option<OpeningStage>>| {
        let now = stage.get();
        if before.flatten().is_some_and(|before| now != Some(before)) {
            draft.load();
        }
        now
    });
    let is_loaded = Memo::new(move |_| draft.report.with(Option::is_some));
    let is_open = Memo::new(move |_| draft.is_open());
    view! {
        <div role="alert">
            {move || draft.unread.get().map(|error| view! {
                <ProblemNotice error>
                    <button type="button" class="button button--solid" on:click=move |_| draft.load()>
                        "もう一度読み込む"
                    </button>
                </ProblemNotice>
            })}
        </div>
        {move || (!is_loaded.get() && draft.unread.with(Option::is_none)).then(|| view! {
            <div role="status"><Waiting text="利用報告書を読み込んでいます…" /></div>
        })}
        <Show when=move || is_loaded.get()>
            <div class="report">
                <div class="report__work">
                    {move || if is_open.get() {
                        view! { <Open draft /> }.into_any()
                    } else {
                        view! { <HandedIn draft /> }.into_any()
                    }}
                    <button type="button" class="button button--outline" id="print" on:click=|_| dom::print()>
                        "印刷"
                    </button>
                </div>
                <Sheet draft />
            </div>
        </Show>
    }
}

/// While it is a draft.
#[component]
fn Open(draft: Draft) -> impl IntoView {
    let ends_at = Memo::new(move |_| {
        draft.report.with(|report| {
            let opening = &report.as_ref()?.opening;
            (opening.stage == OpeningStage::Opened).then_some(opening.period?.ends_at)
        })
    });
    view! {
        {move || ends_at.get().map(|at| view! {
            <Notice tone=Tone::Information title="開放中です。提出は、開放が終わってからできます">
                <p>{moment(at)}"に終わる予定です。下書きは今から保存できます。"</p>
            </Notice>
        })}
        <ReportForm draft />
        <Show when=move || ends_at.get().is_none()><HandIn draft /></Show>
    }
}
