//! Whom to call: the registered number, and no other.

use leptos::prelude::*;
use protocol::http::OperatorOpening;

use super::super::words;
use crate::text::moment;

/// The number, large; and who was spoken to, once somebody was.
#[component]
pub(super) fn Call(known: OperatorOpening) -> impl IntoView {
    let number = known.institution.telephone.map(|telephone| {
        let href = ["tel:", telephone.as_str()].concat();
        let text = words::telephone(telephone.as_str());
        view! { <p><a class="call__number" href=href>{text}</a></p> }.into_any()
    });
    let number = number.unwrap_or_else(|| {
        view! { <p class="call__none">"電話番号が届け出られていません"</p> }.into_any()
    });
    let called = known.call_back.map(|call| {
        let text = [
            &moment(call.at),
            "に、",
            &words::telephone(call.telephone.as_str()),
            "の",
            call.spoken_to.as_str(),
            "さんと話しました。",
        ];
        view! { <p>{text.concat()}</p> }
    });
    view! {
        <section class="call" aria-labelledby="call-title">
            <h3 class="call__title" id="call-title">"届出の電話番号"</h3>
            {number}
            <p class="call__rule">"届出の番号にかける。申請に書かれた番号にはかけない"</p>
            {called}
        </section>
    }
}
