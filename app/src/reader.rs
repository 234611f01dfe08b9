//! The card reader, whatever medium leads to it.
//!
//! [`Reader`] is the port, [`Medium`] the closed list of adapters: a `match` on it is the
//! list of what is supported. A page sees a [`Status`], a card by its number, and the
//! certificate that it presents; it never sees a card's own commands. Which adapter is used is chosen
//! on the terminal ([`Way`]) and remembered there.

mod bell;
mod bridge;
mod direct;
mod failure;
mod status;
mod way;
mod webhid;
mod webusb;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use bridge::Bridge;
use direct::{Direct, device};
pub(crate) use protocol::bridge::{CardGeneration, SimulatedCard};
pub(crate) use status::{Card, ReadFailure, Status};
use way::Remembered;
pub(crate) use way::Way;
pub(crate) use webhid::{ELGATO, api as web_hid};

/// How a reader is reached. Each adapter has the methods that [`Reader`] forwards.
#[derive(Clone, Copy)]
enum Medium {
    /// The program beside the browser, over a loopback WebSocket.
    Bridge(Bridge),
    /// The page itself, over WebUSB or WebHID.
    Direct(Direct),
}

/// The one reader that this page uses.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    label: Signal<String>,
    remembered: RwSignal<Option<Remembered>>,
    medium: RwSignal<Medium>,
    /// Of the component, and of the medium, which ends with another way's being chosen.
    owners: StoredValue<(Owner, Owner)>,
}

/// What became of asking somebody for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// It is used from now on.
    Chosen,
    /// The browser's dialog was closed without a choice. (A browser that is told by policy to block
    /// devices says the same, without having shown a dialog.)
    Nothing,
    /// The browser does not let this page ask.
    Forbidden,
    /// The browser has no such way, or only where the page's address is https.
    Unsupported,
}

impl Reader {
    /// Looks for a reader for as long as the component that is being made is there. Other
    /// pages and the person at the bridge see `label`.
    pub(crate) fn follow(label: Signal<String>) -> Self {
        let parent = Owner::current().unwrap_or_default();
        let remembered = Remembered::kept();
        let owner = parent.child();
        let medium = owner.with(|| Medium::along(remembered, label));
        Self {
            label,
            remembered: RwSignal::new(remembered),
            medium: RwSignal::new(medium),
            owners: StoredValue::new((parent, owner)),
        }
    }

    /// The way that is gone.
    pub(crate) fn way(self) -> Way {
        self.remembered
            .get()
            .map_or(Way::Bridge, |remembered| remembered.way)
    }

    /// Whether somebody chose a way on this browser.
    pub(crate) fn is_chosen(self) -> bool {
        self.remembered.with(Option::is_some)
    }

    /// Goes another way, or the same anew, with a device that the browser lets this page use
    /// already; and remembers it.
    pub(crate) fn choose(self, way: Way) {
        let before = self.remembered.get_untracked();
        let numbers = before
            .filter(|before| before.way == way)
            .and_then(Remembered::numbers);
        self.go(Remembered::new(way, numbers));
    }

    /// Has the browser ask which device to use, goes that way and remembers it; `done` is called
    /// once. Within a click only: the browser asks for nothing else.
    pub(crate) fn pick(self, way: Way, done: impl FnOnce(Picked) + 'static) {
        if way == Way::Bridge {
            self.choose(way);
            return done(Picked::Chosen);
        }
        let Some(asked) = device::request(way) else {
            return done(Picked::Unsupported);
        };
        leptos::task::spawn_local(async move {
            let picked = match JsFuture::from(asked).await {
                Ok(devices) => match device::picked(way, devices) {
                    Some(_) if self.medium.is_disposed() => return,
                    Some(device) => {
                        self.go(Remembered::new(way, Some(device.numbers())));
                        Picked::Chosen
                    }
                    None => Picked::Nothing,
                },
                Err(error) => refused(&error),
            };
            done(picked);
        });
    }

