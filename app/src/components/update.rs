//! Asks to load the page again when the service delivers a newer one.

use leptos::prelude::*;

use super::notice::{Notice, Tone};
use crate::api::version;
use crate::dom;
use crate::session::Session;
use crate::task::Task;

/// The notice; until it is followed everything goes on as it is. What stands in the
/// search form is there again afterwards; where the browser can't keep it, the first
/// press says so and the second one goes through with it.
#[component]
pub(crate) fn UpdateNotice() -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let is_outdated = Memo::new(|_| version::is_outdated());
    let is_lost = RwSignal::new(false);
    let reload = move |_| {
        task.run(async move {
            if is_lost.get_untracked() || session.keep_typed().await {
                dom::reload();
            } else {
                is_lost.set(true);
            }
        });
    };
    let text = move || {
        if is_lost.get() {
            "このブラウザーでは入力した内容を残せません。用が済んでから、もう一度「再読み込み」を押してください。"
        } else {
            "入力した検索条件と記入中の控えは、再読み込みのあとも残ります。検索結果と、ほかの画面に入力した内容は消えます。"
        }
    };
    view! {
        <div class="update" role="status">
            {move || is_outdated.get().then(|| view! {
                <Notice
                    tone=Tone::Attention
                    title="新しいバージョンがあります。再読み込みしてください"
                >
                    <p>{text}</p>
                    <button type="button" class="button button--solid" id="reload" on:click=reload>
                        "再読み込み"
                    </button>
                </Notice>
            })}
        </div>
    }
}
