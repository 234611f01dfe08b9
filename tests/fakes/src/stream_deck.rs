//! An Elgato Stream Deck MK.2, as far as a page that wants its keys needs it: the input report
//! of its maker's documentation (<https://docs.elgato.com/streamdeck/hid>).

use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::descriptor;

const KEYS: usize = 15;
/// Number of the report, command, and the length of what follows.
const HEAD: [u8; 4] = [0x01, 0x00, 15, 0x00];
/// With its number.
const LENGTH: usize = 512;

/// Consumer control, with one input report of 511 bytes.
const REPORT_DESCRIPTOR: &[u8] = &[
    0x05, 0x0C, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, //
    0x85, 0x01, 0x96, 0xFF, 0x01, 0x09, 0x01, 0x81, 0x02, //
    0xC0,
];

/// A Stream Deck at a port.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct StreamDeck {
    keys: [bool; KEYS],
}

#[wasm_bindgen]
impl StreamDeck {
    /// One of which no key is pressed.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// What it says it is, as JSON.
    pub fn identity() -> String {
        json!({
            "vendorId": 0x0FD9,
            "productId": 0x0080,
            "productName": "Stream Deck MK.2",
            "collections": descriptor::collections(REPORT_DESCRIPTOR),
        })
        .to_string()
    }

    /// A key is pressed or released; the report that tells of it, its number first.
    pub fn press(&mut self, key: usize, is_down: bool) -> Vec<u8> {
        if let Some(state) = self.keys.get_mut(key) {
            *state = is_down;
        }
        let mut report = HEAD.to_vec();
        report.extend(self.keys.map(u8::from));
        report.resize(LENGTH, 0);
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_byte_for_each_key() {
        let mut deck = StreamDeck::new();
        let down = deck.press(2, true);
        assert_eq!(down[..8], [1, 0, 15, 0, 0, 0, 1, 0]);
        assert_eq!(down.len(), LENGTH);
        assert_eq!(deck.press(2, false)[4..], [0; LENGTH - 4]);
    }
}
