//! What the list is narrowed by: a stage, with how many there are of it now, and a text.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{OpeningStage, OperatorState};

use super::super::words;
use super::List;
use super::model::Conditions;
use crate::components::field::TextField;

/// Stages as buttons; those without a number are history.
#[component]
pub(super) fn Filter(list: List) -> impl IntoView {
    let stage = Memo::new(move |_| list.model.with(|model| model.conditions.stage));
    let text = RwSignal::new(
        list.model
            .with_untracked(|model| model.conditions.text.clone()),
    );
    let choose = move |stage: Option<OpeningStage>| {
        list.look_for(Conditions {
            stage,
            text: text.get_untracked().trim().to_owned(),
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        choose(stage.get_untracked());
    };
    let all = std::iter::once(None).chain(OpeningStage::ALL.map(Some));
    let buttons = all.map(|this| {
        let count = move || {
            let count = list.feed.state().and_then(|state| count(&state, this));
            count.map(|count| view! { <span class="stages__count">{count}</span> })
        };
        view! {
            <button
                type="button"
                class="stages__stage"
                aria-pressed=move || (stage.get() == this).to_string()
                on:click=move |_| choose(this)
            >
                {this.map_or("対応が必要なすべて", words::stage)}
                {count}
            </button>
        }
    });
    view! {
        <section class="operator__filter" aria-label="絞り込み">
            <div class="stages" role="group" aria-label="手順">{buttons.collect_view()}</div>
            <form class="operator__search" role="search" on:submit=submit novalidate=true>
                <TextField
                    id="list-text"
                    label="医療機関・薬局名または医療機関コード"
                    value=text
                    error=Signal::derive(|| None::<String>)
                    on_input=Callback::new(move |typed| text.set(typed))
                    beside=view! {
                        <button type="submit" class="button button--outline">"絞り込む"</button>
                    }
                    .into_any()
                />
            </form>
        </section>
    }
}

/// How many there are; of what is over nobody counts.
const fn count(state: &OperatorState, stage: Option<OpeningStage>) -> Option<u32> {
    let count = match stage {
        None => {
            state.requested
                + state.called_back
                + state.form_sent
                + state.opened
                + state.ended
                + state.handed_in
        }
        Some(OpeningStage::Requested) => state.requested,
        Some(OpeningStage::CalledBack) => state.called_back,
        Some(OpeningStage::FormSent) => state.form_sent,
        Some(OpeningStage::Opened) => state.opened,
        Some(OpeningStage::Ended) => state.ended,
        Some(OpeningStage::HandedIn) => state.handed_in,
        Some(OpeningStage::Acknowledged | OpeningStage::Refused | OpeningStage::Withdrawn) => {
            return None;
        }
    };
    Some(count)
}
