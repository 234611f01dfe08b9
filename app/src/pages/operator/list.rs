//! 「申請の一覧」: who waits, the longest first, and what is done to many at once.

mod bulk;
mod filter;
pub(super) mod model;
mod table;
mod telephone;

use std::cell::RefCell;
use std::collections::HashSet;
use std::time::Duration;

use domain::account::UserId;
use domain::timestamp::Timestamp;
use leptos::prelude::*;
use protocol::http::{MOST_BULK, OpeningId, OperatorState};

use crate::api;
use crate::api::events::Feed;
use crate::clock;
use crate::components::link::Link;
use crate::components::live::{OutOfDate, follow_with};
use crate::route::Route;
use crate::session::Session;
use crate::task::{self, Task};
use bulk::Bulk;
use filter::Filter;
use model::{Conditions, Model};
use table::Table;
use telephone::TelephoneForm;

/// How long changes are gathered before the list is asked for anew.
const GATHERED: Duration = Duration::from_millis(700);
/// How often waiting times are told anew.
const TICK: Duration = Duration::from_secs(10);

/// What is on the page, and what is being done.
#[derive(Clone, Copy)]
struct List {
    session: Session,
    feed: Feed<OperatorState>,
    model: RwSignal<Model>,
    chosen: RwSignal<HashSet<OpeningId>>,
    now: RwSignal<Timestamp>,
    loading: Task,
    choosing: Task,
    refreshing: Task,
    is_stale: StoredValue<bool>,
}

/// What the list was when it was left, for who comes back to it.
struct Kept {
    owner: UserId,
    model: Model,
    chosen: HashSet<OpeningId>,
    scrolled: f64,
}

