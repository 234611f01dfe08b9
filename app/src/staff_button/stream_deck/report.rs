//! What a Stream Deck says of its keys: input report 1.
//!
//! Sources: docs.elgato.com/streamdeck/hid (“General Reference”, “Stream Deck Mini Protocol”); for
//! the first Stream Deck, which is not there, the notes of those who wrote drivers for it.

/// The report of the keys.
const REPORT: u8 = 1;
/// “Keypad state changed”; others are of dials and of what is touched.
const KEYS: u8 = 0;

/// How the keys stand in the report, whose number is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A command, a little-endian length, and so many keys.
    Headed,
    /// The keys, and padding.
    Bare { keys: usize },
}

impl Layout {
    /// Of a product by its USB number; of one that is not known, as newer ones have it.
    pub(super) const fn of(product: u16) -> Self {
        match product {
            // Stream Deck (the first).
            0x0060 => Self::Bare { keys: 15 },
            // Mini, Mini 2022, Mini Discord, Module 6.
            0x0063 | 0x0090 | 0x00B3 | 0x00B8 => Self::Bare { keys: 6 },
            // MK.2 (0x006D, 0x0080, 0x00A5), XL (0x006C, 0x008F), + (0x0084), Pedal (0x0086),
            // Neo (0x009A), Modules 15 and 32 (0x00B9, 0x00BA), and what comes.
            _ => Self::Headed,
        }
    }

    /// Whether any key is down; `None` from a report of something else, or of too few bytes.
    pub(super) fn is_any_down(self, report: u8, data: &[u8]) -> Option<bool> {
        if report != REPORT {
            return None;
        }
        let keys = match (self, data) {
            (Self::Headed, [KEYS, low, high, keys @ ..]) => {
                keys.get(..usize::from(u16::from_le_bytes([*low, *high])))?
            }
            (Self::Headed, _) => return None,
            (Self::Bare { keys }, data) => data.get(..keys)?,
        };
        Some(keys.contains(&1))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn keys_are_where_the_product_has_them() {
        let mini = Layout::of(0x0063);
        let first = Layout::of(0x0060);
        let mk2 = Layout::of(0x0080);
        let pedal = Layout::of(0x0086);
        let unknown = Layout::of(0xFFFF);
        let table: [(Layout, u8, &[u8], Option<bool>); 16] = [
            (mini, 1, &[0, 0, 0, 0, 0, 0, 0, 0], Some(false)),
            (mini, 1, &[0, 0, 0, 0, 0, 1, 0, 0], Some(true)),
            // What follows the keys are no keys.
            (mini, 1, &[0, 0, 0, 0, 0, 0, 1, 1], Some(false)),
            (mini, 1, &[1, 0, 0, 0, 0], None),
            (first, 1, &[0; 16], Some(false)),
            (
                first,
                1,
                &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
                Some(true),
            ),
            (mk2, 1, &[0, 2, 0, 0, 0, 1], Some(false)),
            (mk2, 1, &[0, 2, 0, 0, 1, 0], Some(true)),
            // Dials, and what is touched.
            (mk2, 1, &[3, 5, 0, 0, 1, 1, 1, 1], None),
            (mk2, 1, &[2, 1, 0, 1], None),
            (mk2, 2, &[0, 1, 0, 1], None),
            (pedal, 1, &[0, 3, 0, 0, 0, 1, 0, 0], Some(true)),
            (unknown, 1, &[0, 1, 0, 1], Some(true)),
            (unknown, 1, &[0, 1, 1, 1], None),
            (unknown, 1, &[0, 1], None),
            (unknown, 1, &[], None),
        ];
        for (layout, report, data, expected) in table {
            assert_eq!(
                layout.is_any_down(report, data),
                expected,
                "{layout:?} {report} {data:?}"
            );
        }
    }
}
