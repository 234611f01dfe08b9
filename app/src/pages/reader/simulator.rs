//! 「模擬カード」: cards to place without a reader, in demo mode.

use leptos::prelude::*;
use protocol::bridge::SimulatedCard;

use super::control::Control;

const CARDS: [(&str, Option<SimulatedCard>); 4] = [
    ("有効なカードを置く", Some(SimulatedCard::Valid)),
    ("期限切れのカードを置く", Some(SimulatedCard::Expired)),
    ("未登録のカードを置く", Some(SimulatedCard::NotLinked)),
    ("カードを取る", None),
];

/// The group; from the WebSocket on it goes the way of real cards.
#[component]
pub(super) fn Simulator(control: Control) -> impl IntoView {
    let button = move |(name, card): (&'static str, Option<SimulatedCard>)| {
        view! {
            <button type="button" class="button button--outline" on:click=move |_| control.simulate(card)>
                {name}
            </button>
        }
    };
    view! {
        <aside class="reader__demo">
            <fieldset class="reader__simulator">
                <legend>"模擬カード"</legend>
                <div class="reader__cards">{CARDS.map(button).collect_view()}</div>
            </fieldset>
        </aside>
    }
}
