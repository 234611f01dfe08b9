//! 「控え」.
#![expect(
    clippy::large_types_passed_by_value,
    reason = "`Book` is handles of signals, which only builds for work on it make large"
)]

mod book;
mod choosing;
mod form;
mod list;
mod rule;
mod running;
mod standing;

use leptos::prelude::*;

use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::notice::{Notice, Tone};
use crate::components::waiting::Waiting;
use crate::notebook::fitness::{Caution, Fitness, Reason};
use crate::route::Route;
use book::Book;
use form::NoteForm;
use list::Notes;
use rule::{Log, Rule};
use running::Running;
use standing::Standing;

/// What can be kept here; then the form, what there is, and what to do with it.
#[component]
pub(crate) fn NotebookPage() -> impl IntoView {
    let book = Book::open();
    view! {
        <Breadcrumbs above=vec![Route::Menu] />
        <Heading route=Route::Notebook />
        <p class="lead">
            "照会できない間に、患者を控えます。控えは暗号化してこの端末だけに残り、照会できるようになったら、まとめて照会できます。"
        </p>
        {move || book.may_note().then_some(()).map_or_else(
            || view! { <NotForThisRole /> }.into_any(),
            |()| view! { <Book book /> }.into_any(),
        )}
    }
}

#[component]
fn Book(book: Book) -> impl IntoView {
    view! {
        <Standing book />
        {move || match book.fitness.get() {
            None => view! { <Waiting text="この端末に残せるか確かめています…" /> }.into_any(),
            Some(Fitness::Unfit(reason)) => view! { <Unfit reason /> }.into_any(),
            Some(Fitness::Fit { cautions, terminal, .. }) => view! {
                <Cautions cautions />
                <p class="note-owner" id="note-owner">
                    "「"{terminal.institution_name}"」の控えとして残します。"
                </p>
                <NoteForm book />
            }
            .into_any(),
        }}
        <Running book />
        <Notes book />
        <Rule book />
        <Log book />
    }
}

/// Said before anything is typed: there is no form.
#[component]
fn Unfit(reason: Reason) -> impl IntoView {
    view! {
        <div role="alert">
            <Notice tone=Tone::Error title="この端末では、控えを残せません" id="notebook-unfit">
                <p>{reason.text()}</p>
                <p>"それまでは、紙に控えてください。"</p>
            </Notice>
        </div>
    }
}

#[component]
fn Cautions(cautions: Vec<Caution>) -> impl IntoView {
    (!cautions.is_empty()).then(|| {
        let texts = cautions.into_iter().map(|caution| view! { <p>{caution.text()}</p> });
        view! {
            <Notice tone=Tone::Attention title="記入する前に確かめてください" id="notebook-cautions">
                {texts.collect_view()}
            </Notice>
        }
    })
}

#[component]
fn NotForThisRole() -> impl IntoView {
    view! {
        <Notice tone=Tone::Information title="控えは、このアカウントでは利用できません">
            <p>"医療機関・薬局の職員と管理者が利用する機能です。"</p>
        </Notice>
    }
}
