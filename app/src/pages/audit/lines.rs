//! The lines as a table; cards on a narrow screen.

use domain::account::Role;
use domain::audit::{Action, Record, outcome_label};
use leptos::prelude::*;

use super::model::Model;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::task::Task;

const COLUMNS: [&str; 7] = [
    "日時",
    "ユーザID",
    "役割",
    "操作",
    "対象者ID",
    "端末",
    "結果",
];

/// Enough of a device's id to tell an institution's terminals apart; the file has all of it.
const DEVICE_CHARACTERS: usize = 8;

/// What was found, that nothing was, that it is on its way, or why it isn't.
#[component]
pub(super) fn Lines(model: RwSignal<Model>, task: Task, load: Callback<()>) -> impl IntoView {
    let count = Memo::new(move |_| model.with(|model| model.records.len()));
    let is_answered = Memo::new(move |_| model.with(|model| model.is_answered));
    let has_more = Memo::new(move |_| model.with(Model::has_more));
    let failure = Memo::new(move |_| model.with(|model| model.failure.clone()));
    let again = move |_| load.run(());
    let status = move || {
        if task.is_running() {
            return view! { <Waiting text="読み込んでいます…" /> }.into_any();
        }
        if let Some(error) = failure.get() {
            return view! {
                <ProblemNotice error>
                    <button type="button" class="button button--solid" on:click=again>
                        "もう一度読み込む"
                    </button>
                </ProblemNotice>
            }
            .into_any();
        }
        match (is_answered.get(), count.get(), has_more.get()) {
            (false, ..) => ().into_any(),
            (true, 0, _) => view! {
                <Notice tone=Tone::Information title="条件に合う記録はありません">
                    <p>"期間を広げるか、ユーザIDや操作の条件を外してください。"</p>
                </Notice>
            }
            .into_any(),
            (true, count, true) => {
                view! { <p class="audit__count">"新しい順に"{count}"件を表示しています。"</p> }
                    .into_any()
            }
            (true, count, false) => {
                view! { <p class="audit__count">"全部で"{count}"件です。"</p> }.into_any()
            }
        }
    };
    let more = move || {
        (has_more.get() && !task.is_running() && failure.with(Option::is_none)).then(|| {
            view! {
                <button type="button" class="button button--outline audit__more" on:click=again>
                    "さらに表示"
                </button>
            }
        })
    };
    view! {
        <section aria-label="監査証跡" aria-busy=move || task.is_running().to_string()>
            {move || (count.get() > 0).then(|| view! { <Table model /> })}
            <div role="status">{status}</div>
            {more}
        </section>
    }
}

#[component]
fn Table(model: RwSignal<Model>) -> impl IntoView {
    let heads = COLUMNS.map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
    let lines = move || {
        let lines = model.with(|model| model.records.iter().map(row).collect::<Vec<_>>());
        lines.into_iter().map(line).collect_view()
    };
    view! {
        <table class="table audit" id="audit" role="table">
            <caption class="visually-hidden">"監査証跡"</caption>
            <thead role="rowgroup"><tr role="row">{heads.into_iter().collect_view()}</tr></thead>
            <tbody role="rowgroup">{lines}</tbody>
        </table>
    }
}

/// The texts of a line.
fn row(record: &Record) -> [String; COLUMNS.len()] {
    let action = record.action.parse::<Action>().ok();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let role = text(&record.role);
    let outcome = record.outcome.as_deref().unwrap_or_default();
    [
        record.at.tokyo_text(),
        text(&record.user_id),
        role.parse()
            .map_or(role, |role: Role| role.label().to_owned()),
        action.map_or_else(|| record.action.clone(), |action| action.label().to_owned()),
        record
            .person_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        text(&record.device)
            .chars()
            .take(DEVICE_CHARACTERS)
            .collect(),
        outcome_label(action, outcome),
    ]
}

fn line(texts: [String; COLUMNS.len()]) -> impl IntoView {
    let mut cells = Vec::with_capacity(COLUMNS.len());
    for (name, text) in COLUMNS.into_iter().zip(texts) {
        let text = if text.is_empty() {
            "－".to_owned()
        } else {
            text
        };
        cells.push(view! {
            <td class="table__cell" role="cell" data-label=name><span>{text}</span></td>
        });
    }
    view! { <tr class="table__row audit__row" role="row">{cells}</tr> }
}
