//! `/api/events`, `/api/reader/events`: what terminals and readers' own screens follow.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use domain::session::{SessionRules, Standing};
use domain::timestamp::Timestamp;
use protocol::http::{OperatorState, ReaderScreenState, TerminalState};

use crate::events::{self, Audience, Online, Source};
use crate::extract::{Follower, FollowingOperator, ReaderScreen};
use crate::openings::OpeningRules;
use crate::state::AppState;
use crate::store::{OpeningCounts, Reader, RegisteredScreen, StoreError};
use crate::view::{ScreenView, TerminalView, Viewer};

/// Streams are kept nowhere, and by no proxy on their way.
const HEADERS: [(HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("x-accel-buffering"), "no"),
];

/// The reader screens of the institution and what goes on there.
///
/// Server-sent events: `state` with the whole state at the beginning and after each change,
/// `alive` with the newest revision every ten seconds. Ends when the session is locked or
/// over. To follow is no use of the session.
#[utoipa::path(
    get,
    path = "/api/events",
    tag = "visual confirmation",
    responses((status = OK, body = TerminalState, content_type = "text/event-stream")),
    security(("session" = []))
)]
pub(crate) async fn of_terminal(
    State(state): State<AppState>,
    follower: Follower,
) -> impl IntoResponse {
    let source = Terminal {
        viewer: Viewer::from(&follower.authenticated),
        token_hash: follower.token_hash,
        openings: Arc::clone(&state.openings),
    };
    let institution_id = follower.authenticated.session.account.institution_id;
    let stream = events::follow(
        state,
        source,
        Audience::Institution(institution_id),
        follower.token_hash,
    );
    (HEADERS, stream)
}

/// What a reader's own screen shows.
///
/// Server-sent events as at `/api/events`. Ends when the screen's registration does. As long
/// as it is open the screen counts as connected.
#[utoipa::path(
    get,
    path = "/api/reader/events",
    tag = "reader",
    responses((status = OK, body = ReaderScreenState, content_type = "text/event-stream")),
    security(("reader" = []))
)]
pub(crate) async fn of_reader_screen(
    State(state): State<AppState>,
    screen: ReaderScreen,
) -> impl IntoResponse {
    let registered = screen.registered;
    let institution_id = registered.institution_id;
    let source = Screen {
        _online: Online::begin(&state, institution_id, registered.number),
        token_hash: screen.token_hash,
        is_demo: state.mode.demo,
    };
    let stream = events::follow(
        state,
        source,
        Audience::Institution(institution_id),
        screen.token_hash,
    );
    (HEADERS, stream)
}

/// How many openings are at which stage.
///
/// Server-sent events as at `/api/events`: after each change, at most twice a second. Ends
/// when the session is locked or over. To follow is no use of the session.
#[utoipa::path(
    get,
    path = "/api/operator/events",
    tag = "operator",
    responses((status = OK, body = OperatorState, content_type = "text/event-stream")),
    security(("session" = []))
)]
pub(crate) async fn of_operator(
    State(state): State<AppState>,
    FollowingOperator(follower): FollowingOperator,
) -> impl IntoResponse {
    let source = Operators {
        token_hash: follower.token_hash,
        usual_hours: state.openings.usual_hours,
    };
    let stream = events::follow(state, source, Audience::Operators, follower.token_hash);
    (HEADERS, stream)
}

/// A session that follows.
struct Terminal {
    viewer: Viewer,
    token_hash: [u8; 32],
    openings: Arc<OpeningRules>,
}

impl Source for Terminal {
    type View = TerminalView;
    type State = TerminalState;

    async fn read(&self, state: &AppState) -> Option<TerminalView> {
        let (viewer, token_hash) = (self.viewer, self.token_hash);
        let (events, rules, now) = (state.events.clone(), state.session_rules, state.now());
        let read = move |reader: &Reader<'_>| {
            if !is_open(reader, &token_hash, rules, now)? {
                return Ok(None);
            }
            TerminalView::read(reader, viewer, events.presence(), now).map(Some)
        };
        or_end(state.store.read(read).await)
    }

    async fn may_go_on(&self, state: &AppState) -> bool {
        may_go_on(state, self.token_hash).await
    }

    fn state(&self, view: &TerminalView, revision: u64, now: Timestamp) -> TerminalState {
        view.state(revision, self.openings.call_centre(now), now)
    }
}

/// An operator's session that follows.
struct Operators {
    token_hash: [u8; 32],
    usual_hours: u32,
}

impl Source for Operators {
    /// The numbers, and of which change: a list may change without them.
    type View = (OpeningCounts, u64);
    type State = OperatorState;

    const REST: Option<Duration> = Some(Duration::from_millis(500));

    async fn read(&self, state: &AppState) -> Option<Self::View> {
        let (token_hash, rules, now) = (self.token_hash, state.session_rules, state.now());
        let change = state.events.last_change(Audience::Operators);
        let read = move |reader: &Reader<'_>| {
            if !is_open(reader, &token_hash, rules, now)? {
                return Ok(None);
            }
            reader
                .opening_counts(now)
                .map(|counts| Some((counts, change)))
        };
        or_end(state.store.read(read).await)
    }

    async fn may_go_on(&self, state: &AppState) -> bool {
        may_go_on(state, self.token_hash).await
    }

    fn state(&self, (counts, _): &Self::View, revision: u64, _: Timestamp) -> OperatorState {
        OperatorState {
            revision,
            requested: counts.requested,
            called_back: counts.called_back,
            form_sent: counts.form_sent,
            opened: counts.opened,
            ended: counts.ended,
            handed_in: counts.handed_in,
            usual_hours: self.usual_hours,
        }
    }
}

/// Whether the session of a token is there and not locked.
fn is_open(
    reader: &Reader<'_>,
    token_hash: &[u8; 32],
    rules: SessionRules,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let session = reader.session(token_hash)?;
    Ok(session.is_some_and(|session| {
        rules.standing(session.created_at, session.last_seen_at, now) == Standing::Open
    }))
}

async fn may_go_on(state: &AppState, token_hash: [u8; 32]) -> bool {
    let (rules, now) = (state.session_rules, state.now());
    let read = move |reader: &Reader<'_>| is_open(reader, &token_hash, rules, now).map(Some);
    or_end(state.store.read(read).await) == Some(true)
}

/// A screen that follows.
struct Screen {
    token_hash: [u8; 32],
    is_demo: bool,
    _online: Online,
}

impl Source for Screen {
    type View = ScreenView;
    type State = ReaderScreenState;

    async fn read(&self, state: &AppState) -> Option<ScreenView> {
        let (token_hash, now) = (self.token_hash, state.now());
        let read = move |reader: &Reader<'_>| match reader.reader_screen_of_token(&token_hash)? {
            Some(screen) => ScreenView::read(reader, &screen, now).map(Some),
            None => Ok(None),
        };
        or_end(state.store.read(read).await)
    }

    async fn may_go_on(&self, state: &AppState) -> bool {
        let token_hash = self.token_hash;
        let read = move |reader: &Reader<'_>| reader.reader_screen_of_token(&token_hash);
        or_end::<RegisteredScreen>(state.store.read(read).await).is_some()
    }

    fn state(&self, view: &ScreenView, revision: u64, now: Timestamp) -> ReaderScreenState {
        view.state(revision, self.is_demo, now)
    }
}

/// A stream that can't read ends: its page begins another one.
fn or_end<T>(read: Result<Option<T>, StoreError>) -> Option<T> {
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "what is followed could not be read");
        None
    })
}
