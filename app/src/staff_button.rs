//! 《職員用ボタン》 as a thing on the desk: a key, or a Stream Deck.
//!
//! Which thing it is, is remembered in this browser. It counts how often it was pressed; when
//! that means anything is for the screen to say, and it is when its own button is shown.

mod chosen;
mod key;
mod stream_deck;

use leptos::ev;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::reader::Picked;
pub(crate) use chosen::Chosen;
use key::Pressed;
pub(crate) use key::{Refusal, name as key_name};
pub(crate) use stream_deck::Deck;
use stream_deck::StreamDeck;

/// The thing, whichever it is.
#[derive(Clone, Copy)]
pub(crate) struct StaffButton {
    chosen: RwSignal<Chosen>,
    presses: RwSignal<u32>,
    waiting: RwSignal<Option<Waiting>>,
    deck: StreamDeck,
}

/// A key is waited for, to be the button.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The key that was pressed last, by its code, and why it can't be the button.
    pub(crate) refused: Option<(String, Refusal)>,
}

impl StaffButton {
    /// The one that is remembered, for as long as the component that is being made is there.
    pub(crate) fn follow() -> Self {
        let presses = RwSignal::new(0);
        let on_press = Callback::new(move |()| presses.update(count));
        let button = Self {
            chosen: RwSignal::new(chosen::read()),
            presses,
            waiting: RwSignal::new(None),
            deck: StreamDeck::new(on_press),
        };
        if button.chosen.get_untracked() == Chosen::StreamDeck {
            button.deck.look();
        }
        let keys = window_event_listener(ev::keydown, move |event| button.key_down(&event));
        on_cleanup(move || keys.remove());
        button
    }

    /// How often it was pressed since the page is there.
    pub(crate) fn presses(self) -> u32 {
        self.presses.get()
    }

    /// Which thing it is.
    pub(crate) fn chosen(self) -> Chosen {
        self.chosen.get()
    }

    /// How it is with the Stream Deck.
    pub(crate) fn deck(self) -> Deck {
        self.deck.state()
    }

    /// Whether a key is waited for, and what came of the last one.
    pub(crate) fn waiting(self) -> Option<Waiting> {
        self.waiting.get()
    }

    /// The next key that can be the button becomes it; Escape ends the waiting.
    pub(crate) fn wait_for_key(self) {
        self.waiting.set(Some(Waiting::default()));
    }

    /// No key is waited for any more.
    pub(crate) fn stop_waiting(self) {
        if self.waiting.with_untracked(Option::is_some) {
            self.waiting.set(None);
        }
    }

    /// Within a click: the browser asks which Stream Deck; one that is picked is the button.
    pub(crate) fn pick_stream_deck(self, done: impl FnOnce(Picked) + 'static) {
        self.stop_waiting();
        StreamDeck::pick(move |picked| {
            if matches!(picked, Picked::Chosen) {
                self.choose(Chosen::StreamDeck);
                self.deck.look();
            }
            done(picked);
        });
    }

    /// There is none any more.
    pub(crate) fn forget(self) {
        self.stop_waiting();
        self.choose(Chosen::None);
    }

    fn choose(self, chosen: Chosen) {
        if chosen != Chosen::StreamDeck {
            self.deck.leave();
        }
        chosen::write(&chosen);
        self.chosen.set(chosen);
    }

    fn key_down(self, event: &KeyboardEvent) {
        let pressed = Pressed::of(event);
        if self.waiting.with_untracked(Option::is_some) {
            return self.take_key(event, pressed);
        }
        let is_button = self.chosen.with_untracked(|chosen| match chosen {
            Chosen::Key(code) => pressed.is_button(code),
            Chosen::None | Chosen::StreamDeck => false,
        });
        if is_button {
            // Some browsers search the page at a key.
            event.prevent_default();
            self.presses.update(count);
        }
    }

    fn take_key(self, event: &KeyboardEvent, pressed: Pressed) {
        // The way on with a keyboard stays open.
        if pressed.is_repeated || pressed.code == "Tab" {
            return;
        }
        event.prevent_default();
        if pressed.code == "Escape" {
            return self.stop_waiting();
        }
        if let Some(refusal) = pressed.refusal() {
            let refused = Some((pressed.code, refusal));
            self.waiting.set(Some(Waiting { refused }));
        } else {
            self.waiting.set(None);
            self.choose(Chosen::Key(pressed.code));
        }
    }
}

fn count(times: &mut u32) {
    *times = times.wrapping_add(1);
}
