//! What has to be said for all of them.

use leptos::prelude::*;
use protocol::http::BulkStep;

use super::super::super::ask::Ask;
use super::super::super::field::{Field, Typed};
use super::super::super::words;
use super::Many;

const MOST_REASON: usize = 200;

/// Asks for hours and the reason.
#[component]
pub(super) fn Question(
    many: Many,
    count: usize,
    /// For how many hours, unless somebody says otherwise.
    usual: String,
    on_yes: Callback<(BulkStep, String)>,
    on_no: Callback<()>,
) -> impl IntoView {
    let hours = Field::new("bulk-hours", "hours", &usual);
    let reason = Field::new("bulk-reason", "reason", "");
    let answered = Callback::new(move |()| {
        let act = match many {
            Many::SendForm => Some(BulkStep::SendForm),
            Many::End => Some(BulkStep::End),
            Many::Open => hours
                .checked(words::hours)
                .map(|hours| BulkStep::Open { hours }),
            Many::Extend => hours
                .checked(words::hours)
                .map(|hours| BulkStep::Extend { hours }),
        };
        let why = reason.checked(|typed| words::needed(typed, MOST_REASON));
        if let (Some(act), Some(why)) = (act, why) {
            on_yes.run((act, why));
        }
    });
    let question = [&count.to_string(), "件に「", many.label(), "」を行いますか"].concat();
    let label = match many {
        Many::Open => Some("開放する時間（時間）"),
        Many::Extend => Some("延長する時間（時間）"),
        Many::SendForm | Many::End => None,
    };
    view! {
        <Ask
            question
            yes=many.label()
            is_busy=Signal::derive(|| false)
            on_yes=answered
            on_no
        >
            <p>
                "1件ずつ手順を確かめて行います。前の手順が済んでいない医療機関・薬局には行わず、終わってから理由を表示します。"
            </p>
            {label.map(|label| view! { <Typed field=hours label /> })}
            <Typed field=reason label="理由" hint="すべての申請の経過に残ります。200文字以内" />
        </Ask>
    }
}
