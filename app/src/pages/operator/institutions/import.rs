//! A file of institutions, taken in whole or not at all.

use leptos::html;
use leptos::prelude::*;
use protocol::http::{InstitutionImport, RefusedRow};
use wasm_bindgen_futures::JsFuture;

use super::Desk;
use crate::api::{self, Error};
use crate::components::copy::CopyButton;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::task::Task;

const FILE: &str = "institution-file";
const OUTCOME: &str = "import-outcome";
/// What the service takes at once.
const MOST_BYTES: f64 = 2.0 * 1024.0 * 1024.0;
/// The most refused rows on the page; all of them can be copied.
const MOST_SHOWN: usize = 20;

/// The file is picked by a person, read here, and sent.
#[component]
pub(super) fn Import(desk: Desk) -> impl IntoView {
    let task = Task::new();
    let input = NodeRef::<html::Input>::new();
    let wrong = RwSignal::new(None::<&'static str>);
    let outcome = RwSignal::new(None::<Result<InstitutionImport, Error>>);
    let refuse = move |why: &'static str| {
        wrong.try_set(Some(why));
        dom::focus_soon(FILE);
    };
    let start = move |_| {
        wrong.set(None);
        outcome.set(None);
        let files = input.get_untracked().and_then(|input| input.files());
        let Some(file) = files.and_then(|files| files.get(0)) else {
            return refuse("ファイルを選んでください");
        };
        if file.size() > MOST_BYTES {
            return refuse("2MBまでのファイルを取り込めます。分けて取り込んでください");
        }
        task.run(async move {
            let Ok(bytes) = JsFuture::from(file.array_buffer()).await else {
                return refuse("ファイルを読み込めませんでした。選び直してください");
            };
            let call = api::operator::import(bytes);
            if let Some(result) = desk.session.call(call).await {
                let is_taken = result
                    .as_ref()
                    .is_ok_and(|import| import.refused.is_empty());
                outcome.try_set(Some(result));
                if is_taken {
                    if let Some(input) = input.try_get_untracked().flatten() {
                        input.set_value("");
                    }
                    desk.begin(desk.text.get_untracked());
                }
                dom::focus_soon(OUTCOME);
            }
        });
    };
    let told = move || outcome.get().map(told);
    view! {
        <section class="account__section" aria-labelledby="import-title">
            <h2 class="account__title" id="import-title">"CSVファイルの取り込み"</h2>
            <p class="account__text">
                "1行目を見出し「医療機関コード,医療機関名,電話番号,メールアドレス」にした、UTF-8かShift_JISのファイルを取り込みます。登録済みの医療機関コードの行は、書き換えます。取り込めない行が1行でもあるときは、何も変えません。"
            </p>
            <div class="field operator__file">
                <label class="field__label" for=FILE>"CSVファイル"</label>
                <input
                    type="file"
                    id=FILE
                    accept=".csv,text/csv"
                    aria-describedby="institution-file-error"
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    node_ref=input
                />
                <p class="field__error" id="institution-file-error">{move || wrong.get()}</p>
            </div>
            <button
                type="button"
                class="button button--outline"
                id="import"
                disabled=move || task.is_running()
                on:click=start
            >
                {move || if task.is_running() { "取り込んでいます…" } else { "取り込む" }}
            </button>
            <div class="operator__told" role="status">{told}</div>
        </section>
    }
}

fn told(outcome: Result<InstitutionImport, Error>) -> AnyView {
    let import = match outcome {
        Ok(import) => import,
        Err(error) => return view! { <ProblemNotice error id=OUTCOME /> }.into_any(),
    };
    if import.refused.is_empty() {
        return view! {
            <Notice tone=Tone::Information title="取り込みました" id=OUTCOME>
                <p>
                    "追加"{import.added}"件、変更"{import.changed}"件、変更なし"{import.unchanged}"件。"
                </p>
            </Notice>
        }
        .into_any();
    }
    let count = import.refused.len();
    let title = [
        &count.to_string(),
        "行に誤りがあるため、何も取り込んでいません",
    ]
    .concat();
    let rows = import
        .refused
        .iter()
        .take(MOST_SHOWN)
        .map(|row| view! { <li>{line(row)}</li> });
    let rows = rows.collect_view();
    let more = count.saturating_sub(MOST_SHOWN);
    let more = (more > 0)
        .then(|| view! { <p>"ほかに"{more}"行あります。コピーにはすべて含まれます。"</p> });
    let text = Callback::new(move |()| {
        let lines: Vec<_> = import.refused.iter().map(line).collect();
        lines.join("\n")
    });
    view! {
        <Notice tone=Tone::Error title id=OUTCOME>
            <p>"ファイルを直して、もう一度取り込んでください。"</p>
            <ul>{rows}</ul>
            {more}
            <CopyButton label="誤りをコピー" text />
        </Notice>
    }
    .into_any()
}

fn line(row: &RefusedRow) -> String {
    [&row.line.to_string(), "行目：", &row.message].concat()
}
