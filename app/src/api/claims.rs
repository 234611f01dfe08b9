//! What a terminal asks of the service about 請求の案内.

use protocol::http::{ClaimGuidance, ClaimGuidanceToSave, path};

use super::{Error, decode, encode, fetch};

/// The institution's words, or that it has none of its own.
pub(crate) async fn guidance() -> Result<ClaimGuidance, Error> {
    decode(&fetch::send("GET", path::CLAIM_GUIDANCE, None).await?)
}

/// Changes them.
pub(crate) async fn save_guidance(wanted: &ClaimGuidanceToSave) -> Result<ClaimGuidance, Error> {
    decode(&fetch::send("PUT", path::CLAIM_GUIDANCE, Some(encode(wanted)?)).await?)
}
