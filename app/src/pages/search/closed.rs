//! That one can't search, because the function is not open; also when that happens under
//! one's hands.

use leptos::prelude::*;
use protocol::http::SearchOutcome;

use super::model::Model;
use crate::components::link::Link;
use crate::components::live::Live;
use crate::components::notice::{Notice, Tone};
use crate::route::Route;
use crate::task::Task;

/// Stops a search that runs when the function ends, and says why. What was typed stays.
#[component]
pub(super) fn Closed(model: RwSignal<Model>, task: Task) -> impl IntoView {
    let live = Live::expect();
    let was_stopped = RwSignal::new(false);
    let is_open = Memo::new(move |_| live.standing().map(|standing| standing.is_open));
    Effect::new(move |_| match is_open.get() {
        Some(true) => was_stopped.set(false),
        Some(false) if task.is_running_untracked() => {
            task.stop();
            was_stopped.set(true);
        }
        Some(false) | None => {}
    });
    let has_list = Memo::new(move |_| {
        model.with(|model| {
            let found = model
                .answer()
                .and_then(|answer| answer.result.as_ref().ok());
            found.is_some_and(|found| {
                matches!(
                    found.outcome,
                    SearchOutcome::One(_) | SearchOutcome::Several(_)
                )
            })
        })
    });
    let notice = move || {
        let standing = live.standing().filter(|standing| !standing.is_open)?;
        let title = if was_stopped.get() {
            "開放が終了したため、検索を中止しました"
        } else {
            standing.title
        };
        let list = move || {
            has_list.get().then_some(
                "下の検索結果からは、資格情報確認を新しく開けません。すでに開いた資格情報確認は、有効時間（10分）まで表示できます。",
            )
        };
        Some(view! {
            <Notice tone=Tone::Attention title id="search-closed">
                <p>{standing.text}</p>
                <p>{list}</p>
                <p>"入力した条件は残っています。"</p>
                <div class="notice__actions">
                    <Link to=Route::Emergency class="button button--outline">
                        {Route::Emergency.title()}
                    </Link>
                </div>
            </Notice>
        })
    };
    view! { <div role="alert">{notice}</div> }
}
