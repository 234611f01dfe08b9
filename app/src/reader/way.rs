//! By which way a reader is reached, and what this browser remembers of it.

use serde::{Deserialize, Serialize};

use crate::kept;

/// The name in the browser's storage, and for what pages say to each other.
pub(super) const NAME: &str = "shikaku.reader";

/// A way to a card reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// Over the program beside the browser.
    Bridge,
    /// From the page, over WebUSB.
    Usb,
    /// From the page, over WebHID.
    Hid,
}

/// What USB calls a kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) vendor: u16,
    pub(super) product: u16,
}

/// What somebody chose on this browser. Nothing of it is about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    pub(super) way: Way,
    /// The device, where one was picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<u16>,
}

impl Remembered {
    pub(super) fn new(way: Way, numbers: Option<Numbers>) -> Self {
        Self {
            way,
            vendor: numbers.map(|numbers| numbers.vendor),
            product: numbers.map(|numbers| numbers.product),
        }
    }

    /// The device, where one was picked.
    pub(super) fn numbers(self) -> Option<Numbers> {
        self.vendor
            .zip(self.product)
            .map(|(vendor, product)| Numbers { vendor, product })
    }

    /// What was kept, if it still can be read.
    pub(super) fn kept() -> Option<Self> {
        kept::read(NAME)
    }

    /// Keeps it. Where the browser keeps nothing, it is chosen anew after a reload.
    pub(super) fn keep(self) {
        kept::write(NAME, &self);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_choice_survives_a_reload() {
        let numbers = Some(Numbers {
            vendor: 0x054C,
            product: 0x06C1,
        });
        let table = [
            (Way::Bridge, None, r#"{"way":"bridge"}"#),
            (Way::Hid, None, r#"{"way":"hid"}"#),
            (
                Way::Usb,
                numbers,
                r#"{"way":"usb","vendor":1356,"product":1729}"#,
            ),
        ];
        for (way, numbers, text) in table {
            let remembered = Remembered::new(way, numbers);
            assert_eq!(remembered.numbers(), numbers);
            assert_eq!(serde_json::to_string(&remembered).unwrap(), text);
            assert_eq!(
                serde_json::from_str::<Remembered>(text).ok(),
                Some(remembered)
            );
        }
        for garbled in ["", "{}", "[]", r#"{"way":"serial"}"#] {
            assert!(
                serde_json::from_str::<Remembered>(garbled).is_err(),
                "{garbled}"
            );
        }
    }
}
