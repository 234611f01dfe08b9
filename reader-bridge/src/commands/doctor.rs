//! `doctor`.

use crate::cli::Doctor;

pub(super) fn run(_: &Doctor) -> anyhow::Result<u8> {
    Ok(0)
}
