//! What staff should tell the patient about a card that was accepted.

use domain::card_presentation::CardNotice;
use leptos::prelude::*;

use super::notice::{Notice, Tone};
use crate::text::both_calendars;

/// What is to be said, and where to send the patient.
#[component]
pub(crate) fn AboutCard(notice: CardNotice) -> impl IntoView {
    let CardNotice::ExpiresSoon(day) = notice;
    let title = [
        "利用者証明用電子証明書の有効期限は",
        &both_calendars(day),
        "です",
    ]
    .concat();
    view! {
        <Notice tone=Tone::Attention title>
            <p>"住所地の市区町村の窓口で更新できることを、患者に案内してください。"</p>
        </Notice>
    }
}
