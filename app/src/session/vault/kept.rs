//! What the page leaves for itself when it is loaded again: encrypted, in the tab's
//! storage, for one use within a minute.

use leptos::prelude::window;
use web_sys::Storage;

use super::{NONCE_BYTES, Sealed};
use crate::clock;

/// The entry of the tab's storage.
const KEY: &str = "shikaku.form";

/// How long the next page may take to begin, in milliseconds.
const GOOD_FOR: i64 = 60_000;

/// Leaves it; says whether the browser did.
pub(super) fn put(sealed: &Sealed) -> bool {
    let text = to_text(sealed, clock::milliseconds());
    storage().is_some_and(|storage| storage.set_item(KEY, &text).is_ok())
}

/// What was left, unless it is too old. It is gone then.
pub(super) fn take() -> Option<Sealed> {
    let storage = storage()?;
    let text = storage.get_item(KEY).ok().flatten()?;
    let _ = storage.remove_item(KEY);
    from_text(&text, clock::milliseconds())
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The time in milliseconds since 1970, then the nonce and the text in hexadecimal.
fn to_text(sealed: &Sealed, now: i64) -> String {
    let mut text = now.to_string();
    text.push(' ');
    for byte in sealed.nonce.iter().chain(&sealed.bytes) {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}

fn from_text(text: &str, now: i64) -> Option<Sealed> {
    let (at, digits) = text.split_once(' ')?;
    let at: i64 = at.parse().ok()?;
    if !(0..GOOD_FOR).contains(&(now - at)) {
        return None;
    }
    let bytes: Option<Vec<u8>> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let bytes = bytes?;
    let (nonce, bytes) = bytes.split_first_chunk::<NONCE_BYTES>()?;
    Some(Sealed {
        nonce: *nonce,
        bytes: bytes.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn it_is_read_back_within_a_minute_only() {
        let sealed = Sealed {
            nonce: [7; NONCE_BYTES],
            bytes: vec![0, 15, 16, 255],
        };
        let now = 1_795_316_400_000;
        let text = to_text(&sealed, now);
        for (passed, is_good) in [(0, true), (59_999, true), (60_000, false), (-1, false)] {
            let read = from_text(&text, now + passed);
            let read = read.map(|read| (read.nonce, read.bytes));
            let expected = is_good.then(|| (sealed.nonce, sealed.bytes.clone()));
            assert_eq!(read, expected, "{passed}");
        }
        for text in [
            "",
            "x",
            "1795316400000 ",
            "1795316400000 07",
            "1795316400000 é",
        ] {
            assert!(from_text(text, now).is_none(), "{text}");
        }
    }
}
