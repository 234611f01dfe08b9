//! What has to be said before a step is taken.

use domain::opening::ContactName;
use domain::timestamp::Timestamp;
use leptos::prelude::*;
use protocol::http::{OperatorAct, OperatorOpening, Reason};

use super::super::ask::Ask;
use super::super::field::{Field, Typed, show_violations};
use super::super::words;
use super::step::Step;
use super::{Desk, Taken};
use crate::api::Error;
use crate::clock;
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::text::moment;

const PROBLEM: &str = "step-problem";
const MOST_REASON: usize = 200;

/// Asks about a step, by the institution's name.
#[component]
pub(super) fn StepDialog(desk: Desk, step: Step, known: OperatorOpening) -> impl IntoView {
    let usual = desk.feed.state_untracked();
    let usual = usual.map_or_else(String::new, |state| state.usual_hours.to_string());
    let spoken_to = Field::new("step-spoken-to", "spoken_to", "");
    let hours = Field::new("step-hours", "hours", &usual);
    let reason = Field::new("step-reason", "reason", "");
    let failure = RwSignal::new(None::<Error>);
    let on_yes = Callback::new(move |()| {
        failure.set(None);
        let Some(act) = act(step, spoken_to, hours, reason) else {
            return;
        };
        desk.acting.run(async move {
            if let Some(Taken::Refused(error)) = desk.act(step, act).await
                && let Some(error) = show_violations(error, &[spoken_to, hours, reason])
            {
                failure.try_set(Some(error));
                dom::focus_soon(PROBLEM);
            }
        });
    });
    let on_no = Callback::new(move |()| {
        // Closed by the step itself, too.
        desk.asked.try_set(None);
    });
    let question = [
        "「",
        &known.institution.name,
        "」について「",
        step.label(),
        "」を行いますか",
    ];
    let from = known.opening.period.map(|period| period.ends_at);
    let fields = match step {
        Step::CallBack => view! {
            <p>"届出の番号にかけて話した相手の名前を入力してください。"</p>
            <Typed field=spoken_to label="話した相手の名前" />
        }
        .into_any(),
        Step::Open => view! {
            <Typed field=hours label="開放する時間（時間）" echo=until(hours, None) />
        }
        .into_any(),
        Step::Extend => view! {
            <Typed field=hours label="延長する時間（時間）" echo=until(hours, from) />
        }
        .into_any(),
        Step::End | Step::Refuse | Step::Withdraw => view! {
            <p>{consequence(step)}</p>
            <Typed field=reason label="理由" hint="医療機関・薬局に表示されます。200文字以内" />
        }
        .into_any(),
        Step::SendForm => {
            let to = known.institution.email;
            let to = to.map(|to| to.as_str().to_owned()).unwrap_or_default();
            view! {
                <p>"宛先：" <strong>{to}</strong></p>
                <p>"登録されたメールアドレスです。利用報告書の様式を、このアドレスに送ったことを記録します。"</p>
            }
            .into_any()
        }
        Step::Acknowledge => view! {
            <p>"提出された利用報告書を確かめてから受領してください。受領すると、この申請の手続きは終わります。"</p>
        }
        .into_any(),
    };
    view! {
        <Ask
            question=question.concat()
            yes=step.label()
            is_busy=Signal::derive(move || desk.acting.is_running())
            on_yes
            on_no
        >
            {fields}
            {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        </Ask>
    }
}

/// The act as filled in; `None` where a field says what is wrong.
fn act(step: Step, spoken_to: Field, hours: Field, reason: Field) -> Option<OperatorAct> {
    let reason = || {
        let reason = reason.checked(|typed| words::needed(typed, MOST_REASON))?;
        Some(Reason { reason })
    };
    let hours = || hours.checked(words::hours);
    Some(match step {
        Step::CallBack => {
            let name = spoken_to.checked(|typed| {
                let name = typed.parse::<ContactName>();
                name.map_err(|error| error.to_string())
            })?;
            OperatorAct::CallBack {
                spoken_to: name.into(),
            }
        }
        Step::SendForm => OperatorAct::SendForm,
        Step::Open => OperatorAct::Open { hours: hours()? },
        Step::Extend => OperatorAct::Extend { hours: hours()? },
        Step::End => OperatorAct::End(reason()?),
        Step::Refuse => OperatorAct::Refuse(reason()?),
        Step::Withdraw => OperatorAct::Withdraw(reason()?),
        Step::Acknowledge => OperatorAct::Acknowledge,
    })
}

/// When it will end, from a moment or else from now.
fn until(hours: Field, from: Option<Timestamp>) -> Signal<Option<String>> {
    Signal::derive(move || {
        let hours = hours.text.with(|typed| words::hours(typed)).ok()?;
        let from = from.unwrap_or_else(clock::now);
        let end = from.plus_seconds(i64::from(hours) * 3600);
        Some([&moment(end), "まで開放します"].concat())
    })
}

const fn consequence(step: Step) -> &'static str {
    match step {
        Step::End => "すぐに使えなくなります。検索中の画面も終わります。",
        Step::Refuse => "この申請は終わります。必要なときは、あらためて申請してもらいます。",
        _ => "取下げの申し出を電話で受けたことを記録し、この申請を終えます。",
    }
}
