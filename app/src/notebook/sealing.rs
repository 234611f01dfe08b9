//! Encryption to a public key, so that who writes needs no secret.
//!
//! Each text has a key pair of its own: ECDH with the institution's key on P-256, HKDF-SHA-256
//! (whose `info` names the scheme and both public keys), AES-256-GCM. What the text belongs to is
//! authenticated with it, so that a text can't be put in the place of another.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::{Array, Object, Reflect, Uint8Array};
use protocol::http::NotebookKey;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use crate::session::crypto;

const SCHEME: &[u8] = b"shikaku notebook 1";
/// A point on P-256, uncompressed.
const POINT_BYTES: usize = 65;
/// The size of a nonce that AES-GCM is made for.
const NONCE_BYTES: usize = 12;

/// The public half: seals.
#[derive(Clone)]
pub(super) struct Seal {
    key: CryptoKey,
    point: Vec<u8>,
}

/// The private half, which can't be read out: opens.
#[derive(Clone)]
pub(super) struct Opener {
    key: CryptoKey,
    point: Vec<u8>,
}

/// A new pair, for an institution that has none.
pub(super) async fn make() -> Result<NotebookKey, JsValue> {
    let uses = Array::of1(&"deriveBits".into());
    let made = subtle()?.generate_key_with_object(&curve()?, true, uses.as_ref())?;
    let pair = JsFuture::from(made).await?;
    let public: CryptoKey = Reflect::get(&pair, &"publicKey".into())?.dyn_into()?;
    let private: CryptoKey = Reflect::get(&pair, &"privateKey".into())?.dyn_into()?;
    let point = bytes(subtle()?.export_key("raw", &public)?).await?;
    let jwk = JsFuture::from(subtle()?.export_key("jwk", &private)?).await?;
    let number = Reflect::get(&jwk, &"d".into())?.as_string();
    Ok(NotebookKey {
        public_key: URL_SAFE_NO_PAD.encode(point),
        private_key: number.ok_or(JsValue::NULL)?,
    })
}

impl Seal {
    pub(super) async fn of(public_key: &str) -> Result<Self, JsValue> {
        let point = decode(public_key)?;
        let key = point_key(&point).await?;
        Ok(Self { key, point })
    }

    /// Encrypts a text that belongs to `label`.
    pub(super) async fn close(&self, label: &str, text: &str) -> Result<String, JsValue> {
        let uses = Array::of1(&"deriveBits".into());
        let made = subtle()?.generate_key_with_object(&curve()?, false, uses.as_ref())?;
        let pair = JsFuture::from(made).await?;
        let public: CryptoKey = Reflect::get(&pair, &"publicKey".into())?.dyn_into()?;
        let private: CryptoKey = Reflect::get(&pair, &"privateKey".into())?.dyn_into()?;
        let own = bytes(subtle()?.export_key("raw", &public)?).await?;
        let key = agree(&private, &self.key, &own, &self.point).await?;
        let mut nonce = [0; NONCE_BYTES];
        crypto()?.get_random_values_with_u8_array(&mut nonce)?;
        let text = subtle()?.encrypt_with_object_and_u8_array(
            &cipher(&nonce, label)?,
            &key,
            text.as_bytes(),
        )?;
        let sealed = [own, nonce.to_vec(), bytes(text).await?].concat();
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }
}

impl Opener {
    pub(super) async fn of(key: &NotebookKey) -> Result<Self, JsValue> {
        let point = decode(&key.public_key)?;
        let (x, y) = match &point[..] {
            [4, rest @ ..] if rest.len() == POINT_BYTES - 1 => rest.split_at(rest.len() / 2),
            _ => return Err(JsValue::NULL),
        };
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let jwk = object(&[
            ("kty", "EC".into()),
            ("crv", "P-256".into()),
            ("x", x.into()),
            ("y", y.into()),
            ("d", key.private_key.as_str().into()),
        ])?;
        let uses = Array::of1(&"deriveBits".into());
        let imported =
            subtle()?.import_key_with_object("jwk", &jwk, &curve()?, false, uses.as_ref())?;
        let key = JsFuture::from(imported).await?.dyn_into()?;
        Ok(Self { key, point })
    }

