//! What the page and the reader bridge say to each other on this machine.
//!
//! So far the bridge only says what it is; it drives no reader yet.

use serde::{Deserialize, Serialize};

/// The port that the bridge listens on unless told otherwise (loopback only).
pub const DEFAULT_PORT: u16 = 8765;

/// Where the bridge answers [`Version`].
pub const VERSION_PATH: &str = "/version";

/// What the bridge is and can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// `shikaku-reader-bridge`.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// Whether it can drive a card reader.
    pub drives_readers: bool,
}
