//! What the browser tells of the page and of devices.

use std::rc::Rc;

use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;
use web_sys::VisibilityState;

use super::model::{Around, Why};
use super::shared::Shared;
use crate::clock;
use crate::js::Listener;

/// Listens for as long as it is there.
pub(super) struct Surroundings {
    _listeners: [Listener; 7],
}

impl Surroundings {
    /// `source` tells when devices come and go.
    pub(super) fn new(source: JsValue, shared: &Rc<Shared>) -> Self {
        let changes = |change: fn(&mut Around)| {
            let shared = Rc::clone(shared);
            move |_: JsValue| shared.change_around(change)
        };
        shared.change_around(see);
        let to = Rc::clone(shared);
        let unplugged = move |event: JsValue| {
            let is_it = {
                let device = to.device.borrow();
                device.as_ref().is_some_and(|device| device.is_of(&event))
            };
            if is_it {
                to.change_around(|around| around.add(Why::Unplugged));
            }
        };
        let leave = |around: &mut Around| around.add(Why::Left);
        Self {
            _listeners: [
                Listener::new(document(), "visibilitychange", changes(see)),
                Listener::new(document(), "freeze", changes(leave)),
                Listener::new(document(), "resume", changes(Around::come_back)),
                Listener::new(window(), "pagehide", changes(leave)),
                Listener::new(window(), "pageshow", changes(Around::come_back)),
                Listener::new(source.clone(), "connect", changes(|_| ())),
                Listener::new(source, "disconnect", unplugged),
            ],
        }
    }
}

/// Whether anybody sees the page.
fn see(around: &mut Around) {
    let is_hidden = document().visibility_state() == VisibilityState::Hidden;
    around.hidden_since = is_hidden.then(|| around.hidden_since.unwrap_or_else(clock::wall));
}