thread_local! {
    // No address and no storage of the browser may say what operators look for.
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

impl List {
    fn new(session: Session) -> Self {
        let list = Self {
            session,
            feed: follow_with(session),
            model: RwSignal::new(Model::default()),
            chosen: RwSignal::new(HashSet::new()),
            now: RwSignal::new(clock::now()),
            loading: Task::new(),
            choosing: Task::new(),
            refreshing: Task::new(),
            is_stale: StoredValue::new(false),
        };
        if let Ok(timer) = set_interval_with_handle(move || list.now.set(clock::now()), TICK) {
            on_cleanup(move || timer.clear());
        }
        Effect::new(move |before: Option<Option<u64>>| {
            let revision = list.feed.state().map(|state| state.revision);
            if revision.is_some() && before.is_some_and(|before| before != revision) {
                list.changed();
            }
            revision
        });
        list
    }

    /// Shows what was there before, and asks for it anew; or begins.
    fn begin(self) {
        let kept = KEPT.with_borrow_mut(Option::take);
        match kept.filter(|kept| self.session.user_id_untracked().as_ref() == Some(&kept.owner)) {
            Some(kept) => {
                self.model.set(kept.model);
                self.chosen.set(kept.chosen);
                request_animation_frame(move || {
                    window().scroll_to_with_x_and_y(0.0, kept.scrolled);
                });
                self.changed();
            }
            None => self.load(),
        }
    }

    /// Keeps it for who opens one of the rows: before the click leads there, for then the
    /// list is gone.
    fn keep(self) {
        if let Some(owner) = self.session.user_id_untracked() {
            let kept = Kept {
                owner,
                model: self.model.get_untracked(),
                chosen: self.chosen.get_untracked(),
                scrolled: window().scroll_y().unwrap_or_default(),
            };
            KEPT.set(Some(kept));
        }
    }

    /// Puts other conditions in force. What was chosen was chosen under those before.
    fn look_for(self, conditions: Conditions) {
        self.choosing.stop();
        self.chosen.set(HashSet::new());
        self.model.set(Model::new(conditions));
        self.load();
    }

    /// Asks for the first rows, or the next ones.
    fn load(self) {
        self.refreshing.stop();
        let (conditions, after) = self
            .model
            .with_untracked(|model| (model.conditions.clone(), model.next.clone()));
        self.loading.run(async move {
            let call = api::operator::openings(conditions.stage, &conditions.text, after.as_ref());
            if let Some(result) = self.session.call(call).await {
                self.model.try_update(|model| model.answered(result));
            }
            if self.is_stale.try_get_value() == Some(true) {
                self.keep_up();
            }
        });
    }

    /// Something changed at the service.
    fn changed(self) {
        self.is_stale.set_value(true);
        if !self.loading.is_running_untracked() {
            self.keep_up();
        }
    }

    fn keep_up(self) {
        if self.refreshing.is_running_untracked() {
            return;
        }
        self.refreshing.run(async move {
            while self.is_stale.try_get_value() == Some(true) {
                task::sleep(GATHERED).await;
                self.is_stale.try_set_value(false);
                self.refresh().await;
            }
        });
    }

    /// Asks for as many rows anew as there are; who is looking at them sees only what changed.
    async fn refresh(self) {
        let wanted = self
            .model
            .try_with_untracked(|model| (model.conditions.clone(), model.rows.len()));
        let Some((conditions, count)) = wanted else {
            return;
        };
        let mut fresh = Model::new(conditions);
        loop {
            let call = api::operator::openings(
                fresh.conditions.stage,
                &fresh.conditions.text,
                fresh.next.as_ref(),
            );
            let Some(result) = self.session.call(call).await else {
                return;
            };
            fresh.answered(result);
            if fresh.failure.is_some() || fresh.next.is_none() || fresh.rows.len() >= count {
                break;
            }
        }
        self.model.try_update(|model| model.refreshed(fresh));
    }

    /// What is chosen: those in sight as they stand there, then the others.
    fn chosen_in_order(self) -> Vec<OpeningId> {
        let mut chosen = self.chosen.get_untracked();
        let mut ordered: Vec<OpeningId> = self.model.with_untracked(|model| {
            let rows = model.rows.iter().map(|row| &row.id);
            rows.filter(|id| chosen.remove(*id)).cloned().collect()
        });
        ordered.extend(chosen);
        ordered
    }

    /// Chooses all of the conditions in force, up to as many as one act takes.
    fn choose_all(self) {
        let conditions = self.model.with_untracked(|model| model.conditions.clone());
        self.choosing.run(async move {
            let mut all = Model::new(conditions);
            while all.rows.len() < MOST_BULK {
                let call = api::operator::openings(
                    all.conditions.stage,
                    &all.conditions.text,
                    all.next.as_ref(),
                );
                let Some(result) = self.session.call(call).await else {
                    return;
                };
                all.answered(result);
                if let Some(error) = all.failure {
                    self.model.try_update(|model| model.failure = Some(error));
                    return;
                }
                if all.next.is_none() {
                    break;
                }
            }
            all.rows.truncate(MOST_BULK);
            let chosen = all.rows.into_iter().map(|row| row.id).collect();
            self.chosen.try_set(chosen);
        });
    }
}

/// The list, what it is narrowed by, and the ways to the other pages.
#[component]
pub(super) fn Openings() -> impl IntoView {
    let list = List::new(Session::expect());
    list.begin();
    let is_entering = RwSignal::new(false);
    let enter = move || {
        if is_entering.get() {
            view! { <TelephoneForm list on_close=Callback::new(move |()| is_entering.set(false)) /> }
                .into_any()
        } else {
            view! {
                <p class="operator__ways">
                    <button
                        type="button"
                        class="button button--solid"
                        id="enter-telephone"
                        on:click=move |_| is_entering.set(true)
                    >
                        "電話で受けた申請を入力"
                    </button>
                    <Link to=Route::Institutions class="button button--outline">
                        {Route::Institutions.title()}
                    </Link>
                </p>
            }
            .into_any()
        }
    };
    view! {
        <OutOfDate feed=list.feed />
        {enter}
        <Filter list />
        <Bulk list />
        <Table list />
    }
}
