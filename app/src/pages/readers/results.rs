//! Results that wait to be opened.

use leptos::prelude::*;
use protocol::http::WaitingResult;

use super::desk::Desk;
use crate::text::moment;

/// What did not open by itself, the newest first.
#[component]
pub(super) fn Results(desk: Desk) -> impl IntoView {
    let results = Memo::new(move |_| {
        desk.with_state(|state| state.results.clone())
            .unwrap_or_default()
    });
    let list = move || {
        let results = results.get();
        (!results.is_empty()).then(|| {
            view! {
                <section class="desk__results" aria-labelledby="results-title">
                    <h2 class="desk__title" id="results-title">"目視確認の結果"</h2>
                    <ul class="desk__list">
                        {results.into_iter().map(|result| row(result, desk)).collect_view()}
                    </ul>
                    <p class="desk__hint">"結果は、10分間表示できます。"</p>
                </section>
            }
        })
    };
    let spoken = move || {
        let waiting = |result: &&WaitingResult| !result.is_opened;
        match results.with(|results| results.iter().filter(waiting).count()) {
            0 => String::new(),
            count => ["目視確認の結果が", &count.to_string(), "件あります。"].concat(),
        }
    };
    view! {
        <p class="visually-hidden" role="status">{spoken}</p>
        {list}
    }
}

fn row(result: WaitingResult, desk: Desk) -> impl IntoView {
    let at = moment(result.at);
    let label = ["結果を表示（", &result.reader_name, "、", &at, "）"].concat();
    let class = if result.is_opened {
        "button button--outline button--small"
    } else {
        "button button--solid button--small"
    };
    let id = result.id;
    view! {
        <li class="desk__item">
            <span class="desk__what">
                <strong>{result.reader_name}</strong>
                <span>{at}</span>
                {result.is_opened.then(|| view! { <span class="desk__mark">"表示済み"</span> })}
            </span>
            <button
                type="button"
                class=class
                title=label
                aria-disabled=move || desk.is_opening().to_string()
                on:click=move |_| {
                    if !untrack(|| desk.is_opening()) {
                        desk.open(id.clone());
                    }
                }
            >
                "結果を表示"
            </button>
        </li>
    }
}
