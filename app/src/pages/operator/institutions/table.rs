//! The register's rows.

use leptos::prelude::*;
use protocol::http::RegisteredInstitution;

use super::super::words;
use super::{Desk, Edited};
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;

/// What was found, that nothing was, that it is on its way, or why it isn't.
#[component]
pub(super) fn Table(desk: Desk) -> impl IntoView {
    let count = Memo::new(move |_| desk.rows.with(Vec::len));
    let status = move || {
        if desk.loading.is_running() {
            return view! { <Waiting text="読み込んでいます…" /> }.into_any();
        }
        if let Some(error) = desk.failure.get() {
            return view! {
                <ProblemNotice error>
                    <button type="button" class="button button--solid" on:click=move |_| desk.load()>
                        "もう一度読み込む"
                    </button>
                </ProblemNotice>
            }
            .into_any();
        }
        match (desk.total.get(), count.get()) {
            (None, _) => ().into_any(),
            (Some(_), 0) => view! {
                <Notice tone=Tone::Information title="該当する医療機関・薬局はありません">
                    <p>"名前の一部か、医療機関コードの一部で探せます。"</p>
                </Notice>
            }
            .into_any(),
            (Some(total), count) => view! {
                <p class="audit__count">{total}"件のうち"{count}"件を表示しています。"</p>
            }
            .into_any(),
        }
    };
    let more = move || {
        let has_more = desk.next.with(Option::is_some) && !desk.loading.is_running();
        (has_more && desk.failure.with(Option::is_none)).then(|| {
            view! {
                <button type="button" class="button button--outline" on:click=move |_| desk.load()>
                    "さらに表示"
                </button>
            }
        })
    };
    view! {
        <section aria-label="登録簿" aria-busy=move || desk.loading.is_running().to_string()>
            {move || (count.get() > 0).then(|| view! { <Rows desk /> })}
            <div role="status">{status}</div>
            {more}
        </section>
    }
}

#[component]
fn Rows(desk: Desk) -> impl IntoView {
    let heads = [
        "医療機関・薬局",
        "医療機関コード",
        "電話番号",
        "メールアドレス",
        "操作",
    ];
    let heads = heads.map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
    view! {
        <table class="table openings openings--register" id="institutions" role="table">
            <caption class="visually-hidden">"医療機関の登録簿"</caption>
            <thead role="rowgroup"><tr role="row">{heads.into_iter().collect_view()}</tr></thead>
            <tbody role="rowgroup">
                <For each=move || desk.rows.get() key=key let:institution>
                    <Row institution desk />
                </For>
            </tbody>
        </table>
    }
}

fn key(institution: &RegisteredInstitution) -> String {
    let (telephone, email) = contacts(institution);
    let code = institution.medical_institution_code.as_str();
    [code, &institution.name, &telephone, &email].join("\n")
}

fn contacts(institution: &RegisteredInstitution) -> (String, String) {
    let telephone = institution.telephone.as_ref();
    let email = institution.email.as_ref();
    (
        telephone.map_or_else(String::new, |it| words::telephone(it.as_str())),
        email.map_or_else(String::new, |it| it.as_str().to_owned()),
    )
}

#[component]
fn Row(institution: RegisteredInstitution, desk: Desk) -> impl IntoView {
    let (telephone, email) = contacts(&institution);
    let shown = |text: String| {
        if text.is_empty() {
            "未登録".to_owned()
        } else {
            text
        }
    };
    let name = institution.name.clone();
    let label = ["「", &name, "」を変更"].concat();
    let code = institution.medical_institution_code.to_string();
    let doubt = (!institution.has_valid_check_digit)
        .then(|| view! { <span class="table__note">"検証番号が合いません"</span> });
    let edit = move |_| desk.edited.set(Some(Edited::Known(institution.clone())));
    view! {
        <tr class="table__row" role="row">
            <td class="table__cell" role="cell" data-label="名前"><span>{name}</span></td>
            <td class="table__cell" role="cell" data-label="コード"><span>{code}</span>{doubt}</td>
            <td class="table__cell" role="cell" data-label="電話番号"><span>{shown(telephone)}</span></td>
            <td class="table__cell" role="cell" data-label="メール"><span>{shown(email)}</span></td>
            <td class="table__cell" role="cell" data-label="操作">
                <button
                    type="button"
                    class="button button--outline button--small"
                    aria-label=label
                    on:click=edit
                >
                    "変更"
                </button>
            </td>
        </tr>
    }
}
