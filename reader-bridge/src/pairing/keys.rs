//! Signatures of both sides (ECDSA on P-256 with SHA-256, as `WebCrypto` has it), and the
//! code that people compare.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use protocol::bridge::Bytes;
use protocol::bridge::pairing::{Greeting, bridge_statement, code, code_statement, page_statement};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::entropy;

/// Random bytes of a nonce.
pub const NONCE_BYTES: usize = 32;
/// Bytes of an uncompressed point.
const KEY_BYTES: usize = 65;
/// Tries at a random number that is a private key; one in 2^32 is none.
const MOST_TRIES: usize = 4;

/// The bridge's own key.
pub struct BridgeKey {
    key: SigningKey,
    /// Its public half, as it stands in messages.
    pub public: Bytes,
}

/// No key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a key")]
pub struct NotAKey;

impl BridgeKey {
    /// A new one.
    pub fn generate() -> Result<Self, NotAKey> {
        for _ in 0..MOST_TRIES {
            let bytes = entropy::bytes::<32>().map_err(|_| NotAKey)?;
            if let Ok(key) = Self::from_bytes(&bytes) {
                return Ok(key);
            }
        }
        Err(NotAKey)
    }

    /// The one that was kept.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAKey> {
        let key = SigningKey::from_slice(bytes).map_err(|_| NotAKey)?;
        let point = key.verifying_key().to_sec1_point(false);
        let public = encode(point.as_bytes());
        Ok(Self { key, public })
    }

    /// For keeping it.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes().into()
    }

    /// The bridge's proof to a page.
    pub fn sign(&self, greeting: &Greeting<'_>) -> Bytes {
        let signature: Signature = self.key.sign(bridge_statement(greeting).as_bytes());
        encode(&signature.to_bytes())
    }
}

/// Whether it is a page's key, in the one form that there is for it.
pub fn is_key(key: &Bytes) -> bool {
    decode(key).is_some_and(|bytes| bytes.len() == KEY_BYTES) && verifying_key(key).is_some()
}

/// Whether it is a nonce.
pub fn is_nonce(nonce: &Bytes) -> bool {
    decode(nonce).is_some_and(|bytes| bytes.len() == NONCE_BYTES)
}

/// Whether the page that named its key has it.
pub fn is_proof(greeting: &Greeting<'_>, signature: &Bytes) -> bool {
    let key = verifying_key(&Bytes(greeting.page_key.to_owned()));
    let signature = decode(signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    match (key, signature) {
        (Some(key), Some(signature)) => key
            .verify(page_statement(greeting).as_bytes(), &signature)
            .is_ok(),
        _ => false,
    }
}

/// The code that both sides show.
pub fn code_of(greeting: &Greeting<'_>) -> String {
    code(&Sha256::digest(code_statement(greeting)).into())
}

/// A short name for a key, for people: the first 16 hexadecimal digits of its SHA-256.
pub fn fingerprint(key: &str) -> String {
    let digest = <[u8; 32]>::from(Sha256::digest(key));
    let beginning = digest.first_chunk().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(beginning))
}

/// A new nonce.
pub fn nonce() -> Result<Bytes, entropy::NoEntropy> {
    Ok(encode(&entropy::bytes::<NONCE_BYTES>()?))
}

/// Bytes as they stand in messages.
pub fn encode(bytes: &[u8]) -> Bytes {
    Bytes(URL_SAFE_NO_PAD.encode(bytes))
}

fn decode(bytes: &Bytes) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(&bytes.0).ok()
}

fn verifying_key(key: &Bytes) -> Option<VerifyingKey> {
    VerifyingKey::from_sec1_bytes(&decode(key)?).ok()
}
