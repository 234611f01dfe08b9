//! What to change when a search found nobody, or too many: numbered steps, each
//! with a button that does it as far as it can be done.

use domain::search::{Advice, Field, MOST_CANDIDATES, SearchForm, narrowing_text};
use leptos::prelude::*;

use super::model::{Model, Next};
use crate::components::notice::{Notice, Tone};
use crate::dom;
use crate::pages::fallback::Fallback;
use crate::session::Session;

/// Whom a search did not find.
#[derive(Clone)]
pub(crate) enum Unfound {
    /// Nobody meets these conditions.
    Nobody(SearchForm),
    /// Too many do; what would narrow the search, best first.
    TooMany(Vec<Field>),
}

/// Follows advice: changes the conditions, then searches or leads to a field.
#[derive(Clone, Copy)]
pub(crate) struct Advisor {
    model: RwSignal<Model>,
    session: Session,
    submit: Callback<()>,
}

impl Advisor {
    pub(super) fn new(model: RwSignal<Model>, submit: Callback<()>) -> Self {
        let session = Session::expect();
        Self {
            model,
            session,
            submit,
        }
    }

    fn follow(self, advice: Advice) {
        let today = self.session.today();
        match self.model.try_update(|model| model.follow(advice, today)) {
            Some(Next::Search) => self.submit.run(()),
            Some(Next::Fill(field)) => dom::focus_soon(field.code()),
            None => {}
        }
    }

    /// Searches again with every variant spelling of 氏名, or without them.
    pub(super) fn include_variants(self, included: bool) {
        self.model.update(|model| model.include_variants(included));
        self.submit.run(());
    }
}

/// What to change.
#[component]
pub(crate) fn AdviceNotice(unfound: Unfound, advise: Advisor) -> impl IntoView {
    match unfound {
        Unfound::Nobody(asked) => view! { <NotFound asked advise /> }.into_any(),
        Unfound::TooMany(narrow_by) => view! { <TooMany narrow_by /> }.into_any(),
    }
}

/// Nobody: the steps follow from what was asked, and tell nothing of who exists.
#[component]
fn NotFound(asked: SearchForm, advise: Advisor) -> impl IntoView {
    let steps = Advice::when_nobody(&asked).into_iter().map(move |advice| {
        step(advice.text(), advice.action().to_owned(), move |_| {
            advise.follow(advice);
        })
    });
    view! {
        <Notice tone=Tone::Attention title="該当する資格情報が見つかりませんでした">
            <p>"上から順に試してください。"</p>
            <ol class="advice">{steps.collect_view()}</ol>
            <Fallback />
        </Notice>
    }
}

/// Too many: the conditions that tell the persons apart best come first.
#[component]
fn TooMany(narrow_by: Vec<Field>) -> impl IntoView {
    let title = [
        "該当者が",
        &MOST_CANDIDATES.to_string(),
        "人を超えるため、表示できません",
    ]
    .concat();
    let is_hopeless = narrow_by.is_empty();
    let steps = narrow_by.into_iter().map(|field| {
        let action = ["「", field.label(), "」を入力する"].concat();
        step(narrowing_text(field), action, move |_| {
            dom::focus_soon(field.code());
        })
    });
    let steps = steps.collect_view();
    view! {
        <Notice tone=Tone::Attention title>
            {if is_hopeless {
                view! { <p>"ほかの条件でも絞り込めません。氏名、生年月日、性別をもう一度確かめてください。"</p> }.into_any()
            } else {
                view! {
                    <p>"条件を加えて、もう一度検索してください。上のものほど絞り込めます。"</p>
                    <ol class="advice">{steps}</ol>
                }
                .into_any()
            }}
        </Notice>
    }
}

fn step(
    text: &'static str,
    action: String,
    follow: impl FnMut(leptos::ev::MouseEvent) + 'static,
) -> impl IntoView {
    view! {
        <li>
            <div class="advice__step">
                <span class="advice__text">{text}</span>
                <button type="button" class="button button--outline button--small advice__do" on:click=follow>
                    {action}
                </button>
            </div>
        </li>
    }
}
