//! 「利用報告書を提出」: by a mail file, or by the service where it can.

use domain::usage_report::SUBJECT;
use leptos::prelude::*;
use protocol::http::{Delivery, ProblemCode};

use super::draft::{Draft, Kept};
use crate::api::{self, Error};
use crate::components::copy::CopySign;
use crate::components::dialog::Confirm;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::task::Task;
use crate::text::moment;

const PROBLEM: &str = "hand-in-problem";
const TOLD: &str = "handed-in";

/// The buttons, and what is asked before.
#[component]
pub(super) fn HandIn(draft: Draft) -> impl IntoView {
    let task = Task::new();
    let failure = RwSignal::new(None::<Error>);
    let asked = RwSignal::new(None::<Delivery>);
    let is_sending = RwSignal::new(false);
    let can_be_sent = Memo::new(move |_| {
        draft
            .report
            .with(|report| report.as_ref().is_some_and(|report| report.can_be_sent))
    });
    let ask = move |delivery| {
        failure.set(None);
        let fields = draft.fields.get_untracked();
        let violations = [fields.violations(), fields.missing()].concat();
        if !draft.refuse(&violations, true) {
            asked.set(Some(delivery));
        }
    };
    let hand_in = move |delivery| {
        is_sending.set(delivery == Delivery::Smtp);
        task.run(async move {
            draft.settle().await;
            let is_kept = draft
                .kept
                .with_untracked(|kept| matches!(kept, Kept::All(_)));
            if !is_kept && !draft.keep().await {
                return;
            }
            let (id, version) = (draft.id(), draft.version());
            let call = api::opening::hand_in(&id, version, delivery);
            match draft.session().call(call).await {
                Some(Ok(report)) => {
                    draft.take(report);
                    dom::focus_soon(TOLD);
                }
                Some(Err(error)) if error.code() == Some(ProblemCode::ReportChanged) => {
                    draft.kept.try_set(Kept::Changed);
                }
                Some(Err(error)) => {
                    failure.try_set(Some(error));
                    dom::focus_soon(PROBLEM);
                }
                None => {}
            }
        });
    };
    let first = move || {
        if can_be_sent.get() {
            Delivery::Smtp
        } else {
            Delivery::File
        }
    };
    view! {
        <section class="account__section" aria-labelledby="hand-in-title">
            <h2 class="account__title" id="hand-in-title">"提出"</h2>
            <p class="account__text">"提出すると、内容を変更できなくなります。この画面の書面のとおりに提出されます。"</p>
            <div role="alert">
                {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
            </div>
            <div role="status">
                {move || (task.is_running() && is_sending.get()).then(|| view! {
                    <p class="account__text">"メールを送信しています…　20秒ほどかかることがあります。"</p>
                })}
            </div>
            <div class="desk__actions">
                <button
                    type="button"
                    class="button button--solid"
                    id="hand-in"
                    disabled=move || task.is_running()
                    on:click=move |_| ask(first())
                >
                    "利用報告書を提出"
                </button>
                {move || can_be_sent.get().then(|| view! {
                    <button
                        type="button"
                        class="button button--outline"
                        id="hand-in-file"
                        disabled=move || task.is_running()
                        on:click=move |_| ask(Delivery::File)
                    >
                        "メールファイルで提出"
                    </button>
                })}
            </div>
            {move || asked.get().map(|delivery| view! {
                <Confirm
                    question="利用報告書を提出しますか"
                    text=about(delivery)
                    yes="提出する"
                    on_yes=Callback::new(move |()| hand_in(delivery))
                    on_no=Callback::new(move |()| asked.set(None))
                />
            })}
        </section>
    }
}

const fn about(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Smtp => "コールセンターのメールアドレスへ、このシステムから送信します。",
        Delivery::File => {
            "メールファイル（.eml）を作ります。次の画面でダウンロードして、お使いのメールソフトから送信してください。"
        }
    }
}

/// What has happened, and what there is to do with the mail file.
#[component]
pub(super) fn HandedIn(draft: Draft) -> impl IntoView {
    let report = draft.report.get_untracked();
    let to = report
        .as_ref()
        .and_then(|report| report.opening.form_sent.as_ref());
    let to = to
        .map(|form| form.from.as_str().to_owned())
        .unwrap_or_default();
    let is_sent = report.as_ref().is_some_and(|report| report.is_sent);
    let handed_in_at = report.and_then(|report| report.handed_in_at).map(moment);
    let acknowledged_at = Memo::new(move |_| {
        draft
            .report
            .with(|report| report.as_ref()?.acknowledged_at.map(moment))
    });
    let state = move || match acknowledged_at.get() {
        Some(at) => ["実施機関が", &at, "に受領しました。"].concat(),
        None => "実施機関の受領を待っています。".to_owned(),
    };
    let address = api::opening::mail_address(&draft.id());
    view! {
        <Notice tone=Tone::Information title="利用報告書を提出しました" id=TOLD>
            <p>{handed_in_at}" "<span role="status">{state}</span></p>
        </Notice>
        <section class="report__mail" aria-labelledby="mail-title">
            <h2 class="account__title" id="mail-title">"メールファイル"</h2>
            {if is_sent {
                view! { <Sent address to /> }.into_any()
            } else {
                view! { <ToSend address to /> }.into_any()
            }}
        </section>
    }
}

/// It has left already.
#[component]
fn Sent(address: String, to: String) -> impl IntoView {
    view! {
        <p class="account__text">"このシステムから"{to}"へ送信しました。もう一度送信する必要はありません。"</p>
        <MailFile address />
    }
}

/// Somebody has to send it.
#[component]
fn ToSend(address: String, to: String) -> impl IntoView {
    view! {
            <p class="account__text">"次のとおり、メールソフトから送信してください。"</p>
            <ol class="pairing__steps">
                <li>
                    <MailFile address />
                </li>
                <li>"ダウンロードしたファイルを、メールソフトで開いてください。"</li>
                <li>
                    "宛先と件名を確認して、送信してください。"
                    <dl class="desk__facts">
                        <div><dt>"宛先"</dt><dd>{to.clone()}<CopySign label="宛先" text=to.clone() /></dd></div>
                        <div><dt>"件名"</dt><dd>{SUBJECT}<CopySign label="件名" text=SUBJECT.to_owned() /></dd></div>
                    </dl>
                </li>
            </ol>
    }
}

#[component]
fn MailFile(address: String) -> impl IntoView {
    view! {
        <a class="button button--outline" id="mail" download="利用報告書.eml" href=address>
            "メールファイルをダウンロード"
        </a>
    }
}
