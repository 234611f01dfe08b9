//! What is known of the readers' screens, and what is done there.

use leptos::prelude::*;
use protocol::http::{
    ReaderScreenId, ReaderState, TerminalState, VisualConfirmationId, VisualConfirmationState,
};

use super::model;
use crate::api::events::{Feed, Freshness};
use crate::api::{self, Error};
use crate::components::expiry::Deadline;
use crate::components::live;
use crate::dom;
use crate::navigation::Navigator;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;

/// The id of what says why something was not done.
pub(super) const PROBLEM: &str = "readers-problem";

/// What is done from here.
#[derive(Clone)]
pub(super) enum Act {
    Begin(ReaderScreenId),
    Tick(VisualConfirmationId, bool),
    Follow(VisualConfirmationId, bool),
    Cancel(VisualConfirmationId),
}

/// What every part of the page shares.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    session: Session,
    navigator: Navigator,
    pub(super) feed: Feed<TerminalState>,
    pub(super) failure: RwSignal<Option<Error>>,
    /// One that was begun here has ended because nobody did anything.
    pub(super) has_expired: RwSignal<bool>,
    acting: Task,
    opening: Task,
    /// Results that were opened by themselves, or could not be.
    tried: StoredValue<Vec<VisualConfirmationId>>,
}

impl Desk {
    /// Begins to follow, and opens results as they come.
    pub(super) fn new() -> Self {
        let session = Session::expect();
        let desk = Self {
            session,
            navigator: Navigator::expect(),
            feed: live::follow(),
            failure: RwSignal::new(None),
            has_expired: RwSignal::new(false),
            acting: Task::new(),
            opening: Task::new(),
            tried: StoredValue::new(Vec::new()),
        };
        Effect::new(move |_| {
            let next = desk.with_state(model::opens_by_itself).flatten();
            let Some(id) = next else {
                return;
            };
            let is_new = desk.tried.try_update_value(|tried| {
                let is_new = !tried.contains(&id);
                if is_new {
                    tried.push(id.clone());
                }
                is_new
            });
            if is_new == Some(true) {
                desk.open(id);
            }
        });
        desk.notice_ends();
        desk
    }

    /// Says so when one that was begun here ends by its time.
    fn notice_ends(self) {
        Effect::new(
            move |before: Option<Vec<(VisualConfirmationId, Deadline)>>| {
                let ends = |(id, deadline): &(VisualConfirmationId, Deadline)| {
                    let left = deadline.seconds_left();
                    self.with_state(|state| model::ended_by_its_time(state, id, left)) == Some(true)
                };
                if before.unwrap_or_default().iter().any(ends) {
                    self.has_expired.set(true);
                }
                let own = self.with_state(model::own);
                let own = own.unwrap_or_default().into_iter();
                own.map(|(id, seconds)| (id, Deadline::in_seconds(seconds)))
                    .collect()
            },
        );
    }

    /// Looks at the newest state; `None` until there is one.
    pub(super) fn with_state<T>(self, look: impl FnOnce(&TerminalState) -> T) -> Option<T> {
        self.feed.state().as_ref().map(look)
    }

    /// A reader's screen as it is now.
    pub(super) fn reader(self, id: &ReaderScreenId) -> Option<ReaderState> {
        let state = self.feed.state()?;
        state.readers.into_iter().find(|reader| reader.id == *id)
    }

    /// A visual confirmation as it is now.
    pub(super) fn confirmation(self, id: &VisualConfirmationId) -> Option<VisualConfirmationState> {
        let mut readers = self.feed.state()?.readers.into_iter();
        readers.find_map(|reader| reader.visual_confirmation.filter(|found| found.id == *id))
    }

    /// Whether what is on the screen is what is so: nothing may be begun otherwise.
    pub(super) fn is_live(self) -> bool {
        self.feed.freshness() == Freshness::Live
    }

    pub(super) fn is_acting(self) -> bool {
        self.acting.is_running()
    }

    pub(super) fn is_opening(self) -> bool {
        self.opening.is_running()
    }

    /// Does it; the focus goes to `then` when it is done.
    pub(super) fn act(self, act: Act, then: Option<String>) {
        self.failure.set(None);
        self.has_expired.set(false);
        self.acting.run(async move {
            let call = async {
                match &act {
                    Act::Begin(screen) => api::desk::begin(screen).await,
                    Act::Tick(id, is_confirmed) => api::desk::tick(id, *is_confirmed).await,
                    Act::Follow(id, is_followed) => api::desk::follow(id, *is_followed).await,
                    Act::Cancel(id) => api::desk::cancel(id).await,
                }
            };
            match self.session.call(call).await {
                Some(Ok(state)) => {
                    self.feed.take(state);
                    if let Some(id) = then {
                        dom::focus_soon(id);
                    }
                }
                Some(Err(error)) => self.fail(error),
                None => {}
            }
        });
    }

    /// Takes over a result, and goes to it.
    pub(super) fn open(self, id: VisualConfirmationId) {
        self.failure.set(None);
        self.opening.run(async move {
            match self.session.call(api::desk::open_result(&id)).await {
                Some(Ok(opened)) => self.navigator.go(Route::Eligibility(opened.candidate)),
                Some(Err(error)) => self.fail(error),
                None => {}
            }
        });
    }

    fn fail(self, error: Error) {
        self.failure.try_set(Some(error));
        dom::focus_soon(PROBLEM);
    }
}
