//! The steps as buttons in their order.

use leptos::prelude::*;
use protocol::http::OperatorOpening;

use super::Desk;
use super::step::Step;
use crate::components::icon::{Icon, Sign};
use crate::text::moment;

/// Only what is next can be pressed; the others say when they were taken, or what comes before.
#[component]
pub(super) fn Steps(desk: Desk, known: OperatorOpening) -> impl IntoView {
    let item = |step: Step| {
        let taken = step.taken_at(&known.opening).map(moment);
        let hindrance = step.hindrance(&known);
        view! { <Item desk step taken hindrance /> }
    };
    let in_order = Step::IN_ORDER.map(item);
    let aside = Step::ASIDE.map(item);
    view! {
        <section aria-labelledby="steps-title">
            <h3 class="account__title" id="steps-title">"手順"</h3>
            <ol class="steps">{in_order.into_iter().collect_view()}</ol>
            <ul class="acts" aria-label="開放しないとき">{aside.into_iter().collect_view()}</ul>
        </section>
    }
}

#[component]
fn Item(desk: Desk, step: Step, taken: Option<String>, hindrance: Option<String>) -> impl IntoView {
    let is_next = hindrance.is_none();
    let is_taken = taken.is_some();
    let note = match (taken, hindrance) {
        (Some(at), _) => [&at, " 済"].concat(),
        (None, Some(why)) => why,
        (None, None) => step.text().to_owned(),
    };
    let class = match (is_next, step) {
        (true, Step::Refuse | Step::Withdraw | Step::End) | (false, _) => "button button--outline",
        (true, _) => "button button--solid",
    };
    let note_id = ["step-note-", step.label()].concat();
    let is_aside = Step::ASIDE.contains(&step);
    view! {
        <li
            class:steps__step=!is_aside
            class:steps__step--now=is_next && !is_aside
            class:steps__step--done=is_taken
            aria-current=(is_next && !is_aside).then_some("step")
        >
            <div class="acts__act">
                <button
                    type="button"
                    class=class
                    disabled=!is_next
                    aria-describedby=note_id.clone()
                    on:click=move |_| desk.asked.set(Some(step))
                >
                    {step.label()}
                </button>
                <p class="acts__note" id=note_id>
                    {is_taken.then(|| view! { <Sign icon=Icon::Yes /> })}
                    {note}
                </p>
            </div>
        </li>
    }
}
