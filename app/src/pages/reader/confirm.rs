//! The look at the face: by staff at this screen, or at the terminal.

use leptos::prelude::*;
use protocol::http::VisualConfirmationId;

use super::HEADING;
use super::ask::StopButton;
use super::card::Picture;
use super::control::Control;
use super::language::Say;
use super::problem::ActProblem;
use super::words;
use crate::text::VISUAL_CAUTION;

/// For staff, who have entered the passcode.
#[component]
pub(super) fn ConfirmView(control: Control, id: VisualConfirmationId) -> impl IntoView {
    let confirm = move |_| {
        if !control.is_busy() {
            control.confirm(id.clone());
        }
    };
    view! {
        <div class="reader__staff">
            <h1 class="reader__title" id=HEADING tabindex="-1">"目視で本人確認をしてください"</h1>
            <ol class="reader__steps">
                <li>"患者に、マイナンバーカードの顔写真を見せてもらいます。"</li>
                <li>"写真と本人の顔を見比べます。マスクや帽子は外してもらいます。"</li>
                <li>"本人と確認できたら、下のボタンを押して、カードを置いてもらいます。"</li>
            </ol>
            <section class="reader__caution" aria-labelledby="reader-caution">
                <h2 id="reader-caution">"目視確認の留意事項"</h2>
                <p>{VISUAL_CAUTION}</p>
            </section>
            <ActProblem control />
            <div class="reader__actions">
                <button type="button" class="button button--outline reader__button" on:click=move |_| control.cancel()>
                    "中止する"
                </button>
                <button
                    type="button"
                    class="button button--solid reader__button reader__button--main"
                    aria-disabled=move || control.is_busy().to_string()
                    on:click=confirm
                >
                    "目視で本人確認完了"
                </button>
            </div>
        </div>
    }
}

/// For the patient, while staff confirm at the terminal.
#[component]
pub(super) fn StaffConfirmsView(control: Control) -> impl IntoView {
    view! {
        <div class="reader__scene">
            {Picture::Looking.draw()}
            <div class="reader__say">
                <h1 class="reader__title" id=HEADING tabindex="-1"><Say words=words::STAFF_CONFIRMS /></h1>
                <p class="reader__text"><Say words=words::STAFF_CONFIRMS_TEXT /></p>
            </div>
        </div>
        <div class="reader__actions">
            <StopButton on_stop=Callback::new(move |()| control.cancel()) />
        </div>
    }
}
