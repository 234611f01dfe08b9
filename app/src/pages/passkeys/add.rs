//! Another passkey.

use domain::passkey::{MOST_PASSKEYS, PasskeyName};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::{PasskeyAddition, PasskeyToAdd};

use super::{News, Own};
use crate::api;
use crate::components::field::{Kind, TextField};
use crate::dom;
use crate::passkey;

const NAME: &str = "passkey-name";
const PASSWORD: &str = "passkey-password";

/// The form: password, and what to call the passkey; then the browser asks for it.
#[component]
pub(super) fn AddForm(own: Own, known: usize) -> impl IntoView {
    if known >= MOST_PASSKEYS {
        let text =
            "登録できるパスキーは5個までです。追加するときは、使わないパスキーを削除してください。";
        return view! { <p class="account__text">{text}</p> }.into_any();
    }
    let name = RwSignal::new(["パスキー", &(known + 1).to_string()].concat());
    let password = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<(&'static str, String)>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        own.news.set(None);
        let (name, password) = (name.get_untracked(), password.get_untracked());
        if let Some(error) = first_error(&name, &password) {
            dom::focus_soon(error.0);
            return wrong.set(Some(error));
        }
        own.changing.run(async move {
            if let Some(news) = add(own, name, password).await {
                own.tell(news);
            }
        });
    };
    let error = move |field| {
        Signal::derive(move || {
            let wrong = wrong.get().filter(|wrong| wrong.0 == field);
            wrong.map(|wrong| wrong.1)
        })
    };
    let enter = move |text: String, field: RwSignal<String>| {
        wrong.set(None);
        field.set(text);
    };
    view! {
        <section class="account__section" aria-labelledby="add-title">
            <h2 class="account__title" id="add-title">"パスキーの追加"</h2>
            <form class="accounts__form" method="post" novalidate=true on:submit=submit>
                <TextField
                    id=NAME
                    label="名前"
                    kind=Kind::Text
                    hint="どの端末か分かる名前（例：受付のパソコン）"
                    value=name
                    error=error(NAME)
                    on_input=Callback::new(move |text| enter(text, name))
                />
                <TextField
                    id=PASSWORD
                    label="現在のパスワード"
                    kind=Kind::Password
                    value=password
                    error=error(PASSWORD)
                    on_input=Callback::new(move |text| enter(text, password))
                />
                <button
                    type="submit"
                    class="button button--solid"
                    id="add-passkey"
                    disabled=move || own.changing.is_running()
                >
                    {move || if own.changing.is_running() { "画面の案内を確認してください…" } else { "パスキーを追加" }}
                </button>
            </form>
        </section>
    }
    .into_any()
}

fn first_error(name: &str, password: &str) -> Option<(&'static str, String)> {
    if let Err(error) = name.parse::<PasskeyName>() {
        return Some((NAME, error.to_string()));
    }
    let text = "現在のパスワードを入力してください";
    password.is_empty().then(|| (PASSWORD, text.to_owned()))
}

/// What came of it; `None` when the session is not what it was.
async fn add(own: Own, name: String, password: String) -> Option<News> {
    let addition = PasskeyAddition { password };
    let call = api::ask_to_add_passkey(&addition);
    let challenge = match own.session.call(call).await? {
        Ok(challenge) => challenge,
        Err(error) => return Some(News::Failed(error)),
    };
    let credential = match passkey::create(&challenge).await {
        Ok(credential) => credential,
        Err(failure) => return Some(News::Unanswered(failure)),
    };
    let to_add = PasskeyToAdd {
        token: challenge.token,
        name,
        credential,
    };
    let result = own.session.add_passkey(to_add).await?;
    let done = News::Done {
        title: "パスキーを追加しました",
        next: "次のログインから、パスワードに続けてパスキーで確認します。",
    };
    Some(result.map_or_else(News::Failed, |()| done))
}
