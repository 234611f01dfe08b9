//! Randomness, from one place.

use thiserror::Error;

/// The operating system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the operating system gave no random bytes")]
pub struct NoEntropy;

/// `N` random bytes fit for keys.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the operating system"
)]
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoEntropy)?;
    Ok(bytes)
}