    fn go(self, remembered: Remembered) {
        remembered.keep();
        self.medium.get_untracked().leave();
        let (parent, old) = self.owners.get_value();
        let owner = parent.child();
        let medium = owner.with(|| Medium::along(Some(remembered), self.label));
        self.owners.set_value((parent, owner));
        self.remembered.set(Some(remembered));
        self.medium.set(medium);
        // Last: what was looked at until now is still there until then.
        old.cleanup();
    }

    /// What the reader in use is called by its driver or its maker.
    pub(crate) fn device_name(self) -> Option<String> {
        match self.medium.get() {
            Medium::Bridge(bridge) => bridge.device_name(),
            Medium::Direct(direct) => direct.device_name(),
        }
    }

    /// How the reader is now.
    pub(crate) fn status(self) -> Status {
        match self.medium.get() {
            Medium::Bridge(bridge) => bridge.status(),
            Medium::Direct(direct) => direct.status(),
        }
    }

    /// Has the certificate of the card read that was seen; `done` is called once, with it as
    /// DER in standard base64. A reading that is under way already goes on.
    pub(crate) fn read(
        self,
        card: CardGeneration,
        done: impl FnOnce(Result<String, ReadFailure>) + 'static,
    ) {
        match self.medium.get_untracked() {
            Medium::Bridge(bridge) => bridge.read(card, Box::new(done)),
            Medium::Direct(direct) => direct.read(card, Box::new(done)),
        }
    }

    /// Ends the reading that is under way, if any.
    pub(crate) fn stop_reading(self) {
        match self.medium.get_untracked() {
            Medium::Bridge(bridge) => bridge.stop_reading(),
            Medium::Direct(direct) => direct.stop_reading(),
        }
    }

    /// Tries to connect now: a person asked for it, who may be asked something by the
    /// browser or has compared what is shown.
    pub(crate) fn connect(self) {
        match self.medium.get_untracked() {
            Medium::Bridge(bridge) => bridge.connect(),
            Medium::Direct(direct) => direct.connect(),
        }
    }

    /// Takes the reader over from who is shown as using it: a person asked for it.
    pub(crate) fn take_over(self) {
        match self.medium.get_untracked() {
            Medium::Bridge(bridge) => bridge.take_over(),
            Medium::Direct(direct) => direct.take_over(),
        }
    }

    /// Places a simulated card, or takes it away.
    pub(crate) fn simulate(self, card: Option<SimulatedCard>) {
        match self.medium.get_untracked() {
            Medium::Bridge(bridge) => bridge.simulate(card),
            // Never offered there: nothing is simulated.
            Medium::Direct(_) => {}
        }
    }
}

impl Medium {
    fn along(remembered: Option<Remembered>, label: Signal<String>) -> Self {
        match remembered {
            Some(remembered) if remembered.way != Way::Bridge => {
                let numbers = remembered.numbers();
                Self::Direct(Direct::follow(remembered.way, numbers, label))
            }
            _ => Self::Bridge(Bridge::follow(label)),
        }
    }

    fn leave(self) {
        match self {
            Self::Bridge(bridge) => bridge.leave(),
            Self::Direct(direct) => direct.leave(),
        }
    }
}

/// Whether this browser has a way, on this page.
pub(crate) fn is_supported(way: Way) -> bool {
    match way {
        Way::Bridge => true,
        Way::Usb => webusb::api().is_some(),
        Way::Hid => webhid::api().is_some(),
    }
}

/// What the readers are called that are there and that this page may drive itself. Takes two
/// seconds at most.
pub(crate) async fn permitted(way: Way) -> Vec<String> {
    let devices = device::list(way).await;
    devices
        .iter()
        .filter(|device| device.model().is_some())
        .map(device::Device::name)
        .collect()
}

/// What became of asking, where it failed.
pub(crate) fn refused(error: &JsValue) -> Picked {
    let name = crate::js::text(error, "name").unwrap_or_default();
    match name.as_str() {
        "SecurityError" | "NotAllowedError" => Picked::Forbidden,
        _ => Picked::Nothing,
    }
}
