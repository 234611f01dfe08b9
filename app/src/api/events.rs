//! What the service tells by itself: whole states over server-sent events.
//!
//! The browser's own reconnecting waits as long as it likes and gives up at the first
//! answer that is no stream, and it does not notice a line that has died silently.
//! So each connection is closed at its first trouble and a new one is made from here,
//! sooner or later ([`mod@line`]); a connection on which neither a state nor
//! the service's `alive` came for a while is taken for dead.

mod line;

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use protocol::http::{ReaderScreenState, TerminalState, path};
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{EventSource, MessageEvent};

use crate::clock;
pub(crate) use line::Freshness;
use line::Line;

/// How often the line is looked at.
const EVERY: Duration = Duration::from_millis(500);

/// A state that the service tells whole, and anew whenever it changed.
pub(crate) trait Followed:
    DeserializeOwned + Clone + PartialEq + Send + Sync + 'static
{
    /// Where it is told.
    const PATH: &'static str;
    /// Grows with every change.
    fn revision(&self) -> u64;
}

impl Followed for TerminalState {
    const PATH: &'static str = path::EVENTS;
    fn revision(&self) -> u64 {
        self.revision
    }
}

impl Followed for ReaderScreenState {
    const PATH: &'static str = path::READER_EVENTS;
    fn revision(&self) -> u64 {
        self.revision
    }
}

/// The newest state, and how fresh it is.
pub(crate) struct Feed<T: Followed> {
    state: RwSignal<Option<T>>,
    freshness: RwSignal<Freshness>,
    line: StoredValue<Line>,
    source: StoredValue<Option<Source>, LocalStorage>,
    on_lost: Callback<()>,
}

#[expect(
    clippy::expl_impl_clone_on_copy,
    reason = "deriving would ask it of the state"
)]
impl<T: Followed> Clone for Feed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Followed> Copy for Feed<T> {}

impl<T: Followed> Feed<T> {
    /// Follows from [`Self::open`] until the component that is being made is gone. `on_lost` is
    /// called each time that a connection ended or could not be made: the reason has to be asked
    /// for elsewhere (the session, the registration), for a stream can't say it.
    pub(crate) fn new(on_lost: Callback<()>) -> Self {
        let feed = Self {
            state: RwSignal::new(None),
            freshness: RwSignal::new(Freshness::CatchingUp),
            line: StoredValue::new(Line::new(clock::wall())),
            source: StoredValue::new_local(None),
            on_lost,
        };
        let look = set_interval_with_handle(move || feed.look(), EVERY).ok();
        // A terminal that has its network back need not wait.
        let online = window_event_listener(ev::online, move |_| feed.hurry());
        on_cleanup(move || {
            if let Some(look) = look {
                look.clear();
            }
            online.remove();
            feed.close();
        });
        feed
    }

    /// The newest state that has come; `None` until the first.
    pub(crate) fn state(self) -> Option<T> {
        self.state.get()
    }

    /// The same, without following it.
    pub(crate) fn state_untracked(self) -> Option<T> {
        self.state.get_untracked()
    }

    /// How fresh the state is.
    pub(crate) fn freshness(self) -> Freshness {
        self.freshness.get()
    }

    /// A state has come, by the stream or as the answer to an act; one that is older
    /// than what is known is dropped.
    pub(crate) fn take(self, state: T) {
        let is_news = self.state.with_untracked(|known| {
            known
                .as_ref()
                .is_none_or(|known| state.revision() >= known.revision() && *known != state)
        });
        if is_news {
            self.state.set(Some(state));
        }
    }

    /// Begins to follow, or does so anew.
    pub(crate) fn open(self) {
        self.line.set_value(Line::new(clock::wall()));
        self.freshness.set(Freshness::CatchingUp);
        self.connect();
    }

    /// Stops, and forgets what was known.
    pub(crate) fn stop(self) {
        self.close();
        self.state.try_set(None);
    }

    /// Stops for a while: what was known stays.
    pub(crate) fn pause(self) {
        self.close();
    }

    fn connect(self) {
        self.source.set_value(Source::open(self).ok());
    }

    fn close(self) {
        // Gone already where the component is.
        let _ = self.source.try_set_value(None);
        let _ = self.line.try_update_value(Line::stop);
    }

    fn heard(self) {
        let _ = self.line.try_update_value(|line| line.heard(clock::wall()));
        self.tell();
    }

    fn lost(self) {
        let _ = self.source.try_set_value(None);
        let _ = self
            .line
            .try_update_value(|line| line.lost(clock::wall(), js_sys::Math::random()));
        self.tell();
        self.on_lost.run(());
    }

    fn hurry(self) {
        let _ = self.line.try_update_value(|line| line.hurry(clock::wall()));
        self.look();
    }

    fn look(self) {
        match self.line.with_value(|line| line.due(clock::wall())) {
            line::Due::Nothing => {}
            line::Due::GiveUp => self.lost(),
            line::Due::Connect => {
                self.line
                    .update_value(|line| line.connecting(clock::wall()));
                self.connect();
            }
        }
        self.tell();
    }

    fn tell(self) {
        let Some(freshness) = self
            .line
            .try_with_value(|line| line.freshness(clock::wall()))
        else {
            return;
        };
        if self
            .freshness
            .try_get_untracked()
            .is_some_and(|told| told != freshness)
        {
            self.freshness.set(freshness);
        }
    }
}

/// One connection; it ends with this value.
struct Source {
    line: EventSource,
    // Called by the browser for as long as the connection lasts.
    _state: Closure<dyn FnMut(MessageEvent)>,
    _alive: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(JsValue)>,
}

impl Source {
    fn open<T: Followed>(feed: Feed<T>) -> Result<Self, JsValue> {
        let source = EventSource::new(T::PATH)?;
        let on_state = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let text = message.data().as_string().unwrap_or_default();
            match serde_json::from_str(&text) {
                Ok(state) => {
                    feed.take(state);
                    feed.heard();
                }
                // A service of another version: what follows would be guesses.
                Err(_) => feed.lost_soon(),
            }
        });
        let on_alive = Closure::<dyn FnMut(MessageEvent)>::new(move |_| feed.heard());
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_| feed.lost_soon());
        source.add_event_listener_with_callback("state", on_state.as_ref().unchecked_ref())?;
        source.add_event_listener_with_callback("alive", on_alive.as_ref().unchecked_ref())?;
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            line: source,
            _state: on_state,
            _alive: on_alive,
            _error: on_error,
        })
    }
}

impl<T: Followed> Feed<T> {
    /// A closure must not drop itself: the connection is ended once it has returned.
    fn lost_soon(self) {
        set_timeout(
            move || {
                if self.source.try_with_value(Option::is_some) == Some(true) {
                    self.lost();
                }
            },
            Duration::ZERO,
        );
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.line.close();
    }
}
