//! Another name for a passkey.

use domain::passkey::PasskeyName;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{Passkey, PasskeyRenaming};

use super::{News, Own};
use crate::api;
use crate::components::field::{Kind, TextField};
use crate::dom;

/// The field's id.
pub(super) const NAME: &str = "passkey-new-name";

/// The form, shown for as long as a passkey is being renamed.
#[component]
pub(super) fn RenameForm(passkey: Passkey, own: Own) -> impl IntoView {
    let name = RwSignal::new(passkey.name.as_str().to_owned());
    let wrong = RwSignal::new(None::<String>);
    let id = passkey.id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        own.news.set(None);
        let name = name.get_untracked();
        if let Err(error) = name.parse::<PasskeyName>() {
            wrong.set(Some(error.to_string()));
            return dom::focus_soon(NAME);
        }
        own.changing.run(async move {
            let renaming = PasskeyRenaming { id, name };
            let call = api::rename_passkey(&renaming);
            if let Some(result) = own.session.call(call).await {
                let done = News::Done {
                    title: "パスキーの名前を変更しました",
                    next: "",
                };
                own.tell(result.map_or_else(News::Failed, |()| done));
            }
        });
    };
    view! {
        <section class="account__section" aria-labelledby="rename-title">
            <h2 class="account__title" id="rename-title">
                "「"{passkey.name.as_str().to_owned()}"」の名前の変更"
            </h2>
            <form class="accounts__form" method="post" autocomplete="off" novalidate=true on:submit=submit>
                <TextField
                    id=NAME
                    label="新しい名前"
                    kind=Kind::Text
                    value=name
                    error=wrong
                    on_input=Callback::new(move |text| {
                        wrong.set(None);
                        name.set(text);
                    })
                />
                <div class="accounts__actions">
                    <button
                        type="submit"
                        class="button button--solid"
                        disabled=move || own.changing.is_running()
                    >
                        "変更"
                    </button>
                    <button
                        type="button"
                        class="button button--outline"
                        on:click=move |_| {
                            own.renamed.set(None);
                            dom::focus_soon("heading");
                        }
                    >
                        "キャンセル"
                    </button>
                </div>
            </form>
        </section>
    }
}
