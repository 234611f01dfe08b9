//! The list of accounts, and what can be done to each.

use domain::account::UserId;
use leptos::prelude::*;
use protocol::http::{AccountState, AccountSummary};

use super::{Accounts, Change};
use crate::components::dialog::Confirm;
use crate::text::moment;

/// A row for each account; every change is asked about once more.
#[component]
pub(super) fn AccountList(list: Vec<AccountSummary>, accounts: Accounts) -> impl IntoView {
    let asked = RwSignal::new(None::<(Change, UserId)>);
    let own = accounts.session.user_id_untracked();
    let rows = list.into_iter().map(|account| {
        let is_own = own.as_ref() == Some(&account.user_id);
        view! { <Row account is_own asked /> }
    });
    view! {
        <table class="table accounts" id="accounts">
            <caption class="visually-hidden">"アカウントの一覧"</caption>
            <thead>
                <tr>
                    <th scope="col">"ユーザID"</th>
                    <th scope="col">"権限"</th>
                    <th scope="col">"状態"</th>
                    <th scope="col">"パスキー"</th>
                    <th scope="col">"最終ログイン"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {move || asked.get().map(|(change, user_id)| question(change, user_id, asked, accounts))}
    }
}

#[component]
fn Row(
    account: AccountSummary,
    is_own: bool,
    asked: RwSignal<Option<(Change, UserId)>>,
) -> impl IntoView {
    let last = account
        .last_logged_in_at
        .map_or_else(|| "なし".to_owned(), moment);
    let passkeys = match account.passkeys {
        0 => "なし".to_owned(),
        some => [&some.to_string(), "個"].concat(),
    };
    let is_disabled = account.state == AccountState::Disabled;
    let button = |change: Change| {
        let user_id = account.user_id.clone();
        let label = [user_id.as_str(), "：", label(change)].concat();
        view! {
            <button
                type="button"
                class="button button--outline button--small"
                aria-label=label
                on:click=move |_| asked.set(Some((change, user_id.clone())))
            >
                {self::label(change)}
            </button>
        }
    };
    let actions = if is_own {
        view! { <span class="accounts__own">"自分のアカウント"</span> }.into_any()
    } else {
        let reset = button(Change::Reset);
        let disable = (!is_disabled).then(|| button(Change::Disable));
        let passkeys = (account.passkeys > 0).then(|| button(Change::ResetPasskeys));
        view! { <div class="accounts__actions">{reset}{passkeys}{disable}</div> }.into_any()
    };
    view! {
        <tr class="table__row">
            <td class="table__cell" data-label="ユーザID">{account.user_id.to_string()}</td>
            <td class="table__cell" data-label="権限">{account.role.label()}</td>
            <td class="table__cell" data-label="状態">{account.state.label()}</td>
            <td class="table__cell" data-label="パスキー">{passkeys}</td>
            <td class="table__cell" data-label="最終ログイン">{last}</td>
            <td class="table__cell" data-label="操作">{actions}</td>
        </tr>
    }
}

const fn label(change: Change) -> &'static str {
    match change {
        Change::Disable => "無効にする",
        Change::Reset => "仮パスワードを発行",
        Change::ResetPasskeys => "パスキーをリセット",
    }
}

fn question(
    change: Change,
    user_id: UserId,
    asked: RwSignal<Option<(Change, UserId)>>,
    accounts: Accounts,
) -> impl IntoView {
    let (ending, text) = match change {
        Change::Disable => (
            "」を無効にしますか",
            "ログインできなくなります。利用中のときは、すぐにログアウトされます。仮パスワードを発行すると、もう一度有効になります。",
        ),
        Change::ResetPasskeys => (
            "」のパスキーをリセットしますか",
            "登録した機器をなくしたときに使います。登録済みのパスキーはすべて使えなくなり、利用中のときは、すぐにログアウトされます。",
        ),
        Change::Reset => (
            "」の仮パスワードを発行しますか",
            "今のパスワードは使えなくなります。利用中のときは、すぐにログアウトされます。無効のときは、もう一度有効になります。",
        ),
    };
    let question = ["「", user_id.as_str(), ending].concat();
    view! {
        <Confirm
            question
            text
            yes=label(change)
            on_yes=Callback::new(move |()| accounts.change(change, user_id.clone()))
            on_no=Callback::new(move |()| asked.set(None))
        />
    }
}
