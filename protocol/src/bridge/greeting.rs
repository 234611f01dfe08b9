//! How a page and the bridge come to know each other.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::reader::{ReaderState, ServiceState};

/// Versions of the protocol, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRange {
    /// The oldest.
    pub least: u16,
    /// The newest.
    pub most: u16,
}

impl VersionRange {
    /// The newest version that both speak.
    pub const fn common(self, other: Self) -> Option<u16> {
        let most = if self.most < other.most {
            self.most
        } else {
            other.most
        };
        if most >= self.least && most >= other.least {
            Some(most)
        } else {
            None
        }
    }
}

/// Bytes in base64url without padding (RFC 4648 §5). `Debug` shows their number only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bytes(pub String);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} characters)", self.0.len())
    }
}

/// The page's first message. Members that a later version adds are ignored, so that the
/// answer to it can be the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The versions that the page speaks.
    pub versions: VersionRange,
    /// The page's public key: ECDSA on P-256, uncompressed (65 bytes), as `WebCrypto`
    /// exports it `raw`. Its private half can't be read out of the browser.
    pub key: Bytes,
    /// 32 random bytes, new for each connection.
    pub nonce: Bytes,
    /// What other pages and the person at the bridge see, such as 「受付1番の資格確認端末」:
    /// at most 60 characters, nothing about a patient.
    pub label: String,
}

/// The bridge's answer to [`Hello`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The version that both speak from now on.
    pub version: u16,
    /// 32 random bytes, new for each connection.
    pub nonce: Bytes,
    /// The bridge's own public key, in the form of [`Hello::key`]. A page that has
    /// been welcomed keeps it, and then talks to no other: a program that took the
    /// bridge's port does not have the private half.
    pub bridge_key: Bytes,
    /// The bridge's signature over [`super::pairing::bridge_statement`]: r and s, 32
    /// bytes each, as `WebCrypto` makes and takes them (ECDSA with SHA-256).
    pub signature: Bytes,
}

/// The page's second message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The page's signature over [`super::pairing::page_statement`], in the form of
    /// [`Challenge::signature`].
    pub signature: Bytes,
}

/// The bridge does not know this page's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingWanted {
    /// For how long a person may accept the code, in seconds.
    pub within_seconds: u32,
    /// What to type at the bridge, but for the code: shown beside it.
    pub command: String,
}

/// The page is let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The bridge's program version, for people.
    pub bridge: String,
    /// Whether the reader is a simulated one, so that [`super::Verb::Simulate`] works.
    pub simulator: bool,
    /// Whether the machine's card service answers.
    pub service: ServiceState,
    /// Every reader there is.
    pub readers: Vec<ReaderState>,
}
