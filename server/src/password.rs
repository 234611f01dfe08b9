//! Passwords, kept as Argon2id hashes with the library's current parameters.

mod hasher;

use std::sync::Arc;

use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use domain::account::Role;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::entropy::{Entropy, NoEntropy};

pub(crate) use hasher::Hasher;

/// Passwords at work at once: each takes a core and 19 MiB.
const AT_ONCE: usize = 2;

/// Log-ins that wait at most: the last one waits some seconds.
const MOST_PLACES: usize = 256;

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
    let hash = Hasher::default()
        .hash(password.as_bytes(), &salt)
        .map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Whose passwords are checked in their own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Those of operators.
    Operators,
    /// All others, also of accounts that are not there.
    Everybody,
}

impl From<Role> for Line {
    fn from(role: Role) -> Self {
        if role.may_operate() {
            Self::Operators
        } else {
            Self::Everybody
        }
    }
}

/// A place to have a password checked.
pub(crate) struct Place {
    permits: Arc<Semaphore>,
    _held: Option<OwnedSemaphorePermit>,
}

/// Checks passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Operators open functions: they need not wait behind a morning's log-ins.
    of_operators: Arc<Semaphore>,
    /// Log-ins that have a place, waiting or at work.
    places: Arc<Semaphore>,
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
            of_operators: Arc::new(Semaphore::new(1)),
            places: Arc::new(Semaphore::new(MOST_PLACES)),
            nobody: nobody.into(),
        })
    }

    /// A place to have a password checked; `None` when too many wait. To be taken before the
    /// attempt is counted: who is sent away has not failed.
    pub(crate) fn place(&self, line: Line) -> Option<Place> {
        match line {
            Line::Operators => Some(Place {
                permits: Arc::clone(&self.of_operators),
                _held: None,
            }),
            Line::Everybody => Some(Place {
                permits: Arc::clone(&self.permits),
                _held: Some(Arc::clone(&self.places).try_acquire_owned().ok()?),
            }),
        }
    }

    /// Whether the password fits the hash; `None` is an account that is not
    /// there, and never fits.
    pub(crate) async fn verify(
        &self,
        place: Place,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        let nobody = Arc::clone(&self.nobody);
        let permits = Arc::clone(&place.permits);
        at_work(permits, move || {
            let _place = place;
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
        at_work(Arc::clone(&self.permits), work).await
    }
}

async fn at_work<T: Send + 'static>(
    permits: Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
) -> Result<T, PasswordError> {
    let permit = permits.acquire_owned().await;
    let permit = permit.map_err(|_| PasswordError::Stopped)?;
    let task = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    });
    task.await.map_err(|_| PasswordError::Stopped)?
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
    match Hasher::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::Hash(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    fn place(passwords: &Passwords) -> Place {
        passwords.place(Line::Everybody).unwrap()
    }

    #[test]
    fn places_come_back_and_operators_always_have_one() {
        let passwords = Passwords::new(&SystemEntropy).unwrap();
        let mut places: Vec<_> = (0..MOST_PLACES).map(|_| place(&passwords)).collect();
        assert!(passwords.place(Line::Everybody).is_none());
        assert!(passwords.place(Line::Operators).is_some());
        places.pop();
        assert!(passwords.place(Line::Everybody).is_some());
    }

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
                .verify(place(&passwords), password.to_owned(), hash.cloned())
                .await
                .unwrap();
            assert_eq!(fits, expected, "{password}");
        }
        assert!(
            passwords
                .verify(
                    place(&passwords),
                    "x".to_owned(),
                    Some("damaged".to_owned())
                )
                .await
                .is_err()
        );
    }
}
