//! What the whole tab follows, and what is said when it can't be followed.
//!
//! Pages of the first load know of it a [`Standing`] and no more: the stream, and all that
//! reads it, are in a part that follows after log-in (`crate::parts`).

mod standing;

use std::time::Duration;

use domain::account::{Role, UserId};
use leptos::prelude::*;
use protocol::http::{OpeningState, SessionInfo, TerminalState};

use super::notice::{Notice, Tone};
use crate::api::events::{Feed, Followed, Freshness};
use crate::clock;
use crate::navigation::Navigator;
use crate::parts;
use crate::route::Route;
use crate::session::{Session, State};
use crate::task::{Task, sleep};
use crate::text::moment;

pub(crate) use standing::{Standing, is_under_way, standing};

/// How soon the session is asked for again, in milliseconds: a service that is away
/// ends a connection every few moments.
const ASKED_AGAIN_MS: f64 = 5_000.0;

/// How long a stream that ended waits before it asks why: one that ended because somebody
/// logs out right now need not ask.
const BEFORE_ASKING: Duration = Duration::from_millis(300);

/// What the tab follows: one stream for all of its pages.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    session: Session,
    navigator: Navigator,
    /// The app's own: what follows outlives every page.
    owner: StoredValue<Option<Owner>>,
    feed: StoredValue<Option<Feed<TerminalState>>>,
    standing: RwSignal<Option<Standing>>,
}

impl Live {
    /// Follows whenever somebody is logged in who may search.
    pub(crate) fn provide(session: Session, navigator: Navigator) {
        let live = Self {
            session,
            navigator,
            owner: StoredValue::new(Owner::current()),
            feed: StoredValue::new(None),
            standing: RwSignal::new(None),
        };
        provide_context(live);
        let is_wanted =
            Memo::new(move |_| live.session.info().is_some_and(|info| may_follow(&info)));
        Effect::new(move |_| {
            if is_wanted.get() {
                parts::expect_news(live);
            }
        });
    }

    /// The one that the app provides.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Whether one may search; `None` until that is known.
    pub(crate) fn standing(self) -> Option<Standing> {
        self.standing.get()
    }

    /// Who follows.
    fn follower(self) -> Option<UserId> {
        let info = self.session.info().filter(may_follow)?;
        Some(info.user_id)
    }

    /// The feed; it is made when it is first asked for.
    fn feed(self) -> Feed<TerminalState> {
        if let Some(feed) = self.feed.get_value() {
            return feed;
        }
        let make = || self.make();
        let feed = match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        };
        self.feed.set_value(Some(feed));
        feed
    }

    fn make(self) -> Feed<TerminalState> {
        let feed = Feed::new(when_lost(self.session));
        let is_shown = RwSignal::new(!document().hidden());
        let listener = window_event_listener_untyped("visibilitychange", move |_| {
            is_shown.set(!document().hidden());
        });
        on_cleanup(move || listener.remove());
        // A browser has six connections for all of its tabs: those that nobody looks at leave
        // theirs to the others. Only at a reader somebody may be waited for elsewhere.
        let is_looked_at = Memo::new(move |_| {
            is_shown.get() || matches!(self.navigator.route(), Route::Readers | Route::Passcodes)
        });
        let follower = Memo::new(move |_| self.follower());
        Effect::new(move |before: Option<Option<UserId>>| {
            let now = follower.get();
            if before.flatten() != now {
                feed.stop();
            }
            match (&now, is_looked_at.get()) {
                (None, _) => {}
                (Some(_), true) => feed.open(),
                (Some(_), false) => feed.pause(),
            }
            now
        });
        Effect::new(move |_| {
            let told = feed
                .state()
                .map(|state: TerminalState| standing(&state.opening));
            if self.standing.with_untracked(|known| *known != told) {
                self.standing.set(told);
            }
        });
        feed
    }
}

/// A stream that ends may have ended with its session, which is asked for then.
fn when_lost(session: Session) -> Callback<()> {
    let task = Task::new();
    let asked_at = StoredValue::new(f64::NEG_INFINITY);
    Callback::new(move |()| {
        let now = clock::wall();
        // What followed may be gone with its page.
        let before = asked_at.try_get_value();
        if before.is_none_or(|before| now - before <= ASKED_AGAIN_MS) {
            return;
        }
        asked_at.set_value(now);
        task.run(async move {
            sleep(BEFORE_ASKING).await;
            if matches!(session.state_untracked(), State::LoggedIn(_)) {
                session.recheck_by_itself().await;
            }
        });
    })
}

fn may_follow(info: &SessionInfo) -> bool {
    Role::may_search(info.role) && !info.must_change_password && !info.must_add_passkey
}

/// Follows something else with a session, until the component that is being made is gone.
pub(crate) fn follow_with<T: Followed>(session: Session) -> Feed<T> {
    let feed = Feed::new(when_lost(session));
    feed.open();
    feed
}

/// Begins to follow.
pub(crate) fn begin(live: Live) {
    live.feed();
}

/// What the tab follows.
pub(crate) fn follow() -> Feed<TerminalState> {
    Live::expect().feed()
}

/// Where the function stands, as it was answered: the news of it may come later.
pub(crate) fn take(feed: Feed<TerminalState>, opening: OpeningState) {
    if let Some(known) = feed.state_untracked() {
        feed.take(TerminalState { opening, ..known });
    }
}

/// Says that what is on the screen is old, and since when; `meanwhile` is what can't be done
/// until it is not.
#[component]
pub(crate) fn OutOfDate<T: Followed>(
    feed: Feed<T>,
    #[prop(optional)] meanwhile: &'static str,
) -> impl IntoView {
    let since = Memo::new(move |_| match feed.freshness() {
        Freshness::OutOfDate { since } => Some(since),
        Freshness::Live | Freshness::CatchingUp => None,
    });
    let notice = move || {
        since.get().map(|since| {
            view! {
                <Notice tone=Tone::Attention title="最新の状態を確認できません">
                    <p>
                        "サーバーとの接続が切れました。自動的につなぎ直しています。下の表示は"
                        {moment(clock::at(since))}
                        "のものです。"
                        {meanwhile}
                    </p>
                </Notice>
            }
        })
    };
    view! { <div role="alert">{notice}</div> }
}
