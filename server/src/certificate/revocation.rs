//! Whether a certificate was revoked. JPKI tells that to certain bodies only (公的個人認証法
//! 17条), so where the answer comes from is open; here from a file.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use thiserror::Error;

use super::serial::SerialNumber;

/// Knows which certificates were revoked.
pub trait Revocation: Send + Sync {
    /// Whether this one was.
    fn is_revoked(&self, serial: &SerialNumber) -> bool;
}

/// Knows of none.
#[derive(Debug, Clone, Copy)]
pub struct NothingRevoked;

impl Revocation for NothingRevoked {
    fn is_revoked(&self, _: &SerialNumber) -> bool {
        false
    }
}

/// The list of revoked certificates can't be used.
#[derive(Debug, Error)]
pub enum RevocationError {
    /// It can't be read.
    #[error("{path} can't be read")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is no serial number.
    #[error("{path}, line {line}: not a serial number in hexadecimal")]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
}

/// A file of serial numbers in hexadecimal, one a line, `#` before remarks. Read again
/// when it was changed; while it can't be read, what was read last holds.
pub struct RevokedSerials {
    path: PathBuf,
    list: Mutex<List>,
}

struct List {
    stamp: Stamp,
    serials: HashSet<SerialNumber>,
}

/// By what a changed file is known: when it was written, and its length.
type Stamp = (SystemTime, u64);

impl RevokedSerials {
    /// Reads the list.
    pub fn load(path: &Path) -> Result<Self, RevocationError> {
        Ok(Self {
            path: path.to_owned(),
            list: Mutex::new(List::read(path)?),
        })
    }

    fn up_to_date(&self) -> MutexGuard<'_, List> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = stamp(&self.path).is_ok_and(|stamp| stamp == list.stamp);
        if !is_same {
            match List::read(&self.path) {
                Ok(read) => *list = read,
                Err(error) => {
                    tracing::error!(%error, "the list of revoked certificates is out of date");
                }
            }
        }
        list
    }
}

impl Revocation for RevokedSerials {
    fn is_revoked(&self, serial: &SerialNumber) -> bool {
        self.up_to_date().serials.contains(serial)
    }
}

impl List {
    fn read(path: &Path) -> Result<Self, RevocationError> {
        let failed = |source| RevocationError::File {
            path: path.to_owned(),
            source,
        };
        // The stamp first: what is written in between is read again.
        let stamp = stamp(path).map_err(failed)?;
        let text = fs::read_to_string(path).map_err(failed)?;
        let mut serials = HashSet::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let serial = SerialNumber::from_hexadecimal(line);
            serials.insert(serial.ok_or_else(|| RevocationError::Line {
                path: path.to_owned(),
                line: index + 1,
            })?);
        }
        Ok(Self { stamp, serials })
    }
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.modified()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(text: &str) -> SerialNumber {
        SerialNumber::from_hexadecimal(text).unwrap()
    }

    #[test]
    fn the_list_is_read_again_when_it_changes_and_kept_when_it_is_damaged() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("revoked");
        assert!(matches!(
            RevokedSerials::load(&path),
            Err(RevocationError::File { .. })
        ));
        fs::write(&path, "# 2026\n\n0aB1 # lost\n").unwrap();
        let list = RevokedSerials::load(&path).unwrap();
        assert!(list.is_revoked(&serial("AB1")));
        assert!(!list.is_revoked(&serial("AB2")));
        fs::write(&path, "AB1\nAB2\n").unwrap();
        assert!(list.is_revoked(&serial("AB2")));
        fs::write(&path, "AB1\nAB2\nAB 3\n").unwrap();
        assert!(list.is_revoked(&serial("AB2")));
        assert!(matches!(
            RevokedSerials::load(&path),
            Err(RevocationError::Line { line: 3, .. })
        ));
        fs::remove_file(&path).unwrap();
        assert!(list.is_revoked(&serial("AB1")));
    }
}
