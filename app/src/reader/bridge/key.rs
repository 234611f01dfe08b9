//! The page's key, whose private half nobody can read out, and what is done with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::{Array, Object, Reflect, Uint8Array};
use protocol::bridge::Bytes;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

/// The size of a greeting's nonce, in bytes.
const NONCE_BYTES: usize = 32;

/// Who this page is to the bridge, and who the bridge was.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) private: CryptoKey,
    /// ECDSA on P-256, uncompressed, base64url.
    pub(super) public: String,
    /// The bridge that this page was let in by before.
    pub(super) bridge_key: Option<String>,
}

impl Identity {
    /// A new one.
    pub(super) async fn make() -> Result<Self, JsValue> {
        let uses = Array::of2(&"sign".into(), &"verify".into());
        let made = subtle()?.generate_key_with_object(&algorithm()?, false, uses.as_ref())?;
        let pair = JsFuture::from(made).await?;
        let half = |name: &str| -> Result<CryptoKey, JsValue> {
            Reflect::get(&pair, &name.into())?.dyn_into()
        };
        let exported = subtle()?.export_key("raw", &half("publicKey")?)?;
        let public = Uint8Array::new(&JsFuture::from(exported).await?).to_vec();
        Ok(Self {
            private: half("privateKey")?,
            public: URL_SAFE_NO_PAD.encode(public),
            bridge_key: None,
        })
    }

    /// Signs a statement.
    pub(super) async fn sign(&self, statement: &str) -> Result<Bytes, JsValue> {
        let signed = subtle()?.sign_with_object_and_u8_array(
            &algorithm()?,
            &self.private,
            statement.as_bytes(),
        )?;
        let signature = Uint8Array::new(&JsFuture::from(signed).await?).to_vec();
        Ok(Bytes(URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Whether a statement was signed by the holder of a public key.
pub(super) async fn is_signed(
    statement: &str,
    public: &Bytes,
    signature: &Bytes,
) -> Result<bool, JsValue> {
    let public = bytes(public)?;
    let uses = Array::of1(&"verify".into());
    let key = subtle()?.import_key_with_object(
        "raw",
        &Uint8Array::from(&public[..]),
        &algorithm()?,
        true,
        uses.as_ref(),
    )?;
    let key: CryptoKey = JsFuture::from(key).await?.dyn_into()?;
    let verified = subtle()?.verify_with_object_and_u8_array_and_u8_array(
        &algorithm()?,
        &key,
        &bytes(signature)?,
        statement.as_bytes(),
    )?;
    Ok(JsFuture::from(verified).await?.is_truthy())
}

/// The SHA-256 of a statement.
pub(super) async fn digest(statement: &str) -> Result<[u8; 32], JsValue> {
    let digested = subtle()?.digest_with_str_and_u8_array("SHA-256", statement.as_bytes())?;
    let digest = Uint8Array::new(&JsFuture::from(digested).await?).to_vec();
    digest.try_into().map_err(|_| JsValue::NULL)
}

/// New random bytes.
pub(super) fn nonce() -> Result<Bytes, JsValue> {
    let mut nonce = [0; NONCE_BYTES];
    crypto()?.get_random_values_with_u8_array(&mut nonce)?;
    Ok(Bytes(URL_SAFE_NO_PAD.encode(nonce)))
}

fn bytes(text: &Bytes) -> Result<Vec<u8>, JsValue> {
    URL_SAFE_NO_PAD.decode(&text.0).map_err(|_| JsValue::NULL)
}

/// For every use of it: members that a use does not know are passed over.
fn algorithm() -> Result<Object, JsValue> {
    let algorithm = Object::new();
    for (member, value) in [
        ("name", "ECDSA"),
        ("namedCurve", "P-256"),
        ("hash", "SHA-256"),
    ] {
        Reflect::set(&algorithm, &member.into(), &value.into())?;
    }
    Ok(algorithm)
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(crypto()?.subtle())
}

/// Of whatever runs this: the browser's window, or the tests' Node.js.
fn crypto() -> Result<Crypto, JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    if crypto.is_undefined() {
        return Err(crypto);
    }
    Ok(crypto.unchecked_into())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn what_is_signed_is_verified_and_nothing_else() {
        let identity = Identity::make().await.unwrap();
        let signature = identity.sign("statement").await.unwrap();
        let public = Bytes(identity.public.clone());
        assert_eq!(bytes(&public).unwrap().len(), 65);
        assert_eq!(bytes(&signature).unwrap().len(), 64);
        assert!(!identity.private.extractable());
        assert!(is_signed("statement", &public, &signature).await.unwrap());
        assert!(!is_signed("another", &public, &signature).await.unwrap());
        let other = Bytes(Identity::make().await.unwrap().public);
        assert!(!is_signed("statement", &other, &signature).await.unwrap());
    }

    #[wasm_bindgen_test]
    async fn a_digest_is_a_sha_256() {
        // FIPS 180-4, “abc”.
        let digest = digest("abc").await.unwrap();
        assert_eq!(digest[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
