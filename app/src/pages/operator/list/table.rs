//! The rows; only those that were asked for are on the page.

use domain::opening::USUAL_MINUTES;
use leptos::prelude::*;
use protocol::http::{OpeningStage, OpeningSummary};

use super::super::words::{self, waited};
use super::List;
use crate::components::icon::{Icon, Sign};
use crate::components::link::Link;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::route::Route;
use crate::text::moment;

/// What was found, that nothing was, that it is on its way, or why it isn't.
#[component]
pub(super) fn Table(list: List) -> impl IntoView {
    let model = list.model;
    let counts = Memo::new(move |_| model.with(|model| (model.rows.len(), model.total)));
    let is_answered = Memo::new(move |_| model.with(|model| model.is_answered));
    let has_more = Memo::new(move |_| model.with(|model| model.next.is_some()));
    let failure = Memo::new(move |_| model.with(|model| model.failure.clone()));
    let status = move || {
        if list.loading.is_running() {
            return view! { <Waiting text="読み込んでいます…" /> }.into_any();
        }
        if let Some(error) = failure.get() {
            return view! {
                <ProblemNotice error>
                    <button type="button" class="button button--solid" on:click=move |_| list.load()>
                        "もう一度読み込む"
                    </button>
                </ProblemNotice>
            }
            .into_any();
        }
        match (is_answered.get(), counts.get()) {
            (false, _) => ().into_any(),
            (true, (0, _)) => view! {
                <Notice tone=Tone::Information title="該当する申請はありません">
                    <p>"新しい申請は、届くとここに表示されます。"</p>
                </Notice>
            }
            .into_any(),
            (true, (shown, total)) => view! {
                <p class="audit__count">{total}"件のうち"{shown}"件を、申請の早い順に表示しています。"</p>
            }
            .into_any(),
        }
    };
    let more = move || {
        (has_more.get() && !list.loading.is_running() && failure.with(Option::is_none)).then(|| {
            view! {
                <button type="button" class="button button--outline" on:click=move |_| list.load()>
                    "さらに表示"
                </button>
            }
        })
    };
    view! {
        <section aria-label="申請の一覧" aria-busy=move || list.loading.is_running().to_string()>
            {move || (counts.get().0 > 0).then(|| view! { <Rows list /> })}
            <div role="status">{status}</div>
            {more}
        </section>
    }
}

#[component]
fn Rows(list: List) -> impl IntoView {
    let heads = [
        "選択",
        "医療機関・薬局",
        "状態",
        "待ち時間",
        "原因・担当者名",
        "申請日時",
    ];
    let heads = heads.map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
    view! {
        <table class="table openings" id="openings" role="table">
            <caption class="visually-hidden">"申請の一覧"</caption>
            <thead role="rowgroup"><tr role="row">{heads.into_iter().collect_view()}</tr></thead>
            <tbody role="rowgroup">
                <For each=move || list.model.with(|model| model.rows.clone()) key=key let:opening>
                    <Row opening list />
                </For>
            </tbody>
        </table>
    }
}

/// A row is made anew when what it tells has changed, and stays where it was otherwise.
fn key(opening: &OpeningSummary) -> String {
    let end = opening
        .period
        .map(|period| period.ends_at.unix_milliseconds());
    let parts = [
        opening.id.as_str(),
        opening.stage.code(),
        &end.unwrap_or_default().to_string(),
        &opening.institution_name,
    ];
    parts.join(" ")
}

#[component]
fn Row(opening: OpeningSummary, list: List) -> impl IntoView {
    let id = opening.id.clone();
    let (of_tick, changed) = (id.clone(), id.clone());
    let is_chosen = Memo::new(move |_| list.chosen.with(|chosen| chosen.contains(&of_tick)));
    let choose = move |is_chosen: bool| {
        list.chosen.update(|chosen| {
            if is_chosen {
                chosen.insert(changed.clone());
            } else {
                chosen.remove(&changed);
            }
        });
    };
    let name = opening.institution_name.clone();
    let label = ["「", &name, "」を選択"].concat();
    let code = opening.medical_institution_code.to_string();
    let contact = opening.contact.as_str().to_owned();
    let (cause, stage) = (opening.cause.label(), opening.stage);
    let channel = opening.is_by_telephone.then_some("電話で受付");
    let requested = moment(opening.requested_at);
    let end = opening
        .period
        .filter(|_| stage == OpeningStage::Opened)
        .map(|period| [&moment(period.ends_at), "まで"].concat());
    view! {
        <tr class="table__row" role="row">
            <td class="table__cell" role="cell" data-label="選択">
                <label class="openings__tick">
                    <input
                        type="checkbox"
                        aria-label=label
                        prop:checked=is_chosen
                        on:change:target=move |event| choose(event.target().checked())
                    />
                </label>
            </td>
            <td class="table__cell" role="cell" data-label="医療機関・薬局">
                <span on:click:capture=move |_| list.keep()>
                    <Link to=Route::OperatorOpening(id) class="table__link">{name}</Link>
                </span>
                <span class="table__note">{code}</span>
            </td>
            <td class="table__cell" role="cell" data-label="状態">
                <span class="openings__stage">{words::stage(stage)}</span>
                <span class="table__note">{end}</span>
            </td>
            <td class="table__cell" role="cell" data-label="待ち時間">
                <WaitingTime opening list />
            </td>
            <td class="table__cell" role="cell" data-label="原因・担当者名">
                <span>{cause}</span>
                <span class="table__note">{contact}</span>
            </td>
            <td class="table__cell" role="cell" data-label="申請日時">
                <span>{requested}</span>
                <span class="table__note">{channel}</span>
            </td>
        </tr>
    }
}

/// Minutes against the usual ones.
#[component]
fn WaitingTime(opening: OpeningSummary, list: List) -> impl IntoView {
    let waited = Memo::new(move |_| waited(&opening, list.now.get()));
    move || match waited.get() {
        None => view! { <span>"－"</span> }.into_any(),
        Some(waited) if waited.is_over => view! {
            <span class="openings__late"><Sign icon=Icon::Attention />{waited.text}</span>
            <span class="table__note">"目安の"{USUAL_MINUTES}"分を超過"</span>
        }
        .into_any(),
        Some(waited) if waited.is_waiting => view! {
            <span>{waited.text}</span>
            <span class="table__note">"目安"{USUAL_MINUTES}"分"</span>
        }
        .into_any(),
        Some(waited) => view! { <span>{waited.text}</span> }.into_any(),
    }
}
