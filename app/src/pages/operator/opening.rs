//! 「利用申請」 of one institution: whom to call, the steps in their order, and what was done.

mod call;
mod dialog;
mod facts;
mod report;
mod step;
mod steps;

use std::time::Duration;

use domain::opening::USUAL_MINUTES;
use leptos::prelude::*;
use protocol::http::{
    OpeningId, OpeningStage, OperatorAct, OperatorOpening, OperatorState, ProblemCode,
};

use super::words;
use crate::api::events::Feed;
use crate::api::{self, Error};
use crate::clock;
use crate::components::expiry::every_second;
use crate::components::live::{OutOfDate, follow_with};
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::toast::Toast;
use crate::components::waiting::Waiting;
use crate::dom;
use crate::session::Session;
use crate::task::{self, Task};
use call::Call;
use dialog::StepDialog;
use facts::{Facts, Timeline};
use report::Report;
use step::Step;
use steps::Steps;

/// How long changes are gathered before it is asked for anew.
const GATHERED: Duration = Duration::from_millis(300);

/// The id of what says that somebody else was first.
const LATE: &str = "opening-late";
/// The id of where it stands.
const STANDING: &str = "opening-standing";

/// What is known, and what is being done.
#[derive(Clone, Copy)]
struct Desk {
    session: Session,
    toast: Toast,
    feed: Feed<OperatorState>,
    id: StoredValue<OpeningId>,
    known: RwSignal<Option<Result<OperatorOpening, Error>>>,
    loading: Task,
    acting: Task,
    asked: RwSignal<Option<Step>>,
    /// Why a step was refused that was possible when it was begun.
    late: RwSignal<Option<String>>,
}

/// What became of a step.
enum Taken {
    Done,
    /// Not done, for a reason that its dialog shows.
    Refused(Error),
}

impl Desk {
    fn load(self, after: Duration) {
        let id = self.id.get_value();
        self.loading.run(async move {
            task::sleep(after).await;
            if let Some(result) = self.session.call(api::operator::opening(&id)).await {
                self.take(result);
            }
        });
    }

    /// What is known stays when a later answer fails: the stream says that it may be old.
    fn take(self, result: Result<OperatorOpening, Error>) {
        let is_news = self
            .known
            .try_with_untracked(|known| match (known, &result) {
                (Some(Ok(known)), Ok(new)) => known != new,
                (Some(Ok(_)), Err(_)) => false,
                _ => true,
            });
        if is_news == Some(true) {
            self.known.set(Some(result));
        }
    }

    /// Takes a step. Where another operator was first, shows what is now.
    async fn act(self, step: Step, act: OperatorAct) -> Option<Taken> {
        let id = self.id.try_get_value()?;
        match self.session.call(api::operator::act(&id, &act)).await? {
            Ok(opening) => {
                self.late.try_set(None);
                self.asked.try_set(None);
                self.take(Ok(opening));
                self.toast.say(step.done());
                dom::focus_soon(STANDING);
                Some(Taken::Done)
            }
            Err(error) if error.code() == Some(ProblemCode::OpeningOutOfStep) => {
                self.asked.try_set(None);
                if let Error::Problem(problem) = error {
                    self.late.try_set(Some(problem.title));
                }
                self.load(Duration::ZERO);
                dom::focus_soon(LATE);
                Some(Taken::Done)
            }
            Err(error) => Some(Taken::Refused(error)),
        }
    }
}

/// The whole page.
#[component]
pub(super) fn OneOpening(id: OpeningId) -> impl IntoView {
    let session = Session::expect();
    let desk = Desk {
        session,
        toast: Toast::expect(),
        feed: follow_with(session),
        id: StoredValue::new(id),
        known: RwSignal::new(None),
        loading: Task::new(),
        acting: Task::new(),
        asked: RwSignal::new(None),
        late: RwSignal::new(None),
    };
    desk.load(Duration::ZERO);
    Effect::new(move |before: Option<Option<u64>>| {
        let revision = desk.feed.state().map(|state| state.revision);
        if revision.is_some() && before.is_some_and(|before| before != revision) {
            desk.load(GATHERED);
        }
        revision
    });
    let is_there = Memo::new(move |_| {
        desk.known
            .with(|known| known.as_ref().map(|known| known.as_ref().err().cloned()))
    });
    let content = move || match is_there.get() {
        None => {
            view! { <div role="status"><Waiting text="申請を読み込んでいます…" /></div> }.into_any()
        }
        Some(Some(error)) => view! {
            <div role="alert">
                <ProblemNotice error>
                    <button
                        type="button"
                        class="button button--solid"
                        on:click=move |_| desk.load(Duration::ZERO)
                    >
                        "もう一度読み込む"
                    </button>
                </ProblemNotice>
            </div>
        }
        .into_any(),
        Some(None) => view! { <Found desk /> }.into_any(),
    };
    view! {
        <OutOfDate feed=desk.feed />
        {content}
    }
}

#[component]
fn Found(desk: Desk) -> impl IntoView {
    // Each part follows what it shows: a step that somebody else takes moves nothing else.
    let known = Signal::derive(move || {
        desk.known.with(|known| {
            known
                .as_ref()
                .and_then(|known| known.as_ref().ok().cloned())
        })
    });
    let stage =
        Memo::new(move |_| known.with(|known| known.as_ref().map(|known| known.opening.stage)));
    let name = Memo::new(move |_| {
        known.with(|known| known.as_ref().map(|known| known.institution.name.clone()))
    });
    let has_report = Memo::new(move |_| {
        matches!(
            stage.get(),
            Some(OpeningStage::HandedIn | OpeningStage::Acknowledged)
        )
    });
    let now = RwSignal::new(clock::now());
    every_second(move || now.set(clock::now()));
    let waited =
        Memo::new(move |_| known.with(|known| words::waited(&known.as_ref()?.opening, now.get())));
    let waiting = move || {
        let waited = waited.get().filter(|waited| waited.is_waiting)?;
        let words = if waited.is_over {
            "分を超過）"
        } else {
            "分）"
        };
        let usual = USUAL_MINUTES.to_string();
        Some(["申請から", &waited.text, "（目安", &usual, words].concat())
    };
    let late = move || {
        desk.late.get().map(|title| {
            view! {
                <Notice tone=Tone::Attention title id=LATE>
                    <p>
                        "先にほかの担当者か医療機関・薬局が手続きを進めたため、この操作は行いませんでした。下の表示は今の状態です。"
                    </p>
                </Notice>
            }
        })
    };
    let dialog = move || {
        let asked = desk.asked.get()?;
        let known = known.get_untracked()?;
        Some(view! { <StepDialog desk step=asked known /> })
    };
    view! {
        <div role="alert">{late}</div>
        <div class="case__head" id=STANDING tabindex="-1">
            <h2 class="case__name">{name}</h2>
            <p class="openings__stage" role="status">{move || stage.get().map(words::stage)}</p>
            <p class="case__waited">{waiting}</p>
        </div>
        <div class="case">
            <div class="case__main">
                {move || known.get().map(|known| view! { <Call known /> })}
                {move || known.get().map(|known| view! { <Steps desk known /> })}
            </div>
            <div class="case__side">
                {move || known.get().map(|known| view! { <Facts known /> })}
                {move || known.get().map(|known| view! { <Timeline known /> })}
            </div>
        </div>
        {move || has_report.get().then(|| view! { <Report session=desk.session id=desk.id /> })}
        {dialog}
    }
}
