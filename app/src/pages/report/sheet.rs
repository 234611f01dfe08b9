//! The report as it will be printed, on A4.

use domain::usage_report::ReportField;
use leptos::prelude::*;
use protocol::http::UsageReport;

use super::draft::Draft;
use crate::text::moment;

/// The sheet; what is being typed is on it at once.
#[component]
pub(super) fn Sheet(draft: Draft) -> impl IntoView {
    move || {
        draft
            .report
            .get()
            .map(|report| view! { <Paper draft report /> })
    }
}

#[component]
fn Paper(draft: Draft, report: UsageReport) -> impl IntoView {
    let opening = report.opening.clone();
    let field = move |field: ReportField| {
        move || {
            draft
                .fields
                .with(|fields| fields.get(field).trim().to_owned())
        }
    };
    // Each end of it stays in one line.
    let period = opening.period.map(|period| {
        view! {
            <span>
                <span class="sheet__moment">{moment(period.starts_at)}" ～"</span>
                " "
                <span class="sheet__moment">{moment(period.ends_at)}</span>
            </span>
        }
    });
    let facts = [
        (
            "医療機関コード",
            opening
                .medical_institution_code
                .as_str()
                .to_owned()
                .into_any(),
        ),
        (
            "医療機関・薬局名",
            opening.institution_name.clone().into_any(),
        ),
        (
            ReportField::Contact.label(),
            field(ReportField::Contact).into_any(),
        ),
        ("利用の理由", opening.cause.label().into_any()),
        (
            ReportField::FailureFrom.label(),
            field(ReportField::FailureFrom).into_any(),
        ),
        (
            ReportField::FailureTo.label(),
            field(ReportField::FailureTo).into_any(),
        ),
        ("開放期間", period.into_any()),
    ];
    let facts = facts.map(|(name, value)| {
        view! {
            <div class="facts__item">
                <dt class="facts__term">{name}</dt>
                <dd class="facts__value">{value}</dd>
            </div>
        }
    });
    let remark = field(ReportField::Remark);
    let remark = move || match remark() {
        text if text.is_empty() => "なし".to_owned(),
        text => text,
    };
    view! {
        <article class="sheet" aria-labelledby="sheet-title">
            <h2 class="sheet__title" id="sheet-title">"利用報告書"</h2>
            <p class="sheet__about">"緊急時医療情報・資格確認機能（資格情報照会（システム障害時））"</p>
            <dl class="facts">{facts.into_iter().collect_view()}</dl>
            <h3>{ReportField::Description.label()}</h3>
            <p class="sheet__text">{field(ReportField::Description)}</p>
            <Days report=report.clone() />
            <Users report=report.clone() />
            <h3>{ReportField::Remark.label()}</h3>
            <p class="sheet__text">{remark}</p>
            <p class="sheet__note">
                "検索回数と人数は、監査証跡から集計したものです。人数は、資格情報確認を表示した方の実人数です。"
            </p>
            <p class="sheet__note">
                {match report.handed_in_at {
                    Some(at) => ["提出：", &moment(at)].concat(),
                    None => "下書き（未提出）".to_owned(),
                }}
            </p>
        </article>
    }
}

#[component]
fn Days(report: UsageReport) -> impl IntoView {
    let searches: u32 = report.days.iter().map(|day| day.searches).sum();
    let rows = report
        .days
        .iter()
        .map(|day| row(day.date.slashed(), day.searches, day.persons));
    let rows: Vec<_> = rows
        .chain([row("合計（実人数）".to_owned(), searches, report.persons)])
        .collect();
    view! {
        <h3>"利用状況（日別）"</h3>
        {table("日付", rows)}
    }
}

#[component]
fn Users(report: UsageReport) -> impl IntoView {
    let rows = report.users.iter();
    let rows: Vec<_> = rows
        .map(|user| row(user.user_id.to_string(), user.searches, user.persons))
        .collect();
    view! {
        <h3>"利用状況（ユーザID別）"</h3>
        {if rows.is_empty() {
            view! { <p>"この期間の利用はありません"</p> }.into_any()
        } else {
            table("ユーザID", rows)
        }}
    }
}

fn table(head: &'static str, rows: Vec<AnyView>) -> AnyView {
    view! {
        <table class="sheet__table">
            <thead>
                <tr><th scope="col">{head}</th><th scope="col">"検索回数"</th><th scope="col">"人数"</th></tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(name: String, searches: u32, persons: u32) -> AnyView {
    view! { <tr><th scope="row">{name}</th><td>{searches}"回"</td><td>{persons}"人"</td></tr> }
        .into_any()
}
