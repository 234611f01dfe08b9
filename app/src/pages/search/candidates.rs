//! The list to choose from.

use domain::fold::UNENCODABLE;
use leptos::prelude::*;
use protocol::http::Candidate;

use crate::components::link::{Link, is_plain};
use crate::navigation::Navigator;
use crate::route::Route;
use crate::text;

/// The five columns of the source document.
const COLUMNS: [&str; 5] = ["氏名", "生年月日", "性別", "住所", "保険者名"];

/// A table; the name is a link, and a click anywhere in its row follows it.
/// Roles are spelt out because a narrow screen shows the rows as cards.
#[component]
pub(super) fn Candidates(candidates: Vec<Candidate>) -> impl IntoView {
    let count = candidates.len();
    let has_unencodable = candidates
        .iter()
        .any(|candidate| candidate.name.contains(UNENCODABLE));
    let heads = COLUMNS.map(|name| view! { <th role="columnheader" scope="col">{name}</th> });
    view! {
        <table class="table" id="candidates" role="table">
            <caption class="table__caption">
                <strong>"検索結果："{count}"人"</strong>
                <span class="table__hint">"該当者をクリックしてください。"</span>
                {has_unencodable
                    .then(|| view! { <span class="table__note">{text::ABOUT_UNENCODABLE}</span> })}
            </caption>
            <thead role="rowgroup"><tr role="row">{heads.into_iter().collect_view()}</tr></thead>
            <tbody role="rowgroup">{candidates.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(candidate: Candidate) -> impl IntoView {
    let navigator = Navigator::expect();
    let to = Route::Eligibility(candidate.id);
    let link_to = to.clone();
    let open = move |click: leptos::ev::MouseEvent| {
        if is_plain(&click) {
            navigator.go(to.clone());
        }
    };
    let name = view! { <Link to=link_to class="table__link">{candidate.name}</Link> }.into_any();
    let cells = [
        name,
        candidate.birthdate.slashed().into_any(),
        candidate.sex1.label().into_any(),
        candidate
            .address
            .unwrap_or_else(|| "（登録なし）".to_owned())
            .into_any(),
        candidate.insurer_name.into_any(),
    ];
    let cells = COLUMNS.into_iter().zip(cells).map(|(name, cell)| {
        view! { <td class="table__cell" role="cell" data-label=name>{cell}</td> }
    });
    view! { <tr class="table__row" role="row" on:click=open>{cells.collect_view()}</tr> }
}
