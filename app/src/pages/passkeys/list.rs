//! The list of one's own passkeys.

use leptos::prelude::*;
use protocol::http::Passkey;

use super::Own;
use crate::components::dialog::Confirm;
use crate::dom;
use crate::pages::passkeys::rename;
use crate::text::moment;

/// A row for each; removing is asked about once more.
#[component]
pub(super) fn PasskeyList(list: Vec<Passkey>, own: Own) -> impl IntoView {
    let asked = RwSignal::new(None::<Passkey>);
    if list.is_empty() {
        return view! { <p class="account__text">"登録したパスキーはまだありません。"</p> }
            .into_any();
    }
    let rows = list
        .into_iter()
        .map(|passkey| view! { <Row passkey asked own /> });
    view! {
        <table class="table accounts" id="passkeys">
            <caption class="visually-hidden">"登録したパスキーの一覧"</caption>
            <thead>
                <tr>
                    <th scope="col">"名前"</th>
                    <th scope="col">"登録日時"</th>
                    <th scope="col">"最終利用"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {move || asked.get().map(|passkey| view! {
            <Confirm
                question=["「", passkey.name.as_str(), "」を削除しますか"].concat()
                text="次のログインから、このパスキーは使えなくなります。"
                yes="削除"
                on_yes=Callback::new(move |()| own.remove(passkey.id))
                on_no=Callback::new(move |()| asked.set(None))
            />
        })}
    }
    .into_any()
}

#[component]
fn Row(passkey: Passkey, asked: RwSignal<Option<Passkey>>, own: Own) -> impl IntoView {
    let last = passkey
        .last_used_at
        .map_or_else(|| "なし".to_owned(), moment);
    let name = passkey.name.as_str().to_owned();
    let label = |what: &str| [name.as_str(), "：", what].concat();
    let (to_rename, to_remove) = (label("名前を変更"), label("削除"));
    let renamed = passkey.clone();
    let rename = move |_| {
        own.news.set(None);
        own.renamed.set(Some(renamed.clone()));
        dom::focus_soon(rename::NAME);
    };
    let created = moment(passkey.created_at);
    view! {
        <tr class="table__row">
            <td class="table__cell" data-label="名前">{name}</td>
            <td class="table__cell" data-label="登録日時">{created}</td>
            <td class="table__cell" data-label="最終利用">{last}</td>
            <td class="table__cell" data-label="操作">
                <div class="accounts__actions">
                    <button
                        type="button"
                        class="button button--outline button--small"
                        aria-label=to_rename
                        on:click=rename
                    >
                        "名前を変更"
                    </button>
                    <button
                        type="button"
                        class="button button--outline button--small"
                        aria-label=to_remove
                        on:click=move |_| asked.set(Some(passkey.clone()))
                    >
                        "削除"
                    </button>
                </div>
            </td>
        </tr>
    }
}
