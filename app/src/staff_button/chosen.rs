//! What this browser remembers of the button. It is about the desk, and about nobody.

use serde::{Deserialize, Serialize};

use crate::kept;

/// The entry of the browser's storage.
const KEY: &str = "shikaku.staff-button";

/// Which thing is the button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Chosen {
    /// None but the one on the screen.
    #[default]
    None,
    /// A key, by its `KeyboardEvent.code`.
    Key(String),
    /// An Elgato Stream Deck.
    StreamDeck,
}

/// What was remembered; nothing, where the browser remembers nothing.
pub(super) fn read() -> Chosen {
    kept::read(KEY).unwrap_or_default()
}

/// Remembers it, where the browser lets it.
pub(super) fn write(chosen: &Chosen) {
    kept::write(KEY, chosen);
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_is_remembered_is_read_back_and_nothing_else_is() {
        let table = [
            (r#""none""#, Chosen::None),
            (r#"{"key":"F13"}"#, Chosen::Key("F13".to_owned())),
            (r#""stream-deck""#, Chosen::StreamDeck),
        ];
        for (text, chosen) in table {
            assert_eq!(serde_json::from_str::<Chosen>(text).unwrap(), chosen);
            assert_eq!(serde_json::to_string(&chosen).unwrap(), text);
        }
        for text in ["", "null", "{}", r#"{"key":7}"#, r#""pedal""#, "[]"] {
            assert!(serde_json::from_str::<Chosen>(text).is_err(), "{text}");
        }
    }
}
