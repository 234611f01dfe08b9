//! Whether the institution wants passkeys.

use leptos::prelude::*;
use protocol::http::PasskeyRule;

use super::{Accounts, PROBLEM};
use crate::api;
use crate::components::dialog::Confirm;
use crate::dom;
use crate::task::Task;

/// The id of what the rule is.
const RULE: &str = "passkey-rule";

/// The rule, and the switch.
#[component]
pub(super) fn PasskeyRuleSection(accounts: Accounts) -> impl IntoView {
    let task = Task::new();
    let rule = RwSignal::new(None::<bool>);
    let asked = RwSignal::new(false);
    task.run(async move {
        if let Some(Ok(answer)) = accounts.session.call(api::passkey_rule()).await {
            rule.try_set(Some(answer.is_required));
        }
    });
    let set = move |is_required: bool| {
        accounts.failure.set(None);
        task.run(async move {
            let wanted = PasskeyRule { is_required };
            match accounts.session.call(api::set_passkey_rule(&wanted)).await {
                Some(Ok(answer)) => {
                    rule.try_set(Some(answer.is_required));
                    dom::focus_soon(RULE);
                }
                Some(Err(error)) => {
                    accounts.failure.try_set(Some(error));
                    dom::focus_soon(PROBLEM);
                }
                None => {}
            }
        });
    };
    let content = move |is_required: bool| {
        let (state, button) = if is_required {
            ("ログインにパスキーが必要です。", "パスキーを任意にする")
        } else {
            (
                "パスキーは任意です。必須にすると、職員と管理者の全員が、パスワードに加えてパスキーで本人を確かめます。",
                "パスキーを必須にする",
            )
        };
        view! {
            <p class="account__text" id=RULE tabindex="-1">{state}</p>
            <button
                type="button"
                class="button button--outline"
                disabled=move || task.is_running()
                on:click=move |_| asked.set(true)
            >
                {button}
            </button>
        }
    };
    let question = move |is_required: bool| {
        let (question, text, yes) = if is_required {
            (
                "パスキーを任意にしますか",
                "パスキーを登録していない人は、パスワードだけでログインできるようになります。",
                "任意にする",
            )
        } else {
            (
                "パスキーを必須にしますか",
                "パスキーを登録していない人は、利用中の人も含め、登録するまで他の操作ができなくなります。",
                "必須にする",
            )
        };
        view! {
            <Confirm
                question
                text
                yes
                on_yes=Callback::new(move |()| set(!is_required))
                on_no=Callback::new(move |()| asked.set(false))
            />
        }
    };
    view! {
        <section class="account__section" aria-labelledby="rule-title">
            <h2 class="account__title" id="rule-title">"ログインのパスキー"</h2>
            {move || rule.get().map(content)}
            {move || rule.get().filter(|_| asked.get()).map(question)}
        </section>
    }
}
