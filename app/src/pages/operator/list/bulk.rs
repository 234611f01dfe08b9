//! One step of many openings, in a disaster of a whole region.

mod outcome;
mod question;

use leptos::prelude::*;
use protocol::http::{BulkAct, BulkStep, MOST_BULK};

use super::List;
use crate::api;
use crate::dom;
use crate::task::Task;
use outcome::{Outcome, OutcomeNotice};
use question::Question;

/// How many the service is asked for at a time: the person sees that it goes on, and can stop it.
const AT_A_TIME: usize = 100;

/// What can be done to many.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Many {
    SendForm,
    Open,
    Extend,
    End,
}

impl Many {
    const ALL: [Self; 4] = [Self::SendForm, Self::Open, Self::Extend, Self::End];

    const fn label(self) -> &'static str {
        match self {
            Self::SendForm => "利用報告書を送付",
            Self::Open => "開放する",
            Self::Extend => "延長する",
            Self::End => "終了する",
        }
    }
}

/// What is going on.
#[derive(Clone, Copy)]
struct Run {
    list: List,
    task: Task,
    asked: RwSignal<Option<Many>>,
    /// How many are done with, of how many.
    progress: RwSignal<Option<(usize, usize)>>,
    outcome: RwSignal<Option<Outcome>>,
}

impl Run {
    /// Takes the step for all that are chosen.
    fn start(self, many: Many, act: BulkStep, reason: String) {
        let openings = self.list.chosen_in_order();
        self.asked.set(None);
        self.outcome.set(None);
        self.progress.set(Some((0, openings.len())));
        self.task.run(async move {
            let mut outcome = Outcome::new(many.label(), openings.len());
            for part in openings.chunks(AT_A_TIME) {
                let bulk = BulkAct {
                    openings: part.to_vec(),
                    act,
                    reason: reason.clone(),
                };
                match self.list.session.call(api::operator::bulk(&bulk)).await {
                    Some(Ok(answer)) => outcome.answered(answer),
                    Some(Err(error)) => {
                        outcome.failure = Some(error);
                        break;
                    }
                    None => return,
                }
                let told = outcome.clone();
                self.outcome.try_set(Some(told));
                self.progress
                    .try_set(Some((outcome.asked(), openings.len())));
            }
            if outcome.failure.is_none() {
                self.list
                    .chosen
                    .try_update(std::collections::HashSet::clear);
            }
            self.outcome.try_set(Some(outcome));
            self.progress.try_set(None);
            dom::focus_soon(outcome::ID);
        });
    }

    /// What is under way at the service is done all the same; what is not is left.
    fn stop(self) {
        self.task.stop();
        self.progress.set(None);
        self.list.changed();
    }
}

/// What is chosen, and what can be done to it.
#[component]
pub(super) fn Bulk(list: List) -> impl IntoView {
    let run = Run {
        list,
        task: Task::new(),
        asked: RwSignal::new(None),
        progress: RwSignal::new(None),
        outcome: RwSignal::new(None),
    };
    let count = Memo::new(move |_| list.chosen.with(std::collections::HashSet::len));
    let is_running = Memo::new(move |_| run.progress.with(Option::is_some));
    let bar = move || {
        if is_running.get() {
            view! { <Progress run /> }.into_any()
        } else {
            view! { <Choice run count /> }.into_any()
        }
    };
    let outcome = move || {
        let outcome = run.outcome.get().filter(|_| !is_running.get());
        outcome.map(|outcome| view! { <OutcomeNotice outcome /> })
    };
    let question = move || {
        let many = run.asked.get()?;
        let usual = list.feed.state_untracked();
        let usual = usual.map_or_else(String::new, |state| state.usual_hours.to_string());
        let on_yes = Callback::new(move |(act, reason)| run.start(many, act, reason));
        // Closed by the step itself, too.
        let on_no = Callback::new(move |()| {
            run.asked.try_set(None);
        });
        let count = count.get_untracked();
        Some(view! { <Question many count usual on_yes on_no /> })
    };
    view! {
        <div role="status">{outcome}</div>
        <section class="operator__bar" aria-label="まとめて行う操作">{bar}</section>
        {question}
    }
}

#[component]
fn Choice(run: Run, count: Memo<usize>) -> impl IntoView {
    let list = run.list;
    let total = Memo::new(move |_| list.model.with(|model| model.total));
    let has_some = Memo::new(move |_| count.get() > 0);
    let buttons = move || {
        has_some.get().then(|| {
            let buttons = Many::ALL.map(|many| {
                view! {
                    <button
                        type="button"
                        class="button button--outline button--small"
                        on:click=move |_| run.asked.set(Some(many))
                    >
                        {many.label()}
                    </button>
                }
            });
            view! {
                {buttons.into_iter().collect_view()}
                <button
                    type="button"
                    class="button button--text button--small"
                    on:click=move |_| list.chosen.update(std::collections::HashSet::clear)
                >
                    "選択を解除"
                </button>
            }
        })
    };
    let all = move || {
        let all = total.get();
        let most = usize::try_from(all).unwrap_or(usize::MAX) > MOST_BULK;
        (all > 0).then(|| {
            let words = if most {
                ["先頭の", &MOST_BULK.to_string(), "件を選択"].concat()
            } else {
                ["すべて（", &all.to_string(), "件）を選択"].concat()
            };
            view! {
                <button
                    type="button"
                    class="button button--text button--small"
                    disabled=move || list.choosing.is_running()
                    on:click=move |_| list.choose_all()
                >
                    {words}
                </button>
            }
        })
    };
    view! {
        <p class="operator__chosen" role="status">
            {move || has_some.get().then(|| view! { <strong>{count}"件"</strong>"を選択しています" })}
        </p>
        {buttons}
        {all}
    }
}

#[component]
fn Progress(run: Run) -> impl IntoView {
    let at = move || run.progress.get().unwrap_or_default();
    view! {
        <p class="operator__chosen" role="status">
            {move || at().1}"件のうち"{move || at().0}"件が済みました"
        </p>
        <progress
            class="operator__progress"
            aria-label="進み具合"
            max=move || at().1.to_string()
            prop:value=move || at().0.to_string()
        ></progress>
        <button type="button" class="button button--outline button--small" on:click=move |_| run.stop()>
            "残りを中止"
        </button>
    }
}
