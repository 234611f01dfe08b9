//! Asks to load the page again when the service delivers a newer one.

use leptos::prelude::*;

use super::notice::{Notice, Tone};
use crate::api::version;
use crate::dom;

/// The notice; until it is followed everything goes on as it is.
#[component]
pub(crate) fn UpdateNotice() -> impl IntoView {
    let is_outdated = Memo::new(|_| version::is_outdated());
    view! {
        <div class="update" role="status">
            {move || is_outdated.get().then(|| view! {
                <Notice
                    tone=Tone::Attention
                    title="新しいバージョンがあります。再読み込みしてください"
                >
                    <p>
                        "入力した内容や検索結果が画面にあるときは、用が済んでから再読み込みしてください。再読み込みすると消えます。"
                    </p>
                    <button type="button" class="button button--solid" id="reload" on:click=|_| dom::reload()>
                        "再読み込み"
                    </button>
                </Notice>
            })}
        </div>
    }
}
