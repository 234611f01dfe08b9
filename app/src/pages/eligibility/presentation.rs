//! How the eligibility came about, when it was by a visual confirmation.

use domain::card_presentation::CardNotice;
use leptos::prelude::*;
use protocol::http::VisualPresentation;

use super::coverage::Groups;
use super::model;
use crate::components::notice::{Notice, Tone};
use crate::text::both_calendars;

/// Who confirmed by eye, the card, and the consents; what to tell the patient first.
#[component]
pub(super) fn Presentation(presentation: VisualPresentation) -> impl IntoView {
    let notice = presentation.notice.map(|CardNotice::ExpiresSoon(day)| {
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
    });
    view! {
        {notice}
        <section class="coverage" aria-label="目視確認の内容">
            <Groups groups=model::presentation(&presentation) level=2 />
        </section>
    }
}
