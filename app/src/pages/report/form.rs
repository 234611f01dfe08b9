//! What the institution adds, and whether it is kept.

use domain::usage_report::ReportField;
use leptos::prelude::*;

use super::draft::{Draft, Kept};
use crate::components::field::{TextArea, TextField};
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::text::moment;

/// The fields, in the order of the report.
#[component]
pub(super) fn ReportForm(draft: Draft) -> impl IntoView {
    let fields = ReportField::ALL.map(|field| view! { <Field draft field /> });
    view! {
        <section aria-labelledby="fields-title">
            <h2 class="account__title" id="fields-title">"医療機関・薬局が記入する項目"</h2>
            <p class="account__text">"開放期間、検索回数、人数は、監査証跡から集計します。患者の氏名は入力しないでください。"</p>
            <form class="accounts__form" method="post" autocomplete="off" novalidate=true on:submit=move |event| {
                event.prevent_default();
                draft.save();
            }>
                {fields.into_iter().collect_view()}
                <Trouble draft />
                <div class="desk__actions">
                    <button type="submit" class="button button--outline" id="save">"下書きを保存"</button>
                    <State draft />
                </div>
            </form>
        </section>
    }
}

#[component]
fn Field(draft: Draft, field: ReportField) -> impl IntoView {
    let value = Signal::derive(move || draft.fields.with(|fields| fields.get(field).to_owned()));
    let error = Signal::derive(move || {
        draft.wrong.with(|wrong| {
            let found = wrong.iter().find(|(code, _)| code == field.code());
            found.map(|(_, text)| text.clone())
        })
    });
    let on_input = Callback::new(move |text| draft.enter(field, text));
    let required = field != ReportField::Remark;
    let hint = match field {
        ReportField::Contact => "報告について問い合わせを受ける方",
        ReportField::FailureFrom => "例：2026/11/20 9:30ごろ",
        ReportField::FailureTo => "続いているときは「復旧していない」",
        ReportField::Description => "どのような障害だったか",
        ReportField::Remark => "なければ空のまま",
    };
    if field.has_lines() {
        view! { <TextArea id=field.code() label=field.label() required hint value error on_input /> }
            .into_any()
    } else {
        view! { <TextField id=field.code() label=field.label() required hint value error on_input /> }
            .into_any()
    }
}

/// Whether it is kept, beside the button.
#[component]
fn State(draft: Draft) -> impl IntoView {
    let words = move || match draft.kept.get() {
        Kept::All(None) => String::new(),
        Kept::All(Some(at)) => ["保存しました（", &moment(at), "）"].concat(),
        Kept::Behind => "保存していない変更があります".to_owned(),
        Kept::Saving => "保存しています…".to_owned(),
        Kept::Failed(_) | Kept::Changed => "保存できませんでした".to_owned(),
    };
    view! { <span class="report__state" role="status" id="draft-state">{words}</span> }
}

/// What there is to do about a draft that could not be kept.
#[component]
fn Trouble(draft: Draft) -> impl IntoView {
    let notice = move || {
        match draft.kept.get() {
        Kept::Failed(error) => view! { <ProblemNotice error /> }.into_any(),
        Kept::Changed => view! {
            <Notice tone=Tone::Attention title="利用報告書は、別の画面で保存されています">
                <p>"この画面の変更はまだ保存していません。どちらを残すか選んでください。"</p>
                <div class="notice__actions">
                    <button type="button" class="button button--outline" on:click=move |_| draft.give_up()>
                        "保存されている内容を読み込む"
                    </button>
                    <button type="button" class="button button--outline" on:click=move |_| draft.save_over()>
                        "この画面の内容を保存する"
                    </button>
                </div>
            </Notice>
        }
        .into_any(),
        _ => ().into_any(),
    }
    };
    view! { <div class="report__trouble" role="alert">{notice}</div> }
}
