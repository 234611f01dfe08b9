//! An Elgato Stream Deck as the button, by WebHID: any of its keys.
//!
//! It is open for as long as it is the button and the page is there. Nothing is written to it.

mod report;

use std::cell::Cell;
use std::time::Duration;

use js_sys::{Array, Promise};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Hid, HidConnectionEvent, HidDevice, HidDeviceFilter, HidDeviceRequestOptions,
    HidInputReportEvent,
};

use crate::js::{Listener, bytes, promise, settled};
use crate::reader::{ELGATO, Picked, refused, web_hid};
use crate::task::{Task, sleep};
use report::Layout;

/// How long the browser may take to say which devices there are: it does not always answer.
const LIST_WITHIN: Duration = Duration::from_secs(2);
/// How long it may take to open one.
const OPEN_WITHIN: Duration = Duration::from_secs(5);
/// When it is tried again to open one that somebody else may have.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// How it is with the Stream Deck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deck {
    /// Nobody looks for it: it is not the button.
    Unused,
    /// It is being looked for.
    Looking,
    /// It is open, by its name.
    Ready(String),
    /// It is not plugged in, or the browser does not let this page have it any more.
    Absent,
    /// It can't be opened.
    Occupied,
    /// The browser has no WebHID, or not for this page.
    Unsupported,
}

/// The one Stream Deck that is the button.
#[derive(Clone, Copy)]
pub(super) struct StreamDeck {
    state: RwSignal<Deck>,
    on_press: Callback<()>,
    task: Task,
    opened: StoredValue<Option<Opened>, LocalStorage>,
}

impl StreamDeck {
    /// None yet, for the component that is being made.
    pub(super) fn new(on_press: Callback<()>) -> Self {
        let deck = Self {
            state: RwSignal::new(Deck::Unused),
            on_press,
            task: Task::new(),
            opened: StoredValue::new_local(None),
        };
        let leave = window_event_listener(ev::pagehide, move |_| deck.close());
        // A page that was kept by the browser is shown again: as if it were new.
        let back = window_event_listener(ev::pageshow, move |_| {
            let is_at_work = deck.task.is_running_untracked();
            if deck.is_wanted() && !is_at_work && deck.opened.with_value(Option::is_none) {
                deck.look();
            }
        });
        // It goes with the component.
        StoredValue::new_local(plugs(deck));
        on_cleanup(move || {
            leave.remove();
            back.remove();
            deck.close();
        });
        deck
    }

    pub(super) fn state(self) -> Deck {
        self.state.get()
    }

    /// Looks for it and opens it.
    pub(super) fn look(self) {
        self.close();
        self.state.set(Deck::Looking);
        self.task.run(self.rounds());
    }

    /// It is the button no more.
    pub(super) fn leave(self) {
        self.close();
        self.state.set(Deck::Unused);
    }

    /// Within a click: has the browser ask which one this page may have.
    pub(super) fn pick(done: impl FnOnce(Picked) + 'static) {
        let Some(hid) = web_hid() else {
            return done(Picked::Unsupported);
        };
        let filter = HidDeviceFilter::new();
        filter.set_vendor_id(ELGATO.into());
        let asked = promise(hid.request_device(&HidDeviceRequestOptions::new(&[filter])));
        leptos::task::spawn_local(async move {
            done(match JsFuture::from(asked).await {
                Ok(devices) if Array::from(&devices).length() == 0 => Picked::Nothing,
                Ok(_) => Picked::Chosen,
                Err(error) => refused(&error),
            });
        });
    }

    fn is_wanted(self) -> bool {
        let state = self.state.try_get_untracked();
        state.is_some_and(|state| state != Deck::Unused)
    }

    async fn rounds(self) {
        loop {
            let Some(hid) = web_hid() else {
                return self.state.set(Deck::Unsupported);
            };
            let Some(device) = permitted(&hid).await else {
                // Until it is plugged in.
                return self.state.set(Deck::Absent);
            };
            if self.open(device).await {
                return;
            }
            self.state.set(Deck::Occupied);
            sleep(AGAIN_AFTER).await;
        }
    }

    async fn open(self, device: HidDevice) -> bool {
        let name = device.product_name();
        let opening = promise(device.open());
        // At once: whatever becomes of it, it is closed.
        let opened = Opened::new(device, opening.clone(), self.on_press);
        self.opened.set_value(Some(opened));
        let is_open = settled(OPEN_WITHIN, opening).await.is_ok();
        if is_open {
            self.state.set(Deck::Ready(name));
        } else {
            self.opened.set_value(None);
        }
        is_open
    }

    fn close(self) {
        self.task.stop();
        self.opened.try_set_value(None);
    }

    fn plugged_in(self, device: &HidDevice) {
        let is_ready = matches!(self.state.get_untracked(), Deck::Ready(_));
        if device.vendor_id() == ELGATO && self.is_wanted() && !is_ready {
            self.look();
        }
    }

    fn pulled_out(self, device: &HidDevice) {
        let is_it = self.opened.with_value(|opened| {
            let opened = opened.as_ref();
            opened.is_some_and(|opened| *opened.device == **device)
        });
        if is_it {
            self.close();
            self.state.set(Deck::Absent);
        }
    }
}

/// A device that is open, or on its way; closed when it is dropped.
struct Opened {
    device: HidDevice,
    opening: Promise,
    _listener: Listener,
}

impl Opened {
    fn new(device: HidDevice, opening: Promise, on_press: Callback<()>) -> Self {
        let layout = Layout::of(device.product_id());
        let was_down = Cell::new(false);
        let listener = Listener::new(device.clone(), "inputreport", move |event| {
            let event: HidInputReportEvent = event.unchecked_into();
            let is_down = layout.is_any_down(event.report_id(), &bytes(&event.data()));
            let Some(is_down) = is_down else {
                return;
            };
            let was_down = was_down.replace(is_down);
            // A page behind another has no button on the screen.
            if is_down && !was_down && !document().hidden() {
                on_press.run(());
            }
        });
        Self {
            device,
            opening,
            _listener: listener,
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let (device, opening) = (self.device.clone(), self.opening.clone());
        leptos::task::spawn_local(async move {
            // One that is on its way can't be closed yet.
            let _ = JsFuture::from(opening).await;
            // It fails on one that is gone, which is as good.
            let _ = JsFuture::from(promise(device.close())).await;
        });
    }
}

/// Hears of devices that are plugged in and pulled out, for as long as they are there.
fn plugs(deck: StreamDeck) -> Option<[Listener; 2]> {
    let hid = web_hid()?;
    let device = |event: JsValue| event.unchecked_into::<HidConnectionEvent>().device();
    Some([
        Listener::new(hid.clone(), "connect", move |event| {
            deck.plugged_in(&device(event));
        }),
        Listener::new(hid, "disconnect", move |event| {
            deck.pulled_out(&device(event));
        }),
    ])
}

/// A Stream Deck that is plugged in and that this page may use.
async fn permitted(hid: &Hid) -> Option<HidDevice> {
    let devices = settled(LIST_WITHIN, hid.get_devices()).await.ok()?;
    Array::from(&devices)
        .into_iter()
        .map(JsValue::unchecked_into::<HidDevice>)
        .find(|device| device.vendor_id() == ELGATO)
}
