//! 「緊急時医療情報・資格確認機能」: where its opening stands, what happens next, and what it offers.

mod call_centre;
mod model;
mod request;
mod steps;
mod withdraw;

use domain::account::Role;
use leptos::prelude::*;
use protocol::http::{OpeningStage, OpeningState, OpeningSummary, TerminalState};

use super::menu::{ForSearchers, MenuItem};
use crate::api::events::Feed;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::link::Link;
use crate::components::live::{self, OutOfDate, standing};
use crate::components::notice::{Notice, Tone};
use crate::components::waiting::Waiting;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::text::moment;
use request::RequestForm;
use steps::Steps;
use withdraw::Withdraw;

/// What every part of the page shares.
#[derive(Clone, Copy)]
struct Function {
    session: Session,
    feed: Feed<TerminalState>,
    /// Where it stands; `None` until that is known.
    state: Memo<Option<OpeningState>>,
    /// The opening under way, or else the last one.
    opening: Memo<Option<OpeningSummary>>,
    is_administrator: Memo<bool>,
}

impl Function {
    fn stage(self) -> Option<OpeningStage> {
        self.opening
            .with(|opening| opening.as_ref().map(|opening| opening.stage))
    }
}

/// What the emergency function offers, or how it is opened.
#[component]
pub(crate) fn EmergencyPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu] />
        <Heading route=Route::Emergency />
        <ForSearchers><Standing /></ForSearchers>
    }
}

#[component]
fn Standing() -> impl IntoView {
    let session = Session::expect();
    let feed = live::follow();
    let state = Memo::new(move |_| feed.state().map(|state| state.opening));
    let function = Function {
        session,
        feed,
        state,
        opening: Memo::new(move |_| state.get().and_then(|state| state.opening)),
        is_administrator: Memo::new(move |_| session.allows(Role::may_manage_accounts)),
    };
    let is_known = Memo::new(move |_| state.with(Option::is_some));
    let may_request = Memo::new(move |_| is_known.get() && model::may_request(function.stage()));
    let may_withdraw = Memo::new(move |_| model::may_withdraw(function.stage()));
    let form = move || match (may_request.get(), may_withdraw.get()) {
        (true, _) => view! { <RequestForm function /> }.into_any(),
        (_, true) => view! { <Withdraw function /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <OutOfDate feed />
        <div role="status">
            {move || (!is_known.get()).then(|| view! { <Waiting text="開放の状態を確認しています…" /> })}
        </div>
        <Show when=move || is_known.get()>
            <Told function />
            <ul class="menu opening__menu">
                <SearchItem function />
                <MenuItem
                    to=Route::Notebook
                    text="照会できない間に患者を控えておき、照会できるようになってから、まとめて照会します。"
                />
            </ul>
            <ReportsDue function />
            <Steps function />
            {form}
        </Show>
    }
}

/// Where it stands, in a box that is read out when it changes.
#[component]
fn Told(function: Function) -> impl IntoView {
    let told = Memo::new(move |_| function.state.with(|state| state.as_ref().map(standing)));
    let to_form = move || {
        let is_offered = function.is_administrator.get() && model::may_request(function.stage());
        is_offered.then(|| {
            view! {
                <button
                    type="button"
                    class="button button--outline opening__to-form"
                    on:click=|_| dom::focus_soon(request::CONTACT)
                >
                    "利用申請へ進む"
                </button>
            }
        })
    };
    view! {
        <div role="status">
            {move || told.get().map(|told| view! {
                <section
                    class=if told.is_open { "opening opening--open" } else { "opening" }
                    aria-labelledby="opening-title"
                >
                    <h2 class="opening__title" id="opening-title">{told.title}</h2>
                    <p>{told.text}</p>
                    {to_form}
                </section>
            })}
        </div>
    }
}

/// The way to the search: there, and closed with the reason until the function is open.
#[component]
fn SearchItem(function: Function) -> impl IntoView {
    let is_open = Memo::new(move |_| function.stage() == Some(OpeningStage::Opened));
    let reason = Memo::new(move |_| model::why_closed(function.stage()));
    move || {
        if is_open.get() {
            view! {
                <MenuItem
                    to=Route::Search
                    text="氏名、生年月日、性別などで患者を検索し、資格情報を確認します。"
                />
            }
            .into_any()
        } else {
            view! {
                <li class="menu__item menu__item--closed">
                    <span class="menu__link" role="link" aria-disabled="true" aria-describedby="search-closed">
                        {Route::Search.title()}
                    </span>
                    <p class="menu__text" id="search-closed">{move || reason.get()}</p>
                </li>
            }
            .into_any()
        }
    }
}

/// Openings that have ended and whose report is still to come, and the last report.
#[component]
fn ReportsDue(function: Function) -> impl IntoView {
    let due = Memo::new(move |_| {
        let state = function.state.get();
        state.map(|state| state.reports_due).unwrap_or_default()
    });
    let notice = move || {
        let due = due.get();
        (!due.is_empty()).then(|| view! {
            <Notice tone=Tone::Attention title="利用報告書を提出してください">
                <p>"「緊急時医療情報・資格確認機能」の利用が終わりました。"</p>
                <ul class="opening__due">
                    {due.into_iter().map(|opening| view! { <Due opening function /> }).collect_view()}
                </ul>
            </Notice>
        })
    };
    let last = move || {
        let opening = function.opening.get()?;
        let words = model::report(opening.stage)?;
        function.is_administrator.get().then(|| {
            view! {
                <p class="opening__report">
                    {words} " " <Link to=Route::Report(opening.id)>"利用報告書を見る"</Link>
                </p>
            }
        })
    };
    view! {
        <div role="status">{notice}</div>
        {last}
    }
}

#[component]
fn Due(opening: OpeningSummary, function: Function) -> impl IntoView {
    let period = opening.period;
    let period =
        period.map(|period| [&moment(period.starts_at), "～", &moment(period.ends_at)].concat());
    let to = Route::Report(opening.id);
    let what = move || {
        if function.is_administrator.get() {
            view! { <Link to=to.clone() class="button button--solid">"利用報告書を提出"</Link> }
                .into_any()
        } else {
            view! { <span>"管理者に提出を依頼してください。"</span> }.into_any()
        }
    };
    view! {
        <li class="opening__item"><span>"開放期間："{period}</span>{what}</li>
    }
}
