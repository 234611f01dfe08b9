//! What is known of a request, and everything that was done for its institution.

use leptos::prelude::*;
use protocol::http::{OperatorOpening, TimelineEntry};

use crate::text::moment;

/// What was asked for, and what came of it.
#[component]
pub(super) fn Facts(known: OperatorOpening) -> impl IntoView {
    let opening = known.opening;
    let channel = if opening.is_by_telephone {
        "（電話で受付）"
    } else {
        ""
    };
    let doubt = if known.institution.has_valid_check_digit {
        ""
    } else {
        "（検証番号が合いません）"
    };
    let code = opening.medical_institution_code.as_str();
    let period = opening
        .period
        .map(|period| [&moment(period.starts_at), " ～ ", &moment(period.ends_at)].concat());
    let rows = [
        ("医療機関コード", Some([code, doubt].concat())),
        (
            "申請日時",
            Some([&moment(opening.requested_at), channel].concat()),
        ),
        ("担当者名", Some(opening.contact.as_str().to_owned())),
        ("原因", Some(opening.cause.label().to_owned())),
        ("備考", opening.remark),
        (
            "報告書の送付先",
            opening.form_sent.map(|sent| sent.to.as_str().to_owned()),
        ),
        ("開放期間", period),
        ("理由", opening.reason),
        ("報告書の提出", opening.handed_in_at.map(moment)),
        ("受領", opening.acknowledged_at.map(moment)),
    ];
    let rows = rows.into_iter().filter_map(|(term, value)| {
        let value = value?;
        Some(view! { <div class="facts__item"><dt>{term}</dt><dd>{value}</dd></div> })
    });
    view! {
        <section aria-labelledby="facts-title">
            <h3 class="account__title" id="facts-title">"申請の内容"</h3>
            <dl class="case__facts">{rows.collect_view()}</dl>
        </section>
    }
}

/// All of the institution's openings in one line, the newest first.
#[component]
pub(super) fn Timeline(known: OperatorOpening) -> impl IntoView {
    let items = known.timeline.into_iter().map(|entry| {
        let TimelineEntry { at, by, text } = entry;
        let by = by.map_or_else(|| "自動".to_owned(), String::from);
        view! {
            <li class="timeline__item">
                <span class="timeline__at">{moment(at)}</span>
                <span class="timeline__text">{text}</span>
                <span class="table__note">{by}</span>
            </li>
        }
    });
    view! {
        <section aria-labelledby="timeline-title">
            <h3 class="account__title" id="timeline-title">"この医療機関・薬局の経過"</h3>
            <ol class="timeline">{items.collect_view()}</ol>
        </section>
    }
}
