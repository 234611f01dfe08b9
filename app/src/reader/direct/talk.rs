//! What the pages of this browser say to each other about a reader: who has it, and that
//! somebody else wants it. Nothing of it is about a patient.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::BroadcastChannel;

use crate::js::{Listener, member};
use crate::reader::way::Way;

const CHANNEL: &str = "shikaku-reader";

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// Who has it?
    Who,
    /// This page has it.
    Holds {
        /// What it calls itself.
        by: String,
        /// For how long it has had it, in seconds.
        seconds: u32,
    },
    /// Somebody wants it on another page: it is to be let go.
    LetGo,
}

#[derive(Serialize, Deserialize)]
struct Said {
    way: Way,
    what: What,
}

/// The line to the other pages.
pub(super) struct Talk {
    way: Way,
    channel: Option<BroadcastChannel>,
    _listener: Option<Listener>,
}

impl Talk {
    /// Speaks and listens about the device of a way.
    pub(super) fn open(way: Way, mut hear: impl FnMut(What) + 'static) -> Self {
        let channel = BroadcastChannel::new(CHANNEL).ok();
        let listener = channel.clone().map(|channel| {
            Listener::new(channel, "message", move |event: JsValue| {
                let text = member(&event, "data").and_then(|data| data.as_string());
                let said = text.and_then(|text| serde_json::from_str::<Said>(&text).ok());
                // Pages of another version may say what this one does not know.
                if let Some(said) = said
                    && said.way == way
                {
                    hear(said.what);
                }
            })
        });
        Self {
            way,
            channel,
            _listener: listener,
        }
    }

    pub(super) fn say(&self, what: What) {
        let said = Said {
            way: self.way,
            what,
        };
        if let (Some(channel), Ok(text)) = (&self.channel, serde_json::to_string(&said)) {
            let _ = channel.post_message(&text.into());
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}
