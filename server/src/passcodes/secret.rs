//! The secret that goes into each passcode's hash: whoever has the store alone can't
//! try four digits on it. A file beside the store, so that a copy of the store is not
//! a copy of the secret.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use domain::passcode::Passcode;
use thiserror::Error;

use crate::entropy::{Entropy, NoEntropy};
use crate::password::{Hasher, PasswordError};

/// The secret's length in bytes.
const LENGTH: usize = 32;

/// Thirty-two random bytes.
#[derive(Clone)]
pub struct PasscodeSecret(Arc<[u8; LENGTH]>);

impl fmt::Debug for PasscodeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasscodeSecret(masked)")
    }
}

/// The secret can't be had.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The file can't be read or made.
    #[error("{path} can't be used")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error(
        "{0} is no secret of 32 bytes; remove it, and a new one is made at the next start \
         (the passcode in force has to be issued again)"
    )]
    Length(PathBuf),
    /// Others of the machine may read the file.
    #[error("{0} can be read by others; take that away with chmod 600")]
    Open(PathBuf),
    /// No randomness to make one of.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

impl PasscodeSecret {
    /// A new one, which lasts as long as it is kept.
    pub fn new(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(Arc::new(entropy.bytes()?)))
    }

    /// The secret of a file, which is made, for its owner only, where there is none.
    pub fn load_or_make(path: &Path, entropy: &dyn Entropy) -> Result<Self, SecretError> {
        let failed = |source| SecretError::File {
            path: path.to_owned(),
            source,
        };
        match make(path) {
            Ok(mut file) => {
                let secret = Self::new(entropy)?;
                file.write_all(&*secret.0).map_err(failed)?;
                file.sync_all().map_err(failed)?;
                Ok(secret)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if is_open_to_others(path).map_err(failed)? {
                    return Err(SecretError::Open(path.to_owned()));
                }
                let bytes = fs::read(path).map_err(failed)?;
                let secret = bytes.try_into();
                let secret = secret.map_err(|_| SecretError::Length(path.to_owned()))?;
                Ok(Self(Arc::new(secret)))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Hashes a passcode with a fresh salt, as a PHC string. Takes as long as a
    /// password does.
    pub(super) fn hash(
        &self,
        passcode: &Passcode,
        entropy: &dyn Entropy,
    ) -> Result<String, PasswordError> {
        let salt: [u8; 16] = entropy.bytes()?;
        let hash = self
            .hasher()
            .hash(passcode.as_str().as_bytes(), &salt)
            .map_err(PasswordError::Hash)?;
        Ok(hash.to_string())
    }

    /// Whether an entry is the passcode of a hash.
    pub(super) fn fits(&self, entry: &Passcode, hash: &str) -> Result<bool, PasswordError> {
        let hash = PasswordHash::new(hash).map_err(|error| PasswordError::Hash(error.into()))?;
        let entry = entry.as_str().as_bytes();
        match self.hasher().verify_password(entry, &hash) {
            Ok(()) => Ok(true),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(PasswordError::Hash(error)),
        }
    }

    fn hasher(&self) -> Hasher<'_> {
        Hasher::with_secret(&*self.0)
    }
}

#[cfg(unix)]
fn make(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Elsewhere the folder's own rights have to do.
#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    fn passcode(text: &str) -> Passcode {
        text.parse().unwrap()
    }

    #[test]
    fn a_hash_is_of_no_use_without_the_secret() {
        let secret = PasscodeSecret::new(&SystemEntropy).unwrap();
        let other = PasscodeSecret::new(&SystemEntropy).unwrap();
        let hash = secret.hash(&passcode("0427"), &SystemEntropy).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        assert!(secret.fits(&passcode("0427"), &hash).unwrap());
        assert!(!secret.fits(&passcode("0428"), &hash).unwrap());
        assert!(!other.fits(&passcode("0427"), &hash).unwrap());
        assert!(secret.fits(&passcode("0427"), "damaged").is_err());
        assert_eq!(format!("{secret:?}"), "PasscodeSecret(masked)");
    }

    #[test]
    fn the_file_is_made_once_for_its_owner() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        let load = || PasscodeSecret::load_or_make(&path, &SystemEntropy);
        let made = load().unwrap();
        assert_eq!(made.0, load().unwrap().0);
        assert_eq!(fs::read(&path).unwrap(), *made.0);
        assert!(!is_open_to_others(&path).unwrap());
        fs::write(&path, "short").unwrap();
        assert!(matches!(load(), Err(SecretError::Length(_))));
        let nowhere = directory.path().join("nowhere/secret");
        let nowhere = PasscodeSecret::load_or_make(&nowhere, &SystemEntropy);
        assert!(matches!(nowhere, Err(SecretError::File { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        PasscodeSecret::load_or_make(&path, &SystemEntropy).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let loaded = PasscodeSecret::load_or_make(&path, &SystemEntropy);
        assert!(matches!(loaded, Err(SecretError::Open(_))));
    }
}
