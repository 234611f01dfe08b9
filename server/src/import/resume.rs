//! Where an interrupted import of the same file goes on.
//!
//! Every batch commits, with its rows, the place behind them and the SHA-256 of
//! the file up to there. A file is resumed only if it has the same size and the
//! same bytes up to that place, and if the rejected rows up to there are still in
//! their file; else it begins anew, which does no harm, only takes longer.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use sha2::{Digest as _, Sha256};

use super::source::digest_of;
use super::{Encoding, ImportError, Rejections, Summary};
use crate::store::{FileKey, ImportProgress, Store};

/// Where to go on.
pub(super) struct Beginning {
    pub(super) place: u64,
    pub(super) line: u64,
    pub(super) digest: Sha256,
    pub(super) summary: Summary,
}

/// What an interrupted import is found by.
pub(super) fn key(size: u64, head: &[u8], encoding: Encoding) -> FileKey {
    let digest = Sha256::new().chain_update(size.to_le_bytes());
    let digest = digest.chain_update(encoding.label()).chain_update(head);
    digest.finalize().into()
}

/// Finds where the file was interrupted, and cuts the rejections back to there.
pub(super) fn find(
    store: &Store,
    key: &FileKey,
    file: &mut File,
    rejections: &mut Rejections,
) -> Result<Option<Beginning>, ImportError> {
    let progress = store.read_blocking(|reader| reader.import_progress(key))?;
    let Some(progress) = progress else {
        return Ok(None);
    };
    let ImportProgress {
        place,
        line,
        prefix,
        rejected_bytes,
        summary,
    } = progress;
    // Written by another version: begin anew.
    let Ok(mut summary) = serde_json::from_str::<Summary>(&summary) else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(0))?;
    let Some(digest) = digest_of(&*file, place)? else {
        return Ok(None);
    };
    let found: [u8; 32] = digest.clone().finalize().into();
    let is_same = found == prefix;
    if !is_same
        || !rejections
            .resume(rejected_bytes)
            .map_err(ImportError::Rejections)?
    {
        return Ok(None);
    }
    summary.resumed_at_line = Some(line);
    Ok(Some(Beginning {
        place,
        line,
        digest,
        summary,
    }))
}
