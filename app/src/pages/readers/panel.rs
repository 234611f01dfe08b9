//! What is in a reader's box when nobody is being confirmed from here.

use leptos::prelude::*;
use protocol::http::{ReaderScreenId, VisualConfirmationId};

use super::desk::{Act, Desk};
use super::model;
use crate::components::dialog::Confirm;

/// 「目視確認」, and the question before it.
#[component]
pub(super) fn Normal(
    id: ReaderScreenId,
    name: Memo<Option<String>>,
    desk: Desk,
    is_online: Memo<bool>,
) -> impl IntoView {
    let asked = RwSignal::new(false);
    let is_blocked = move || !is_online.get() || !desk.is_live() || desk.is_acting();
    let ask = move |_| {
        if !untrack(is_blocked) {
            asked.set(true);
        }
    };
    let begin = Callback::new(move |()| {
        let then = super::reader::heading(&id);
        desk.act(Act::Begin(id.clone()), Some(then));
    });
    let question = move || {
        asked.get().then(|| {
            let name = name.get_untracked().unwrap_or_default();
            let question = ["「", &name, "」を目視確認モードに切り替えますか"].concat();
            view! {
                <Confirm
                    question
                    text="職員が顔写真を目視で確認して、本人確認を行います。読取画面はすぐに切り替わります。"
                    yes="OK"
                    on_yes=begin
                    on_no=Callback::new(move |()| asked.set(false))
                />
            }
        })
    };
    let label = move || {
        let name = name.get().unwrap_or_default();
        ["目視確認（", &name, "）"].concat()
    };
    view! {
        <div class="desk__actions">
            <button
                type="button"
                class="button button--solid"
                title=label
                aria-disabled=move || is_blocked().to_string()
                on:click=ask
            >
                "目視確認"
            </button>
        </div>
        {question}
    }
}

/// A visual confirmation that others have begun: it can be looked at, and ended.
#[component]
pub(super) fn Others(id: VisualConfirmationId, desk: Desk, after: String) -> impl IntoView {
    let wanted = id.clone();
    let state = Memo::new(move |_| desk.confirmation(&wanted));
    let text = move |look: fn(&protocol::http::VisualConfirmationState) -> &'static str| {
        Memo::new(move |_| state.with(|state| state.as_ref().map(look)))
    };
    let began = text(|state| model::began(state.began));
    let stage = text(|state| model::stage(&state.stage));
    let asked = RwSignal::new(false);
    let cancel = Callback::new(move |()| desk.act(Act::Cancel(id.clone()), Some(after.clone())));
    view! {
        <dl class="desk__facts" role="status">
            <div><dt>"始めた場所"</dt><dd>{move || began.get()}</dd></div>
            <div><dt>"今の段階"</dt><dd>{move || stage.get()}</dd></div>
        </dl>
        <div class="desk__actions">
            <button type="button" class="button button--outline" on:click=move |_| asked.set(true)>
                "目視確認を終了"
            </button>
        </div>
        {move || asked.get().then(|| view! {
            <Confirm
                question="ほかの場所で始めた目視確認を終了しますか"
                text="患者が操作の途中でも、読取画面は通常モードに戻ります。担当している職員に確かめてください。"
                yes="終了する"
                on_yes=cancel
                on_no=Callback::new(move |()| asked.set(false))
            />
        })}
    }
}
