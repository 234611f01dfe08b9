//! 利用報告書 as it was handed in, to read and to print.

use domain::opening::Period;
use domain::usage_report::{Usage, UsageReport as Text};
use leptos::prelude::*;
use protocol::http::{OpeningId, UsageReport};

use crate::api::{self, Error};
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::dom;
use crate::session::Session;
use crate::task::Task;

/// The report in the words of its mail.
#[component]
pub(super) fn Report(session: Session, id: StoredValue<OpeningId>) -> impl IntoView {
    let task = Task::new();
    let report = RwSignal::new(None::<Result<UsageReport, Error>>);
    let load = move || {
        let id = id.get_value();
        task.run(async move {
            if let Some(result) = session.call(api::operator::report(&id)).await {
                report.try_set(Some(result));
            }
        });
    };
    load();
    let content = move || {
        match report.get() {
        None => view! { <div role="status"><Waiting text="利用報告書を読み込んでいます…" /></div> }
            .into_any(),
        Some(Err(error)) => view! {
            <ProblemNotice error>
                <button type="button" class="button button--solid" on:click=move |_| load()>
                    "もう一度読み込む"
                </button>
            </ProblemNotice>
        }
        .into_any(),
        Some(Ok(report)) => view! {
            <button type="button" class="button button--outline report__print" on:click=move |_| dom::print()>
                "印刷"
            </button>
            <pre class="report" tabindex="0" role="region" aria-label="利用報告書の本文">{text(report)}</pre>
        }
        .into_any(),
    }
    };
    view! {
        <section class="account__section" aria-labelledby="report-title">
            <h3 class="account__title" id="report-title">"提出された利用報告書"</h3>
            {content}
        </section>
    }
}

/// `None` where it was never open, of which nobody reports.
fn text(report: UsageReport) -> Option<String> {
    let period = report.opening.period?;
    let report = Text {
        medical_institution_code: report.opening.medical_institution_code,
        institution_name: report.opening.institution_name,
        cause: report.opening.cause,
        period: Period {
            starts_at: period.starts_at,
            ends_at: period.ends_at,
        },
        usage: Usage {
            days: report.days,
            users: report.users,
            persons: report.persons,
        },
        fields: report.fields,
    };
    Some(report.text())
}
