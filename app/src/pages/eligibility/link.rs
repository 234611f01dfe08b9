//! A presented card that nobody is linked with, and the person who was found by an
//! ordinary search: an administrator may say that the card is his.

use domain::account::Role;
use leptos::prelude::*;
use protocol::http::{CandidateId, CardLink, ProblemCode, UnlinkedCard, UnlinkedCardId};

use crate::api::{self, Error};
use crate::components::dialog::Confirm;
use crate::components::live;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::session::Session;
use crate::task::Task;
use crate::text::moment;

const DONE: &str = "card-linked";
const PROBLEM: &str = "card-problem";

/// For administrators; nothing as long as no such card was presented.
#[component]
pub(super) fn LinkCard(candidate: CandidateId, name: String) -> impl IntoView {
    let session = Session::expect();
    let is_one = Memo::new(move |_| session.allows(Role::may_manage_accounts));
    view! {
        <Show when=move || is_one.get()>
            <Cards candidate=candidate.clone() name=name.clone() />
        </Show>
    }
}

/// What is asked before a card is linked.
#[derive(Clone)]
struct Asked {
    card: UnlinkedCardId,
    replaces: bool,
}

#[component]
fn Cards(candidate: CandidateId, name: String) -> impl IntoView {
    let session = Session::expect();
    let feed = live::follow();
    let task = Task::new();
    let asked = RwSignal::new(None::<Asked>);
    let failure = RwSignal::new(None::<Error>);
    let is_done = RwSignal::new(false);
    let cards = Memo::new(move |_| {
        let state = feed.state();
        state.map(|state| state.unlinked_cards).unwrap_or_default()
    });
    let link = Callback::new(move |Asked { card, replaces }: Asked| {
        failure.set(None);
        let wanted = CardLink {
            card: card.clone(),
            candidate: candidate.clone(),
            replaces,
        };
        task.run(async move {
            match session.call(api::desk::link_card(&wanted)).await {
                Some(Ok(())) => {
                    is_done.try_set(true);
                    dom::focus_soon(DONE);
                }
                Some(Err(error)) if error.code() == Some(ProblemCode::AnotherCardLinked) => {
                    let replaces = true;
                    asked.try_set(Some(Asked { card, replaces }));
                }
                Some(Err(error)) => {
                    failure.try_set(Some(error));
                    dom::focus_soon(PROBLEM);
                }
                None => {}
            }
        });
    });
    let question = move || {
        let about = asked.get()?;
        let (question, text, yes) = words(&name, about.replaces);
        let on_yes = Callback::new(move |()| {
            asked.set(None);
            link.run(about.clone());
        });
        // Closing comes after the answer, and must not take back what the answer asked.
        let on_no = Callback::new(move |()| {
            asked.try_set(None);
        });
        Some(view! { <Confirm question text yes on_yes on_no /> })
    };
    let offer = move || {
        let cards = cards.get();
        (!cards.is_empty()).then(|| {
            view! {
                <section class="unlinked" aria-labelledby="unlinked-title">
                    <h2 class="desk__title" id="unlinked-title">"提示されたカード"</h2>
                    <p>
                        "どなたとも結び付いていないカードが提示されました。この方のカードのときは、結び付けられます。"
                    </p>
                    <ul class="desk__list">
                        {cards.into_iter().map(|card| offered(card, asked, task)).collect_view()}
                    </ul>
                </section>
            }
        })
    };
    view! {
        <div role="status">
            {move || is_done.get().then(|| view! {
                <Notice tone=Tone::Information title="カードをこの方に結び付けました" id=DONE>
                    <p>"次からは、このカードの提示で資格情報を確認できます。もう一度カードを置いてもらってください。"</p>
                </Notice>
            })}
        </div>
        <div role="alert">
            {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        </div>
        {offer}
        {question}
    }
}

fn offered(card: UnlinkedCard, asked: RwSignal<Option<Asked>>, task: Task) -> impl IntoView {
    let id = card.id;
    let ask = move |_| {
        asked.set(Some(Asked {
            card: id.clone(),
            replaces: false,
        }));
    };
    view! {
        <li class="desk__item">
            <span class="desk__what">
                <strong>{card.reader_name}</strong>
                <span>{moment(card.at)}"に提示"</span>
            </span>
            <button
                type="button"
                class="button button--outline button--small"
                disabled=move || task.is_running()
                on:click=ask
            >
                "提示されたカードをこの方に結び付ける"
            </button>
        </li>
    }
}

fn words(name: &str, replaces: bool) -> (String, &'static str, &'static str) {
    if replaces {
        (
            ["「", name, "」さんのカードを置き換えますか"].concat(),
            "この方には、別のカードが結び付いています。カードが新しくなったときだけ置き換えてください。前のカードでは確認できなくなります。",
            "置き換える",
        )
    } else {
        (
            ["カードを「", name, "」さんに結び付けますか"].concat(),
            "カードの顔写真と本人の顔、カードの氏名・生年月日とこの画面の氏名・生年月日が同じことを、カードを見て確かめてください。まちがえると、ほかの方の資格情報が表示されるようになります。この操作は監査証跡に残ります。",
            "結び付ける",
        )
    }
}
