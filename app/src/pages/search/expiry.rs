//! What was found may be kept and shown for a while only, on whatever page.

use leptos::prelude::*;
use protocol::http::CANDIDATE_SECONDS;

use super::model::Model;
use crate::components::expiry::{Deadline, every_second};
use crate::components::notice::{Notice, Tone};

/// Whether the last answer was forgotten because its time was over.
#[derive(Clone, Copy)]
struct IsOver(RwSignal<bool>);

/// Forgets each answer when its time is over.
pub(super) fn watch(model: RwSignal<Model>) {
    let is_over = RwSignal::new(false);
    provide_context(IsOver(is_over));
    let deadline = StoredValue::new(None::<Deadline>);
    let answer = Memo::new(move |_| model.with(|model| model.answer().cloned()));
    Effect::new(move |_| {
        let deadline_of_answer = answer
            .with(Option::is_some)
            .then(|| Deadline::in_seconds(CANDIDATE_SECONDS));
        if deadline_of_answer.is_some() {
            is_over.set(false);
        }
        deadline.set_value(deadline_of_answer);
    });
    every_second(move || {
        if deadline
            .get_value()
            .is_some_and(|deadline| deadline.seconds_left() == 0)
        {
            deadline.set_value(None);
            is_over.set(true);
            model.update(Model::forget_answer);
        }
    });
}

/// Says so, where the answer was.
#[component]
pub(super) fn ListExpired() -> impl IntoView {
    let IsOver(is_over) = expect_context();
    view! {
        <div role="status">
            {move || is_over.get().then(|| view! {
                <Notice
                    tone=Tone::Information
                    title="検索結果の有効時間（10分）が過ぎたため、表示を消しました"
                >
                    <p>"患者の情報を守るためです。入力した条件は残っています。もう一度検索してください。"</p>
                </Notice>
            })}
        </div>
    }
}
