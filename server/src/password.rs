//! Passwords, kept as Argon2id hashes with the library's current parameters.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::entropy::{Entropy, NoEntropy};

/// Passwords at work at once: each takes a core and 19 MiB.
const AT_ONCE: usize = 2;

/// A password could not be hashed or checked.
#[derive(Debug, Error)]
pub enum PasswordError {
    /// No randomness for the salt.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The library refused, or the stored hash is damaged.
    #[error("the password could not be processed: {0}")]
    Hash(argon2::password_hash::Error),
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopped,
}

/// Hashes a password with a fresh salt, as a PHC string.
pub fn hash(password: &str, entropy: &dyn Entropy) -> Result<String, PasswordError> {
    let salt: [u8; 16] = entropy.bytes()?;
    let hash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Checks passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// A hash of nothing that anybody knows: checking against it makes an
    /// unknown account take as long as a known one.
    nobody: Arc<str>,
}

impl Passwords {
    /// Prepares the hash that stands for unknown accounts.
    pub fn new(entropy: &dyn Entropy) -> Result<Self, PasswordError> {
        let unknown: [u8; 16] = entropy.bytes()?;
        let nobody = hash(&format!("{unknown:?}"), entropy)?;
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: nobody.into(),
        })
    }

    /// Whether the password fits the hash; `None` is an account that is not
    /// there, and never fits.
    pub async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        let nobody = Arc::clone(&self.nobody);
        self.at_work(move || {
            let fits = fits(&password, hash.as_deref().unwrap_or(&nobody))?;
            Ok(fits && hash.is_some())
        })
        .await
    }

    /// [`hash`] on a thread that may block.
    pub async fn hash(
        &self,
        password: String,
        entropy: Arc<dyn Entropy>,
    ) -> Result<String, PasswordError> {
        self.at_work(move || hash(&password, &*entropy)).await
    }

    /// Hashes or checks something, when it is its turn, on a thread that may block.
    pub(crate) async fn at_work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| PasswordError::Stopped)?;
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.map_err(|_| PasswordError::Stopped)?
    }
}

/// Makes up a one-time password: three groups of four of the letters and digits
/// that can't be taken for each other (Crockford's base 32), 60 bits.
pub fn make_up(entropy: &dyn Entropy) -> Result<String, NoEntropy> {
    const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bytes: [u8; 12] = entropy.bytes()?;
    let symbol = |byte: &u8| char::from(SYMBOLS[usize::from(byte % 32)]);
    let groups: Vec<String> = bytes
        .chunks(4)
        .map(|group| group.iter().map(symbol).collect())
        .collect();
    Ok(groups.join("-"))
}

fn fits(password: &str, hash: &str) -> Result<bool, PasswordError> {
    let hash = PasswordHash::new(hash).map_err(|error| PasswordError::Hash(error.into()))?;
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::Hash(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_account_fits() {
        let hash = hash("shikaku-demo", &SystemEntropy).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        let passwords = Passwords::new(&SystemEntropy).unwrap();
        let table = [
            ("shikaku-demo", Some(&hash), true),
            ("shikaku-dem0", Some(&hash), false),
            ("", Some(&hash), false),
            ("shikaku-demo", None, false),
        ];
        for (password, hash, expected) in table {
            let fits = passwords
                .verify(password.to_owned(), hash.cloned())
                .await
                .unwrap();
            assert_eq!(fits, expected, "{password}");
        }
        assert!(
            passwords
                .verify("x".to_owned(), Some("damaged".to_owned()))
                .await
                .is_err()
        );
    }
}
