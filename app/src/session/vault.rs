//! What was typed, encrypted while the session is locked or the page is loaded again.
//!
//! The key is the session's: the service tells it to an open session only, and
//! here it is a key that can't be read out, dropped when the session is locked.
//! So without the password neither the page nor its memory gives the text back.
//! The key is in no storage of the browser that a script can read: what the page
//! leaves for itself ([`kept`]) is noise to everything but the same session.

mod kept;

use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use protocol::http::PageKey;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, Crypto, CryptoKey};

const ALGORITHM: &str = "AES-GCM";
/// The size of a nonce that AES-GCM is made for.
const NONCE_BYTES: usize = 12;

/// The key while the session is open, the text while it is locked.
#[derive(Clone, Copy)]
pub(super) struct Vault {
    key: StoredValue<Option<CryptoKey>, LocalStorage>,
    sealed: StoredValue<Option<Sealed>, LocalStorage>,
}

/// A text that only the session's key gives back.
#[derive(Clone)]
struct Sealed {
    nonce: [u8; NONCE_BYTES],
    bytes: Vec<u8>,
}

impl Vault {
    /// With what the page has left for itself when it was loaded again.
    pub(super) fn new() -> Self {
        Self {
            key: StoredValue::new_local(None),
            sealed: StoredValue::new_local(kept::take()),
        }
    }

    /// Leaves a text, or what a lock has taken away, for the page that will be loaded
    /// in this one's place. `false` when there is one and the browser can't.
    pub(super) async fn keep(self, text: Option<String>) -> bool {
        let sealed = match (self.sealed.get_value(), text) {
            (Some(sealed), _) => Some(sealed),
            (None, None) => return true,
            (None, Some(text)) => match self.key.get_value() {
                Some(key) => encrypt(&key, &text).await.ok(),
                None => None,
            },
        };
        sealed.is_some_and(|sealed| kept::put(&sealed))
    }

    /// Keeps the key of an open session. Where the browser has no cryptography
    /// there is none, and what was typed is lost to a lock rather than kept in the clear.
    pub(super) async fn keep_key(self, key: Option<PageKey>) {
        if let Some(key) = key {
            self.key.set_value(import(&key).await.ok());
        }
    }

    /// Encrypts a text, and gives the key away.
    pub(super) fn seal(self, text: String) {
        let key = self.key.try_update_value(Option::take).flatten();
        if let Some(key) = key {
            leptos::task::spawn_local(async move {
                self.sealed.set_value(encrypt(&key, &text).await.ok());
            });
        }
    }

    /// The text that was encrypted, if the key is there again.
    pub(super) async fn open(self) -> Option<String> {
        let sealed = self.sealed.try_update_value(Option::take).flatten()?;
        let key = self.key.get_value()?;
        decrypt(&key, &sealed).await.ok()
    }

    /// Forgets everything.
    pub(super) fn forget(self) {
        self.key.set_value(None);
        self.sealed.set_value(None);
    }
}

/// Of whatever runs this: the browser's window, or the tests' Node.js.
pub(crate) fn crypto() -> Result<Crypto, JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    if crypto.is_undefined() {
        return Err(crypto);
    }
    Ok(crypto.unchecked_into())
}

/// As a JSON web key (RFC 7517), which takes the key's base64url as it is.
async fn import(key: &PageKey) -> Result<CryptoKey, JsValue> {
    let jwk = Object::new();
    for (member, value) in [("kty", "oct"), ("alg", "A256GCM"), ("k", &key.0)] {
        Reflect::set(&jwk, &member.into(), &value.into())?;
    }
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let imported =
        crypto()?
            .subtle()
            .import_key_with_str("jwk", &jwk, ALGORITHM, false, uses.as_ref())?;
    JsFuture::from(imported).await?.dyn_into()
}

async fn encrypt(key: &CryptoKey, text: &str) -> Result<Sealed, JsValue> {
    let mut nonce = [0; NONCE_BYTES];
    crypto()?.get_random_values_with_u8_array(&mut nonce)?;
    let encrypted = crypto()?.subtle().encrypt_with_object_and_u8_array(
        &parameters(&nonce),
        key,
        text.as_bytes(),
    )?;
    let bytes = Uint8Array::new(&JsFuture::from(encrypted).await?).to_vec();
    Ok(Sealed { nonce, bytes })
}

async fn decrypt(key: &CryptoKey, sealed: &Sealed) -> Result<String, JsValue> {
    let decrypted = crypto()?.subtle().decrypt_with_object_and_u8_array(
        &parameters(&sealed.nonce),
        key,
        &sealed.bytes,
    )?;
    let bytes = Uint8Array::new(&JsFuture::from(decrypted).await?).to_vec();
    String::from_utf8(bytes).map_err(|_| JsValue::NULL)
}

fn parameters(nonce: &[u8; NONCE_BYTES]) -> Object {
    let nonce = Uint8Array::from(&nonce[..]);
    AesGcmParams::new(ALGORITHM, &nonce).into()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn a_text_comes_back_with_its_key_only() {
        let key = import(&PageKey("A".repeat(43))).await.unwrap();
        let other = PageKey(["B".repeat(42), "A".to_owned()].concat());
        let other = import(&other).await.unwrap();
        let sealed = encrypt(&key, "新橋 太郎").await.unwrap();
        assert_eq!(decrypt(&key, &sealed).await.unwrap(), "新橋 太郎");
        assert!(decrypt(&other, &sealed).await.is_err());
        assert!(!key.extractable());
    }
}
