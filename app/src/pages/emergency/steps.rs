//! 立ち上げの流れ, in the words of the source document, and how far it has come.

use domain::opening::USUAL_MINUTES;
use leptos::prelude::*;
use protocol::http::OpeningSummary;

use super::Function;
use super::call_centre::CallCentre;
use super::model::{self, Mark};
use crate::clock;
use crate::components::expiry::every_second;
use crate::text::moment;

/// A step's title and what is done in it, word for word.
const STEPS: [(&str, &[&str]); model::STEPS] = [
    (
        "コールセンターへ連絡",
        &[
            "医療機関コード、医療機関・薬局名、担当者名をお伝えください。",
            "「緊急時医療情報・資格確認機能」利用希望の旨、お伝えください。",
        ],
    ),
    (
        "電話確認 / 利用報告書送付依頼",
        &[
            "コールセンターから保険医療機関届に記載されている電話番号の担当者へお電話いたします。",
            "また、利用報告書をメールにて送付いたします。",
        ],
    ),
    (
        "「緊急時医療情報・資格確認機能」利用設定 / 電話連絡",
        &[
            "医療保険情報提供等実施機関にて「緊急時医療情報・資格確認機能」利用設定を行い、担当者から医療機関・薬局へ電話等で連絡いたします。",
        ],
    ),
    (
        "「緊急時医療情報・資格確認機能」利用 / 利用報告書提出",
        &[
            "「緊急時医療情報・資格確認機能」にて資格確認を行ってください。",
            "後日、「緊急時医療情報・資格確認機能」に関する利用報告書をコールセンターから届いたメールアドレスに提出してください。その際、タイトルを「システム障害時機能の利用報告」としてください。",
        ],
    ),
];

/// The four steps; the one that it is at stands out.
#[component]
pub(super) fn Steps(function: Function) -> impl IntoView {
    let marks = Memo::new(move |_| model::marks(function.stage()));
    let steps = STEPS
        .into_iter()
        .enumerate()
        .map(|(index, (title, texts))| {
            let mark = Memo::new(move |_| marks.get()[index]);
            let done = Memo::new(move |_| {
                function
                    .opening
                    .with(|opening| done(index, opening.as_ref()?))
            });
            let class = move || match mark.get() {
                Mark::Done => "steps__step steps__step--done",
                Mark::Now => "steps__step steps__step--now",
                Mark::Next => "steps__step",
            };
            let word = move || match mark.get() {
                Mark::Done => Some("済み"),
                Mark::Now => Some("現在の手順"),
                Mark::Next => None,
            };
            view! {
                <li class=class aria-current=move || (mark.get() == Mark::Now).then_some("step")>
                    <h3 class="steps__title">{title}<span class="steps__mark">{word}</span></h3>
                    <ul class="opening__texts">
                        {texts.iter().map(|text| view! { <li>{*text}</li> }).collect_view()}
                    </ul>
                    {move || done.get().map(|done| view! { <p class="opening__done">{done}</p> })}
                    {(index == 0).then(|| view! { <CallCentre function /> })}
                </li>
            }
        });
    let steps = steps.collect_view();
    view! {
        <section class="account__section" aria-labelledby="steps-title">
            <h2 class="account__title" id="steps-title">"立ち上げの流れ"</h2>
            <Elapsed function />
            <ol class="steps">{steps}</ol>
        </section>
    }
}

/// When a step was done.
fn done(step: usize, opening: &OpeningSummary) -> Option<String> {
    let at = |words: &str, at| [words, "：", &moment(at)].concat();
    match step {
        0 => {
            let who = if opening.is_by_telephone {
                "電話での利用申請"
            } else {
                "利用申請"
            };
            Some(at(who, opening.requested_at))
        }
        1 => {
            let called = opening.called_back_at.map(|when| at("電話確認", when));
            let sent = opening.form_sent.as_ref();
            let sent = sent.map(|sent| {
                [
                    &at("利用報告書送付", sent.at),
                    "（",
                    sent.from.as_str(),
                    "から）",
                ]
                .concat()
            });
            let both: Vec<_> = called.into_iter().chain(sent).collect();
            (!both.is_empty()).then(|| both.join("　"))
        }
        2 => opening.period.map(|period| at("開放", period.starts_at)),
        _ => {
            let handed_in = opening.handed_in_at.map(|when| at("利用報告書提出", when));
            let acknowledged = opening.acknowledged_at.map(|when| at("受領", when));
            let both: Vec<_> = handed_in.into_iter().chain(acknowledged).collect();
            (!both.is_empty()).then(|| both.join("　"))
        }
    }
}

/// How long it has taken since the request, against what is usual.
#[component]
fn Elapsed(function: Function) -> impl IntoView {
    let now = RwSignal::new(clock::wall());
    every_second(move || now.set(clock::wall()));
    let elapsed = Memo::new(move |_| {
        if !model::may_withdraw(function.stage()) {
            return None;
        }
        let requested_at = function.opening.get()?.requested_at;
        Some(model::elapsed(requested_at, now.get()))
    });
    let is_before = Memo::new(move |_| model::is_before(function.stage()));
    move || {
        match elapsed.get() {
        None if !is_before.get() => ().into_any(),
        None => view! {
            <p class="account__text">
                "「緊急時医療情報・資格確認機能」開放まで（1～3）およそ"{USUAL_MINUTES}"分程度かかります。"
            </p>
        }
        .into_any(),
        Some(elapsed) => view! {
            <p class="opening__elapsed">
                <strong>"申請から"{elapsed.minutes}"分"</strong>
                <span>"開放まで（1～3）およそ"{USUAL_MINUTES}"分程度かかります。"</span>
                {elapsed.is_long.then_some("時間がかかっています。コールセンターに状況をお問い合わせください。")}
            </p>
            <div class="opening__bar" aria-hidden="true">
                <progress max=USUAL_MINUTES value=elapsed.minutes.min(USUAL_MINUTES)></progress>
            </div>
        }
        .into_any(),
    }
    }
}