    /// The text that was sealed for `label`.
    pub(super) async fn open(&self, label: &str, sealed: &str) -> Result<String, JsValue> {
        let sealed = decode(sealed)?;
        let (own, rest) = sealed.split_at_checked(POINT_BYTES).ok_or(JsValue::NULL)?;
        let (nonce, text) = rest.split_at_checked(NONCE_BYTES).ok_or(JsValue::NULL)?;
        let key = agree(&self.key, &point_key(own).await?, own, &self.point).await?;
        let opened =
            subtle()?.decrypt_with_object_and_u8_array(&cipher(nonce, label)?, &key, text)?;
        String::from_utf8(bytes(opened).await?).map_err(|_| JsValue::NULL)
    }
}

/// The key that two halves agree on.
async fn agree(
    private: &CryptoKey,
    public: &CryptoKey,
    own: &[u8],
    institutions: &[u8],
) -> Result<CryptoKey, JsValue> {
    let agreement = object(&[("name", "ECDH".into()), ("public", public.into())])?;
    let secret = subtle()?.derive_bits_with_object(&agreement, private, 256)?;
    let secret = Uint8Array::new(&JsFuture::from(secret).await?);
    let uses = Array::of1(&"deriveKey".into());
    let hkdf = object(&[("name", "HKDF".into())])?;
    let secret = subtle()?.import_key_with_object("raw", &secret, &hkdf, false, uses.as_ref())?;
    let secret: CryptoKey = JsFuture::from(secret).await?.dyn_into()?;
    let info = [SCHEME, own, institutions].concat();
    let derivation = object(&[
        ("name", "HKDF".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::new_with_length(0).into()),
        ("info", Uint8Array::from(&info[..]).into()),
    ])?;
    let aes = object(&[("name", "AES-GCM".into()), ("length", 256.into())])?;
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let key = subtle()?.derive_key_with_object_and_object(
        &derivation,
        &secret,
        &aes,
        false,
        uses.as_ref(),
    )?;
    JsFuture::from(key).await?.dyn_into()
}

async fn point_key(point: &[u8]) -> Result<CryptoKey, JsValue> {
    let point = Uint8Array::from(point);
    let no_uses = Array::new();
    let imported =
        subtle()?.import_key_with_object("raw", &point, &curve()?, true, no_uses.as_ref())?;
    JsFuture::from(imported).await?.dyn_into()
}

fn cipher(nonce: &[u8], label: &str) -> Result<Object, JsValue> {
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(nonce).into()),
        ("additionalData", Uint8Array::from(label.as_bytes()).into()),
    ])
}

fn curve() -> Result<Object, JsValue> {
    object(&[("name", "ECDH".into()), ("namedCurve", "P-256".into())])
}

fn object(members: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

async fn bytes(promise: js_sys::Promise) -> Result<Vec<u8>, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
}

fn decode(text: &str) -> Result<Vec<u8>, JsValue> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| JsValue::NULL)
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(crypto()?.subtle())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn what_was_sealed_is_opened_by_its_key_and_for_its_label_only() {
        let pair = make().await.unwrap();
        let seal = Seal::of(&pair.public_key).await.unwrap();
        let opener = Opener::of(&pair).await.unwrap();
        let sealed = seal.close("a note", "新橋 太郎").await.unwrap();
        assert_eq!(opener.open("a note", &sealed).await.unwrap(), "新橋 太郎");
        assert!(opener.open("b note", &sealed).await.is_err());
        let other = Opener::of(&make().await.unwrap()).await.unwrap();
        assert!(other.open("a note", &sealed).await.is_err());
        assert!(!opener.key.extractable());
        assert_ne!(sealed, seal.close("a note", "新橋 太郎").await.unwrap());
    }

    #[wasm_bindgen_test]
    async fn what_was_changed_is_not_opened() {
        let pair = make().await.unwrap();
        let sealed = Seal::of(&pair.public_key).await.unwrap();
        let sealed = sealed.close("a", "text").await.unwrap();
        let opener = Opener::of(&pair).await.unwrap();
        for place in [0, 70, 80] {
            let mut bytes = decode(&sealed).unwrap();
            bytes[place] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(bytes);
            assert!(opener.open("a", &changed).await.is_err(), "{place}");
        }
        for cut in ["", "AA", &sealed[..40], &sealed[..sealed.len() - 4]] {
            assert!(opener.open("a", cut).await.is_err());
        }
    }
}
