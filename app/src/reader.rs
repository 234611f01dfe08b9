//! The card reader, whatever medium leads to it.
//!
//! [`Reader`] is the port, [`Medium`] the closed list of adapters: a `match` on it is the
//! list of what is supported. A page sees a [`Status`], a card by its number, and the
//! certificate that it presents; it never sees a card's own commands.

mod bridge;
mod status;

use leptos::prelude::*;

use bridge::Bridge;
pub(crate) use protocol::bridge::{CardGeneration, SimulatedCard};
pub(crate) use status::{Card, ReadFailure, Status};

/// How a reader is reached. Each adapter has the methods that [`Reader`] forwards.
#[derive(Clone, Copy)]
enum Medium {
    /// The program beside the browser, over a loopback WebSocket.
    Bridge(Bridge),
}

/// The one reader that this page uses.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    medium: Medium,
}

impl Reader {
    /// Looks for a reader for as long as the component that is being made is there. Other
    /// pages and the person at the bridge see `label`.
    pub(crate) fn follow(label: Signal<String>) -> Self {
        Self {
            medium: Medium::Bridge(Bridge::follow(label)),
        }
    }

    /// How the reader is now.
    pub(crate) fn status(self) -> Status {
        match self.medium {
            Medium::Bridge(bridge) => bridge.status(),
        }
    }

    /// Has the certificate of the card read that was seen; `done` is called once, with it as
    /// DER in standard base64. A reading that is under way already goes on.
    pub(crate) fn read(
        self,
        card: CardGeneration,
        done: impl FnOnce(Result<String, ReadFailure>) + 'static,
    ) {
        match self.medium {
            Medium::Bridge(bridge) => bridge.read(card, Box::new(done)),
        }
    }

    /// Ends the reading that is under way, if any.
    pub(crate) fn stop_reading(self) {
        match self.medium {
            Medium::Bridge(bridge) => bridge.stop_reading(),
        }
    }

    /// Tries to connect now: a person asked for it, who may be asked something by the
    /// browser or has compared what is shown.
    pub(crate) fn connect(self) {
        match self.medium {
            Medium::Bridge(bridge) => bridge.connect(),
        }
    }

    /// Takes the reader over from who is shown as using it: a person asked for it.
    pub(crate) fn take_over(self) {
        match self.medium {
            Medium::Bridge(bridge) => bridge.take_over(),
        }
    }

    /// Places a simulated card, or takes it away.
    pub(crate) fn simulate(self, card: Option<SimulatedCard>) {
        match self.medium {
            Medium::Bridge(bridge) => bridge.simulate(card),
        }
    }
}
