//! オンライン資格確認等コールセンター: its number, and whether somebody answers.

use leptos::prelude::*;

use super::Function;
use crate::text::moment;

/// Whom to call, and when.
#[component]
pub(super) fn CallCentre(function: Function) -> impl IntoView {
    let centre = Memo::new(move |_| {
        function
            .state
            .with(|state| state.as_ref().map(|state| state.call_centre.clone()))
    });
    move || {
        centre.get().map(|centre| {
            let changes = centre.changes_at.map(moment);
            let now = match (centre.is_open, changes) {
                (true, Some(until)) => ["受付中（", &until, "まで）"].concat(),
                (true, None) => "受付中".to_owned(),
                (false, Some(from)) => ["受付時間外（次の受付は", &from, "から）"].concat(),
                (false, None) => "受付時間外".to_owned(),
            };
            let class = if centre.is_open { "call-centre__now call-centre__now--open" } else { "call-centre__now" };
            view! {
                <div class="call-centre">
                    <p>"オンライン資格確認等コールセンター"</p>
                    <p class="call-centre__line">
                        <a class="call-centre__number" href=["tel:", &centre.telephone].concat()>{centre.telephone.clone()}</a>
                        <span>"（通話無料）"</span>
                        <strong class=class>{now}</strong>
                    </p>
                    <p class="desk__hint">{centre.hours}"（いずれも祝日を除く）"</p>
                </div>
            }
        })
    }
}
