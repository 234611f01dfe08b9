//! A reader's screen: its state, and what can be done there.

use leptos::prelude::*;
use protocol::http::{ReaderScreenId, ReaderState};

use super::confirmation::Confirmation;
use super::desk::Desk;
use super::model::{self, Panel};
use super::panel::{Normal, Others};

/// One box. Nothing in it is made anew as long as it says the same.
#[component]
pub(super) fn ReaderCard(id: ReaderScreenId, desk: Desk) -> impl IntoView {
    let heading = heading(&id);
    let labelled = heading.clone();
    let wanted = id.clone();
    let reader = Memo::new(move |_| desk.reader(&wanted));
    let of = move |look: fn(&ReaderState) -> Option<&'static str>| {
        Memo::new(move |_| reader.with(|reader| reader.as_ref().and_then(look)))
    };
    let name =
        Memo::new(move |_| reader.with(|reader| reader.as_ref().map(|reader| reader.name.clone())));
    let is_online = Memo::new(move |_| {
        reader.with(|reader| reader.as_ref().is_some_and(|reader| reader.is_online))
    });
    let card_reader = of(|reader| Some(model::card_reader(reader.card_reader)));
    let trouble = of(model::trouble);
    let panel = Memo::new(move |_| reader.with(|reader| reader.as_ref().map(model::panel)));
    let is_normal = move || panel.get() == Some(Panel::Normal);
    let mode = move || {
        if is_normal() {
            "通常モード"
        } else {
            "目視確認モード"
        }
    };
    let content = {
        let heading = heading.clone();
        move || match panel.get() {
            None => ().into_any(),
            Some(Panel::Normal) => {
                view! { <Normal id=id.clone() name desk is_online /> }.into_any()
            }
            Some(Panel::Own(own)) => {
                view! { <Confirmation id=own desk after=heading.clone() /> }.into_any()
            }
            Some(Panel::Others(others)) => {
                view! { <Others id=others desk after=heading.clone() /> }.into_any()
            }
        }
    };
    view! {
        <section class="desk__reader" class:desk__reader--visual=move || !is_normal() aria-labelledby=labelled>
            <div class="desk__head">
                <h2 class="desk__name" id=heading tabindex="-1">{move || name.get()}</h2>
                <dl class="desk__states">
                    <div class="desk__state" class:desk__state--bad=move || !is_online.get()>
                        <dt>"読取画面"</dt>
                        <dd>{move || if is_online.get() { "オンライン" } else { "オフライン" }}</dd>
                    </div>
                    <div class="desk__state" class:desk__state--bad=move || trouble.get().is_some()>
                        <dt>"カードリーダー"</dt>
                        <dd>{move || if is_online.get() { card_reader.get() } else { Some("状態不明") }}</dd>
                    </div>
                    <div class="desk__state" class:desk__state--visual=move || !is_normal()>
                        <dt>"モード"</dt>
                        <dd>{mode}</dd>
                    </div>
                </dl>
            </div>
            <div role="status">
                {move || trouble.get().map(|text| view! { <p class="desk__trouble">{text}</p> })}
            </div>
            {content}
        </section>
    }
}

/// The id of the box's heading.
pub(super) fn heading(id: &ReaderScreenId) -> String {
    ["reader-", id.as_str()].concat()
}
