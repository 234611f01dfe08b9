//! What was issued: who, when, and what became of it. Never the digits.

use domain::passcode::PasscodeState;
use leptos::prelude::*;
use protocol::http::PasscodeIssue;

use super::Passcodes;
use crate::components::dialog::Confirm;
use crate::text::moment;

/// A row for each issue, the newest first.
#[component]
pub(super) fn IssueList(list: Vec<PasscodeIssue>, passcodes: Passcodes) -> impl IntoView {
    let asked = RwSignal::new(false);
    if list.is_empty() {
        return view! { <p class="account__text">"まだ発行していません。"</p> }.into_any();
    }
    let rows = list.into_iter().map(|issue| view! { <Row issue asked /> });
    view! {
        <table class="table accounts" id="issues">
            <caption class="visually-hidden">"目視確認用パスコードの発行の一覧"</caption>
            <thead>
                <tr>
                    <th scope="col">"発行日時"</th>
                    <th scope="col">"発行者"</th>
                    <th scope="col">"状態"</th>
                    <th scope="col">"最終利用"</th>
                    <th scope="col">"入力間違い"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {move || asked.get().then(|| view! {
            <Confirm
                question="目視確認用パスコードを取り消しますか"
                text="読取画面で使えなくなります。すでに始めた目視確認は続けられます。"
                yes="取り消す"
                on_yes=Callback::new(move |()| passcodes.end())
                on_no=Callback::new(move |()| asked.set(false))
            />
        })}
    }
    .into_any()
}

#[component]
fn Row(issue: PasscodeIssue, asked: RwSignal<bool>) -> impl IntoView {
    let is_active = issue.state == PasscodeState::Active;
    let state = if is_active {
        [
            issue.state.label(),
            "（",
            &moment(issue.expires_at),
            "まで）",
        ]
        .concat()
    } else {
        issue.state.label().to_owned()
    };
    let used = issue.last_used_at.map_or_else(|| "なし".to_owned(), moment);
    let wrong = wrong(issue.wrong_entries, &issue.wrong_at);
    let revoke = is_active.then(|| {
        view! {
            <button
                type="button"
                class="button button--outline button--small"
                on:click=move |_| asked.set(true)
            >
                "取り消す"
            </button>
        }
    });
    view! {
        <tr class="table__row">
            <td class="table__cell" data-label="発行日時">{moment(issue.issued_at)}</td>
            <td class="table__cell" data-label="発行者">{issue.issued_by.to_string()}</td>
            <td class="table__cell" data-label="状態">{state}</td>
            <td class="table__cell" data-label="最終利用">{used}</td>
            <td class="table__cell" data-label="入力間違い">{wrong}</td>
            <td class="table__cell" data-label="操作">{revoke}</td>
        </tr>
    }
}

/// How often, and where: `3回（受付1、受付2）`.
fn wrong(entries: u32, at: &[String]) -> String {
    match (entries, at) {
        (0, _) => "なし".to_owned(),
        (count, []) => [&count.to_string(), "回"].concat(),
        (count, at) => [&count.to_string(), "回（", &at.join("、"), "）"].concat(),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::wrong;

    #[wasm_bindgen_test]
    fn wrong_entries_are_counted_and_placed() {
        let table: [(u32, &[&str], &str); 3] = [
            (0, &[], "なし"),
            (1, &["受付1"], "1回（受付1）"),
            (10, &["受付1", "受付2"], "10回（受付1、受付2）"),
        ];
        for (entries, at, expected) in table {
            let at: Vec<_> = at.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(wrong(entries, &at), expected);
        }
    }
}
