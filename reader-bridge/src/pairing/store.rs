//! Pairings that were accepted, in a file of the user's own.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use protocol::bridge::Bytes;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use thiserror::Error;

use super::keys::{BridgeKey, fingerprint};
use crate::door::origin::Origin;

/// A page that was paired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// A short name for its key, for people.
    pub id: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its key, as in [`protocol::bridge::Hello::key`].
    pub key: String,
    /// How it called itself.
    pub label: String,
    /// When it was paired, in milliseconds since 1970.
    pub since: u64,
}

/// The file can't be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It can't be read or written.
    #[error("{0} can't be used")]
    Io(PathBuf, #[source] io::Error),
    /// It is damaged.
    #[error("{0} is damaged; without it every page has to be paired anew")]
    Damaged(PathBuf),
}

/// The pairings of a user. Read anew each time: another program may have revoked one.
pub struct PairingStore {
    folder: PathBuf,
    /// One change at a time.
    changing: Mutex<()>,
}

impl PairingStore {
    /// The store in that folder, which is made if it is not there.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|error| StoreError::Io(folder.to_owned(), error))?;
        Ok(Self {
            folder: folder.to_owned(),
            changing: Mutex::new(()),
        })
    }

    /// The bridge's own key, made when it is first wanted.
    pub fn bridge_key(&self) -> Result<BridgeKey, StoreError> {
        let path = self.folder.join("bridge-key");
        match fs::read(&path) {
            Ok(bytes) => BridgeKey::from_bytes(&bytes).map_err(|_| StoreError::Damaged(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = BridgeKey::generate().map_err(|_| {
                    StoreError::Io(path.clone(), io::Error::other("no random bytes"))
                })?;
                self.write(&path, &key.to_bytes())?;
                Ok(key)
            }
            Err(error) => Err(StoreError::Io(path, error)),
        }
    }

    /// All of them.
    pub fn list(&self) -> Result<Vec<Pairing>, StoreError> {
        let path = self.path();
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|_| StoreError::Damaged(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(StoreError::Io(path, error)),
        }
    }

    /// The pairing of that page.
    pub fn find(&self, origin: &Origin, key: &Bytes) -> Result<Option<Pairing>, StoreError> {
        let mut all = self.list()?.into_iter();
        Ok(all.find(|pairing| pairing.origin == *origin && pairing.key == key.0))
    }

    /// Keeps a page that was accepted.
    pub fn add(
        &self,
        origin: &Origin,
        key: &Bytes,
        label: &str,
        since: u64,
    ) -> Result<Pairing, StoreError> {
        let pairing = Pairing {
            id: fingerprint(&key.0),
            origin: origin.clone(),
            key: key.0.clone(),
            label: label.to_owned(),
            since,
        };
        self.change(|all| {
            all.retain(|other| other.origin != *origin || other.key != key.0);
            all.push(pairing.clone());
        })?;
        Ok(pairing)
    }

    /// Forgets the pairings of that short name; tells how many there were.
    pub fn revoke(&self, id: &str) -> Result<usize, StoreError> {
        let mut revoked = 0;
        self.change(|all| {
            let before = all.len();
            all.retain(|pairing| pairing.id != id);
            revoked = before - all.len();
        })?;
        Ok(revoked)
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Pairing>)) -> Result<(), StoreError> {
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.list()?;
        change(&mut all);
        let text = serde_json::to_vec_pretty(&all)
            .map_err(|error| StoreError::Io(self.path(), error.into()))?;
        self.write(&self.path(), &text)
    }

    /// Replaces a file as a whole. The library makes it for the owner only.
    fn write(&self, path: &Path, contents: &[u8]) -> Result<(), StoreError> {
        let write = || -> io::Result<()> {
            let mut file = NamedTempFile::new_in(&self.folder)?;
            file.write_all(contents)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|error| StoreError::Io(path.to_owned(), error))
    }

    fn path(&self) -> PathBuf {
        self.folder.join("pairings.json")
    }
}
