//! All that is registered of a coverage.

use domain::coverage::Coverage;
use leptos::prelude::*;

use super::model::{self, Group, Row};
use crate::components::copy::CopySign;
use crate::text::NO_INFORMATION;

/// The coverage that the judgement is about.
#[component]
pub(super) fn ShownCoverage(coverage: Coverage) -> impl IntoView {
    view! {
        <section class="coverage" aria-label="資格の内容">
            <Groups groups=model::groups(&coverage) level=2 />
        </section>
    }
}

/// Several coverages under one title: open, or closed until they are wanted.
#[component]
pub(super) fn CoverageList(
    /// The title's id.
    id: &'static str,
    title: &'static str,
    open: bool,
    coverages: Vec<Coverage>,
) -> impl IntoView {
    let count = coverages.len();
    let items = coverages.into_iter().map(|coverage| {
        view! {
            <details class="other" open=open>
                <summary class="other__summary">
                    <span class="other__period">{model::period(&coverage)}</span>
                    <span class="other__insurer">{coverage.insurer_name.clone()}</span>
                </summary>
                <div class="coverage"><Groups groups=model::groups(&coverage) level=3 /></div>
            </details>
        }
    });
    view! {
        <section class="others" aria-labelledby=id>
            <h2 class="others__title" id=id>{title}"（"{count}"件）"</h2>
            {items.collect_view()}
        </section>
    }
}

#[component]
pub(super) fn Groups(groups: Vec<Group>, level: u8) -> impl IntoView {
    let group = move |group: Group| {
        let title = match level {
            2 => view! { <h2 class="group__title">{group.title}</h2> }.into_any(),
            _ => view! { <h3 class="group__title">{group.title}</h3> }.into_any(),
        };
        let content = if group.is_empty() {
            view! { <p class="group__nothing">{NO_INFORMATION}</p> }.into_any()
        } else {
            group.parts.into_iter().map(list).collect_view().into_any()
        };
        view! { <section class="group">{title}{content}</section> }
    };
    groups.into_iter().map(group).collect_view()
}

fn list(rows: Vec<Row>) -> impl IntoView {
    let items = rows.into_iter().map(|row| {
        let value = row.value.map(|value| {
            let copied = value.copied().to_owned();
            let is_day = value.is_day();
            view! {
                <span class="facts__text" class:facts__text--day=is_day>
                    {value.text}
                    {value.code.map(|code| view! { <span class="facts__code">{code}</span> })}
                    {value.note.map(|note| view! { <span class="facts__note">{note}</span> })}
                </span>
                <CopySign label=row.label text=copied />
            }
        });
        let is_absent = value.is_none();
        view! {
            <div class="facts__item">
                <dt class="facts__term">{row.label}</dt>
                <dd class="facts__value" class:facts__value--absent=is_absent>
                    {value}
                    {is_absent.then_some(NO_INFORMATION)}
                </dd>
            </div>
        }
    });
    view! { <dl class="facts">{items.collect_view()}</dl> }
}
