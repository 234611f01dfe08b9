//! A visual confirmation that was begun here: what to do, one thing after the other.

use leptos::prelude::*;
use protocol::http::VisualConfirmationId;

use super::desk::{Act, Desk};
use super::model;
use super::steps::Steps;
use crate::components::expiry::{Deadline, every_second};

/// The steps, 「続けて目視確認」, 「目視確認を終了」, and how long nobody may do nothing.
#[component]
pub(super) fn Confirmation(id: VisualConfirmationId, desk: Desk, after: String) -> impl IntoView {
    let wanted = id.clone();
    let state = Memo::new(move |_| desk.confirmation(&wanted));
    let is_followed = Memo::new(move |_| {
        state.with(|state| state.as_ref().is_some_and(|state| state.is_followed))
    });
    let cancelled = id.clone();
    let cancel = move |_| desk.act(Act::Cancel(cancelled.clone()), Some(after.clone()));
    let followed = id.clone();
    let follow = Callback::new(move |is_set| desk.act(Act::Follow(followed.clone(), is_set), None));
    view! {
        <div class="desk__visual">
            <Steps id=id.clone() state desk />
            <Tick label="続けて目視確認" is_set=is_followed desk on_change=follow>
                <span class="desk__hint">
                    "この患者が終わると、次の患者の目視確認を始めます。本人確認は、患者ごとに行ってください。"
                </span>
            </Tick>
            <Idle id desk />
            <div class="desk__actions">
                <button type="button" class="button button--outline" on:click=cancel>
                    "目視確認を終了"
                </button>
            </div>
        </div>
    }
}

/// A box to tick; it shows what the service says, but while it is being asked.
#[component]
pub(super) fn Tick(
    label: &'static str,
    is_set: Memo<bool>,
    desk: Desk,
    on_change: Callback<bool>,
    #[prop(optional, into)] is_blocked: Signal<bool>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let wanted = RwSignal::new(None::<bool>);
    Effect::new(move |was: Option<bool>| {
        let is_acting = desk.is_acting();
        if was == Some(true) && !is_acting {
            wanted.set(None);
        }
        is_acting
    });
    let is_checked = move || wanted.get().unwrap_or_else(|| is_set.get());
    let is_disabled = move || is_blocked.get() || desk.is_acting();
    let change = move |event| {
        let is_set = event_target_checked(&event);
        wanted.set(Some(is_set));
        on_change.run(is_set);
    };
    // What is disabled would lose the focus: it is refused instead.
    let guard = move |click: leptos::ev::MouseEvent| {
        if untrack(is_disabled) {
            click.prevent_default();
        }
    };
    view! {
        <label class="tick">
            <input
                class="tick__box"
                type="checkbox"
                prop:checked=is_checked
                aria-disabled=move || is_disabled().to_string()
                on:click=guard
                on:change=change
            />
            <span class="tick__text">
                <span class="tick__label">{label}</span>
                {children.map(|children| children())}
            </span>
        </label>
    }
}

/// Counts down, anew with each state.
#[component]
fn Idle(id: VisualConfirmationId, desk: Desk) -> impl IntoView {
    let deadline = StoredValue::new(None::<Deadline>);
    let left = RwSignal::new(None::<u32>);
    let count = move || left.set(deadline.get_value().map(Deadline::seconds_left));
    Effect::new(move |_| {
        let state = desk.confirmation(&id);
        deadline.set_value(state.map(|state| Deadline::in_seconds(state.expires_in_seconds)));
        count();
    });
    every_second(count);
    let text = Memo::new(move |_| left.get().map(model::rest));
    view! { <p class="desk__hint" role="timer" aria-live="off">{move || text.get()}</p> }
}
