//! The accounts of the demo mode.

use leptos::prelude::*;
use protocol::http::DemoAccount;

use crate::api;
use crate::task::Task;

/// The accounts to try, each a button that fills the form; nothing outside demo mode.
#[component]
pub(super) fn DemoAccounts(choose: Callback<DemoAccount>) -> impl IntoView {
    let accounts = RwSignal::new(Vec::<DemoAccount>::new());
    // Without an answer there are no accounts to show, and the form works all the same.
    Task::new().run(async move {
        if let Ok(about) = api::about().await {
            accounts.set(about.demo_accounts);
        }
    });
    let row = move |account: DemoAccount| {
        let words = (
            account.role.label(),
            account.user_id.to_string(),
            account.password.clone(),
        );
        view! {
            <li>
                <button type="button" class="demo__account" on:click=move |_| choose.run(account.clone())>
                    <span class="demo__role">{words.0}</span>
                    <span class="demo__pair">
                        <span class="demo__name">"ユーザID"</span>
                        <code>{words.1}</code>
                    </span>
                    <span class="demo__pair">
                        <span class="demo__name">"パスワード"</span>
                        <code>{words.2}</code>
                    </span>
                </button>
            </li>
        }
    };
    move || {
        let accounts = accounts.get();
        (!accounts.is_empty()).then(|| view! {
            <section class="demo" aria-labelledby="demo-title">
                <h2 class="demo__title" id="demo-title">"デモ用アカウント"</h2>
                <p class="demo__text">"押すと上の欄に入力されます。表示される患者はすべて架空です。"</p>
                <ul class="demo__list">{accounts.into_iter().map(row).collect_view()}</ul>
            </section>
        })
    }
}
