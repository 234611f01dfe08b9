//! The bytes of the imported file, with a digest of those that are done with.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

/// The SHA-256 of the first bytes of a file.
pub(super) type PrefixDigest = [u8; 32];

/// Passes bytes on. What has been read ahead of the rows that are committed is
/// held until they are, so that the digest can stand at any row's end.
pub(super) struct Source<R> {
    inner: R,
    prefix: Option<Prefix>,
}

/// The digest of all bytes before `place`.
#[derive(Default)]
struct Prefix {
    digest: Sha256,
    place: u64,
    ahead: Vec<u8>,
}

impl<R: Read> Source<R> {
    /// Without a digest, for what can't be resumed.
    pub(super) const fn plain(inner: R) -> Self {
        Self {
            inner,
            prefix: None,
        }
    }

    /// From `place` on, whose preceding bytes went into `digest`.
    pub(super) const fn digested(inner: R, digest: Sha256, place: u64) -> Self {
        let prefix = Prefix {
            digest,
            place,
            ahead: Vec::new(),
        };
        Self {
            inner,
            prefix: Some(prefix),
        }
    }

    /// The digest of everything before a place that was read up to or beyond.
    pub(super) fn digest_before(&mut self, place: u64) -> Option<PrefixDigest> {
        let prefix = self.prefix.as_mut()?;
        let count = usize::try_from(place.checked_sub(prefix.place)?).ok()?;
        let done = prefix.ahead.get(..count)?;
        prefix.digest.update(done);
        prefix.ahead.drain(..count);
        prefix.place = place;
        Some(prefix.digest.clone().finalize().into())
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(prefix) = &mut self.prefix {
            prefix.ahead.extend_from_slice(&buffer[..count]);
        }
        Ok(count)
    }
}

/// Digests the next `count` bytes; `None` when there are fewer.
pub(super) fn digest_of(mut source: impl Read, count: u64) -> io::Result<Option<Sha256>> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut rest = count;
    while rest > 0 {
        let most = usize::try_from(rest).map_or(buffer.len(), |rest| rest.min(buffer.len()));
        let read = source.read(&mut buffer[..most])?;
        if read == 0 {
            return Ok(None);
        }
        digest.update(&buffer[..read]);
        rest -= read as u64;
    }
    Ok(Some(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_stands_where_it_is_asked_to_and_can_be_taken_up_again() {
        let bytes = b"header\nrow one\nrow two\n";
        let mut source = Source::digested(&bytes[..], Sha256::new(), 0);
        let mut all = Vec::new();
        source.read_to_end(&mut all).unwrap();
        let first: [u8; 32] = Sha256::digest(&bytes[..15]).into();
        assert_eq!(source.digest_before(15), Some(first));
        assert_eq!(source.digest_before(14), None, "never backwards");
        assert_eq!(source.digest_before(99), None, "never beyond what was read");
        let taken_up = digest_of(&bytes[..], 15).unwrap().unwrap();
        let mut source = Source::digested(&bytes[15..], taken_up, 15);
        source.read_to_end(&mut all).unwrap();
        let whole: [u8; 32] = Sha256::digest(bytes).into();
        assert_eq!(source.digest_before(bytes.len() as u64), Some(whole));
        assert!(digest_of(&bytes[..], 99).unwrap().is_none());
    }
}
