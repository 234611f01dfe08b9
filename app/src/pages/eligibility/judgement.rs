//! What the desk needs first: valid or not on that day, and for whom.

use domain::code::QualificationValidity;
use domain::coverage::Coverage;
use domain::date::Date;
use domain::eligibility::Judgement;
use leptos::prelude::*;

use super::model::{self, Row};
use crate::components::icon::{Icon, Sign};
use crate::text::both_calendars;

/// The validity in words, sign and colour; its reason; the person.
#[component]
pub(super) fn JudgementPanel(
    day: Date,
    judgement: Judgement,
    person: Option<Coverage>,
) -> impl IntoView {
    let validity = judgement.qualification_validity;
    let (tone, icon) = look(validity);
    view! {
        <section class=["judgement judgement--", tone].concat() aria-labelledby="validity">
            <div class="judgement__validity">
                <Sign icon />
                <h2 class="judgement__label" id="validity">{validity.label()}</h2>
            </div>
            <div class="judgement__text">
                <p class="judgement__reason">{judgement.reason.text()}</p>
                <ul class="judgement__notices">
                    {judgement.notices.iter().map(|notice| view! { <li>{notice.text()}</li> }).collect_view()}
                </ul>
                <p class="judgement__day">
                    "資格確認日 "
                    <strong>{both_calendars(day)}</strong>
                </p>
            </div>
            {person.map(|person| view! { <Person rows=model::person(&person) /> })}
        </section>
    }
}

/// The judgement as a screen reader says it when it arrives.
pub(super) fn spoken(judgement: &Judgement) -> String {
    let validity = judgement.qualification_validity.label();
    let notices: String = judgement
        .notices
        .iter()
        .map(|notice| notice.text())
        .collect();
    [validity, "。", &judgement.reason.text(), &notices].concat()
}

const fn look(validity: QualificationValidity) -> (&'static str, Icon) {
    match validity {
        QualificationValidity::Valid => ("valid", Icon::Yes),
        QualificationValidity::Several | QualificationValidity::ValidNotRegistered => {
            ("attention", Icon::Attention)
        }
        QualificationValidity::Invalid
        | QualificationValidity::InvalidNewerExists
        | QualificationValidity::NoQualification => ("invalid", Icon::No),
    }
}

#[component]
fn Person(rows: Vec<Row>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        view! {
            <div class="person__item">
                <dt class="person__term">{row.label}</dt>
                <dd class="person__value">{row.text()}</dd>
            </div>
        }
    });
    view! { <dl class="person">{rows.collect_view()}</dl> }
}
