//! 「資格情報照会（システム障害時）」.

pub(crate) mod advice;
mod candidates;
mod closed;
mod expiry;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod model;
mod results;
pub(crate) mod summary;
mod variants;

use leptos::prelude::*;
use protocol::http::{SearchAnswer, SearchOutcome};

use super::menu::ForSearchers;
use crate::api;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::dom;
use crate::navigation::Navigator;
use crate::parts;
use crate::route::Route;
use crate::session::{Session, Typed};
use crate::task::Task;
use advice::Advisor;
use closed::Closed;
use form::ConditionsForm;
use model::{Model, Reaction};
use results::Results;

/// What was typed and what was found: outlives the page, so that coming back
/// from 「資格情報確認」 finds both.
#[derive(Clone, Copy)]
pub(crate) struct Search(RwSignal<Model>);

impl Search {
    pub(crate) fn provide() -> Self {
        let search = Self(RwSignal::new(Model::default()));
        provide_context(search);
        expiry::watch(search.0);
        search
    }

    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// What a locked page must not have, and may have again.
    pub(crate) fn typed(self) -> Typed {
        Typed {
            copy: Callback::new(move |()| {
                self.0
                    .with_untracked(|model| model.has_typed().then(|| model.to_text()))
            }),
            take: Callback::new(move |()| {
                let text = self.0.with_untracked(Model::to_text);
                self.forget();
                text
            }),
            give_back: Callback::new(move |text: String| {
                self.0.update(|model| model.restore(&text));
            }),
        }
    }

    /// Whether something was typed that is still there.
    pub(crate) fn has_typed(self) -> bool {
        self.0.with(Model::has_typed)
    }

    /// Forgets everything: somebody else may be next.
    pub(crate) fn forget(self) {
        self.0.set(Model::default());
    }

    /// Forgets what was found, because it can't be opened any more.
    pub(crate) fn forget_answer(self) {
        self.0.update(Model::forget_answer);
    }
}

/// The conditions, and under them what was found.
#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu, Route::Emergency] />
        <Heading route=Route::Search />
        <ForSearchers><Conditions /></ForSearchers>
    }
}

#[component]
fn Conditions() -> impl IntoView {
    let session = Session::expect();
    let navigator = Navigator::expect();
    let Search(model) = Search::expect();
    let task = Task::new();
    model.update(|model| model.open(session.today()));
    parts::expect_eligibility();

    let submit = Callback::new(move |()| {
        let Some(form) = model
            .try_update(|model| model.submit(session.today()))
            .flatten()
        else {
            dom::focus_soon(summary::ID);
            return;
        };
        dom::reveal_soon(results::ID);
        task.run(async move {
            let Some(result) = session.call(api::search(&form)).await else {
                return;
            };
            if let Ok(SearchAnswer {
                outcome: SearchOutcome::One(id),
                ..
            }) = &result
            {
                navigator.go(Route::Eligibility(id.clone()));
            }
            match model.try_update(|model| model.answered(form, result)) {
                Some(Reaction::ShowErrors) => dom::focus_soon(summary::ID),
                Some(Reaction::ShowAnswer) => dom::reveal_soon(results::ID),
                None => {}
            }
        });
    });
    let clear = Callback::new(move |()| {
        task.stop();
        model.update(|model| {
            *model = Model::default();
            model.open(session.today());
        });
        dom::focus_soon(model::FIELDS[0].code());
    });
    view! {
        <Closed model task />
        <ConditionsForm model task submit clear />
        <expiry::ListExpired />
        <Results model task again=submit advise=Advisor::new(model, submit) />
    }
}
