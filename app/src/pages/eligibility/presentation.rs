//! How the eligibility came about, when it was by a visual confirmation.

use leptos::prelude::*;
use protocol::http::VisualPresentation;

use super::coverage::Groups;
use super::model;
use crate::components::card_notice::AboutCard;

/// Who confirmed by eye, the card, and the consents; what to tell the patient first.
#[component]
pub(super) fn Presentation(presentation: VisualPresentation) -> impl IntoView {
    let notice = presentation
        .notice
        .map(|notice| view! { <AboutCard notice /> });
    view! {
        {notice}
        <section class="coverage" aria-label="目視確認の内容">
            <Groups groups=model::presentation(&presentation) level=2 />
        </section>
    }
}
