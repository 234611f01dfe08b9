//! The list of accounts, and what can be done to each.

use domain::account::UserId;
use domain::timestamp::Timestamp;
use leptos::prelude::*;
use protocol::http::{AccountState, AccountSummary};

use super::{Accounts, Change};
use crate::components::dialog::Confirm;

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
        view! { <div class="accounts__actions">{reset}{disable}</div> }.into_any()
    };
    view! {
        <tr class="table__row">
            <td class="table__cell" data-label="ユーザID">{account.user_id.to_string()}</td>
            <td class="table__cell" data-label="権限">{account.role.label()}</td>
            <td class="table__cell" data-label="状態">{account.state.label()}</td>
            <td class="table__cell" data-label="最終ログイン">{last}</td>
            <td class="table__cell" data-label="操作">{actions}</td>
        </tr>
    }
}

const fn label(change: Change) -> &'static str {
    match change {
        Change::Disable => "無効にする",
        Change::Reset => "仮パスワードを発行",
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

/// A point in time in Tokyo: `2026/11/22 09:05`.
pub(super) fn moment(at: Timestamp) -> String {
    const TOKYO_MINUTES: i64 = 9 * 60;
    let minutes = at.unix_milliseconds().div_euclid(60_000) + TOKYO_MINUTES;
    let of_day = minutes.rem_euclid(24 * 60);
    let two = |number: i64| [if number < 10 { "0" } else { "" }, &number.to_string()].concat();
    let clock = [two(of_day / 60), two(of_day % 60)].join(":");
    [at.tokyo_date().slashed(), clock].join(" ")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn moments_are_told_in_tokyo() {
        let table = [
            (0, "1970/01/01 09:00"),
            (1_616_684_399_999, "2021/03/25 23:59"),
            (1_616_684_400_000, "2021/03/26 00:00"),
        ];
        for (milliseconds, expected) in table {
            assert_eq!(
                moment(Timestamp::from_unix_milliseconds(milliseconds)),
                expected
            );
        }
    }
}
