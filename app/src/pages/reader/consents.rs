//! 同意: one screen for everything that is asked.

use domain::card_presentation::CardNotice;
use domain::consent::{ConsentAnswer, ConsentBundle};
use leptos::prelude::*;
use protocol::http::VisualConfirmationId;

use super::HEADING;
use super::ask::{Ask, StopButton};
use super::control::Control;
use super::language::{Language, Say};
use super::words::{self, Words};

/// What the patient has chosen so far.
#[derive(Clone, Copy)]
struct Chosen(RwSignal<Vec<ConsentAnswer>>);

impl Chosen {
    fn of(self, bundle: ConsentBundle) -> Option<bool> {
        self.0.with(|answers| {
            let answer = answers.iter().find(|answer| answer.bundle == bundle);
            answer.map(|answer| answer.agrees)
        })
    }

    fn choose(self, bundle: ConsentBundle, agrees: bool) {
        self.0.update(|answers| {
            answers.retain(|answer| answer.bundle != bundle);
            answers.push(ConsentAnswer { bundle, agrees });
        });
    }
}

/// The questions, and 「決定」 once all are answered.
#[component]
pub(super) fn ConsentsView(
    control: Control,
    id: VisualConfirmationId,
    asked: Vec<ConsentBundle>,
    notice: Option<CardNotice>,
) -> impl IntoView {
    let chosen = Chosen(RwSignal::new(Vec::new()));
    let most = asked.len();
    let is_complete = Memo::new(move |_| chosen.0.with(Vec::len) == most);
    let is_blocked = move || !is_complete.get() || control.is_busy();
    let decide = move |_| {
        if !untrack(is_blocked) {
            control.answer(id.clone(), chosen.0.get_untracked());
        }
    };
    view! {
        <div class="reader__consents">
            <h1 class="reader__title reader__title--small" id=HEADING tabindex="-1"><Say words=words::CONSENTS /></h1>
            <p class="reader__text reader__text--small">
                <Say words=words::CONSENTS_TEXT />
                " "
                <Say words=words::CONSENTS_VALID />
            </p>
            {notice.map(|CardNotice::ExpiresSoon(day)| view! {
                <p class="reader__remark"><Say words=words::EXPIRES_SOON />{day.slashed()}</p>
            })}
            <div class="consents">
                {asked.into_iter().map(|bundle| view! { <Question chosen bundle /> }).collect_view()}
            </div>
            <div role="alert">
                {move || control.problem().map(|error| view! {
                    <p class="reader__remark">
                        <Say words=words::NOT_DONE />
                        <code>{error.reference_code()}</code>
                    </p>
                })}
            </div>
            <div class="reader__actions">
                <StopButton on_stop=Callback::new(move |()| control.cancel()) />
                <button
                    type="button"
                    class="button button--solid reader__button reader__button--main"
                    aria-disabled=move || is_blocked().to_string()
                    aria-describedby="reader-choose"
                    on:click=decide
                >
                    {move || if control.is_busy() {
                        view! { <Say words=words::SENDING /> }
                    } else {
                        view! { <Say words=words::DECIDE /> }
                    }}
                </button>
            </div>
            <p class="reader__hint" id="reader-choose">
                {move || (!is_complete.get()).then(|| view! { <Say words=words::CHOOSE_ALL /> })}
            </p>
        </div>
        <CardGone control />
    }
}

#[component]
fn Question(chosen: Chosen, bundle: ConsentBundle) -> impl IntoView {
    let (name, what) = words::bundle(bundle);
    let is_open = RwSignal::new(false);
    let title = ["consent-", bundle.code()].concat();
    let labelled_by = title.clone();
    let details = [&title, "-details"].concat();
    let shown = details.clone();
    let language = Language::expect();
    let answer = move |agrees: bool, words: Words| {
        let is_chosen = move || chosen.of(bundle) == Some(agrees);
        view! {
            <button
                type="button"
                class="consent__answer"
                aria-label=move || language.plain(words)
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| chosen.choose(bundle, agrees)
            >
                <Say words />
            </button>
        }
    };
    view! {
        <section class="consent" role="group" aria-labelledby=labelled_by>
            <div class="consent__what">
                <h2 class="consent__name" id=title><Say words=name /></h2>
                <button
                    type="button"
                    class="button button--text consent__more"
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=details
                    on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
                >
                    <Say words=words::DETAILS />
                </button>
            </div>
            <p class="consent__details" id=shown hidden=move || !is_open.get()><Say words=what /></p>
            <div class="consent__answers">
                {answer(true, words::AGREE)}
                {answer(false, words::DISAGREE)}
            </div>
        </section>
    }
}

/// The card was taken before the end: whether the patient goes on is asked.
#[component]
fn CardGone(control: Control) -> impl IntoView {
    let is_asked = Memo::new(move |_| control.seen().asks_about_card());
    move || {
        is_asked.get().then(|| {
            view! {
                <Ask
                    question=words::CARD_GONE
                    text=words::CARD_GONE_TEXT
                    go_on=words::GO_ON
                    on_go_on=Callback::new(move |()| control.change(|local| local.goes_on = true))
                    end=words::STOP
                    on_end=Callback::new(move |()| {
                        control.change(|local| local.goes_on = true);
                        control.cancel();
                    })
                />
            }
        })
    }
}
