//! 「エラー履歴」.

use leptos::prelude::*;

use crate::api::history::{self, Entry, MOST_ENTRIES};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::copy::CopyButton;
use crate::components::heading::Heading;
use crate::dom;
use crate::route::Route;

const COLUMNS: [&str; 4] = ["日時", "コード", "問い合わせ番号", "通信"];

/// The last errors on this browser, to read out or send to support.
#[component]
pub(crate) fn ErrorsPage() -> impl IntoView {
    let entries = RwSignal::new(history::entries());
    let clear = move |_| {
        history::clear();
        entries.set(Vec::new());
        dom::focus_soon("heading");
    };
    let copied = Callback::new(move |()| entries.with(|entries| written(entries)));
    view! {
        <Breadcrumbs above=vec![Route::Menu] />
        <Heading route=Route::Errors />
        <p class="lead">
            "このブラウザーで起きたエラーを、新しい順に"{MOST_ENTRIES}
            "件まで残しています。患者の情報は含みません。サポートに連絡するときに使ってください。"
        </p>
        {move || {
            let entries = entries.get();
            if entries.is_empty() {
                return view! { <p>"エラーの記録はありません。"</p> }.into_any();
            }
            view! {
                <div class="errors__actions">
                    <CopyButton id="copy-all" label="すべてコピー" text=copied />
                    <button type="button" class="button button--text" id="clear-errors" on:click=clear>
                        "履歴を消す"
                    </button>
                </div>
                <Errors entries />
            }
            .into_any()
        }}
    }
}

#[component]
fn Errors(entries: Vec<Entry>) -> impl IntoView {
    let count = entries.len();
    let heads = COLUMNS.map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
    let rows = entries.iter().map(|entry| {
        let cells = COLUMNS.into_iter().zip(cells(entry)).map(|(name, cell)| {
            view! { <td class="table__cell" role="cell" data-label=name>{cell}</td> }
        });
        view! { <tr class="errors__row" role="row">{cells.collect_view()}</tr> }
    });
    view! {
        <table class="table errors" id="errors" role="table">
            <caption class="table__caption">{count}"件"</caption>
            <thead role="rowgroup"><tr role="row">{heads.into_iter().collect_view()}</tr></thead>
            <tbody role="rowgroup">{rows.collect_view()}</tbody>
        </table>
    }
}

fn cells(entry: &Entry) -> [String; 4] {
    [
        moment(entry.at),
        entry.code.clone(),
        entry.request_id.clone(),
        entry.route.clone(),
    ]
    .map(|cell| {
        if cell.is_empty() {
            "－".to_owned()
        } else {
            cell
        }
    })
}

/// A line for each, its cells set apart by tabs.
fn written(entries: &[Entry]) -> String {
    let lines = entries.iter().map(|entry| cells(entry).join("\t"));
    let lines: Vec<_> = std::iter::once(COLUMNS.join("\t")).chain(lines).collect();
    lines.join("\n")
}

/// Date and time as this terminal writes them in Japanese.
fn moment(milliseconds: i64) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 are far below 2^53"
    )]
    let date = js_sys::Date::new(&(milliseconds as f64).into());
    date.to_locale_string("ja-JP", &js_sys::Object::new())
        .into()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn entries_are_copied_as_a_table() {
        let entry = Entry {
            at: 0,
            code: "network".to_owned(),
            request_id: String::new(),
            route: "GET /api/session".to_owned(),
        };
        let text = written(&[entry]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "日時\tコード\t問い合わせ番号\t通信");
        assert!(
            lines[1].ends_with("\tnetwork\t－\tGET /api/session"),
            "{text}"
        );
    }
}
