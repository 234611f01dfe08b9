//! Which page of this browser has the device: the Web Locks API decides.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, LockManager, LockOptions};

use crate::js::{member, promise};
use crate::reader::bell::Bell;
use crate::reader::way::Way;

/// How a lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Only if it is free.
    IfFree,
    /// In the queue.
    Wait,
    /// From whoever has it.
    Steal,
}

/// A lock that was asked for, and given back with this value.
pub(super) struct Lock {
    state: Rc<State>,
    abort: Option<AbortController>,
}

#[derive(Default)]
struct State {
    /// Gives the lock back, once it was granted.
    give_back: RefCell<Option<Function>>,
    is_granted: Cell<bool>,
    /// The browser has no more to say: refused, or stolen.
    is_over: Cell<bool>,
    /// Nobody wants it any more.
    is_dropped: Cell<bool>,
    bell: Bell,
}

impl Lock {
    /// Asks for the device of a way; the bell rings when something comes of it.
    pub(super) fn ask(way: Way, how: How, bell: &Bell) -> Self {
        let state = Rc::new(State {
            bell: bell.clone(),
            ..State::default()
        });
        let Some(locks) = manager() else {
            // A browser that old has no ways to devices either.
            state.is_granted.set(true);
            return Self { state, abort: None };
        };
        let options = LockOptions::new();
        let abort = match how {
            How::IfFree => {
                options.set_if_available(true);
                None
            }
            How::Steal => {
                options.set_steal(true);
                None
            }
            How::Wait => AbortController::new().ok(),
        };
        if let Some(abort) = &abort {
            options.set_signal(&abort.signal());
        }
        let granted = granted(&state);
        let asked = locks.request_with_options(name(way), &options, granted.unchecked_ref());
        follow(&state, promise(asked));
        Self { state, abort }
    }

    /// Whether it was granted, when that is known.
    pub(super) fn answer(&self) -> Option<bool> {
        if self.state.is_granted.get() {
            return Some(true);
        }
        self.state.is_over.get().then_some(false)
    }

    /// Whether it was granted.
    pub(super) async fn is_granted(&self) -> bool {
        self.state.bell.until(|| self.answer()).await
    }

    /// Whether it was granted, and taken by another page since.
    pub(super) fn watch(&self) -> Watch {
        Watch(Rc::clone(&self.state))
    }
}

/// Sees a lock from afar.
#[derive(Clone)]
pub(super) struct Watch(Rc<State>);

impl Watch {
    pub(super) fn is_stolen(&self) -> bool {
        self.0.is_granted.get() && self.0.is_over.get() && !self.0.is_dropped.get()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.state.is_dropped.set(true);
        match (self.state.give_back.take(), &self.abort) {
            (Some(give_back), _) => {
                let _ = give_back.call0(&JsValue::UNDEFINED);
            }
            (None, Some(abort)) => abort.abort(),
            (None, None) => {}
        }
    }
}

/// What the browser calls when it grants or refuses a lock: it is held until the promise
/// that this returns is fulfilled.
fn granted(state: &Rc<State>) -> JsValue {
    let state = Rc::clone(state);
    Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() || lock.is_undefined() || state.is_dropped.get() {
            return JsValue::UNDEFINED;
        }
        let held = Promise::new(&mut |resolve, _| {
            state.give_back.replace(Some(resolve.unchecked_into()));
        });
        state.is_granted.set(true);
        state.bell.ring();
        held.into()
    })
}

fn follow(state: &Rc<State>, asked: Promise) {
    let state = Rc::clone(state);
    leptos::task::spawn_local(async move {
        // Fulfilled when it was given back or refused; rejected when stolen or aborted.
        let _ = JsFuture::from(asked).await;
        state.is_over.set(true);
        state.bell.ring();
    });
}

fn manager() -> Option<LockManager> {
    member(&window().navigator(), "locks").map(JsValue::unchecked_into)
}

const fn name(way: Way) -> &'static str {
    match way {
        Way::Hid => "shikaku-reader-hid",
        Way::Usb | Way::Bridge => "shikaku-reader-usb",
    }
}
