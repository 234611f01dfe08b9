//! What differs between the PC/SC of one system and another's.

use std::time::Duration;

/// Whether the service tells when a reader is plugged in or pulled out.
pub(super) const TELLS_OF_READERS: bool = !cfg!(target_os = "macos");

/// How long to wait for news at most. Where the service tells of readers and cards, waking
/// up shows that it still answers, and which cards other programs have (pcscd does not tell
/// of that); elsewhere it finds new readers as well.
pub(super) const LONGEST_WAIT: Duration = if TELLS_OF_READERS {
    Duration::from_secs(5)
} else {
    Duration::from_secs(1)
};
