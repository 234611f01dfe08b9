//! 目視確認用パスコード: drawn, hashed, compared. What keeps four digits are the limit
//! on wrong entries ([`domain::passcode`]) and a secret that is not in the store
//! ([`PasscodeSecret`]).

mod entry;
mod secret;

use domain::passcode::{Passcode, PasscodeLife};

use crate::entropy::{Entropy, NoEntropy};
use crate::password::PasswordError;
use crate::state::AppState;

pub(crate) use entry::enter;
pub use secret::{PasscodeSecret, SecretError};

/// How passcodes are made and kept here.
#[derive(Debug, Clone)]
pub struct PasscodeRules {
    /// How long one is good.
    pub life: PasscodeLife,
    /// Goes into each hash.
    pub secret: PasscodeSecret,
}

/// How often two random bytes may be no passcode: about one time in eleven they
/// aren't, and a generator for which they never are is broken.
const MOST_DRAWS: u32 = 100;

/// Draws a passcode.
pub(crate) fn draw(entropy: &dyn Entropy) -> Result<Passcode, NoEntropy> {
    for _ in 0..MOST_DRAWS {
        if let Some(passcode) = Passcode::draw(entropy.bytes()?) {
            return Ok(passcode);
        }
    }
    Err(NoEntropy)
}

/// Hashes a passcode, when it is its turn.
pub(crate) async fn hash(state: &AppState, passcode: Passcode) -> Result<String, PasswordError> {
    let (secret, entropy) = (state.passcodes.secret.clone(), state.entropy.clone());
    let hash = move || secret.hash(&passcode, &*entropy);
    state.passwords.at_work(hash).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    /// Gives the same byte for ever.
    struct Stuck(u8);

    impl Entropy for Stuck {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
            bytes.fill(self.0);
            Ok(())
        }
    }

    #[test]
    fn a_broken_generator_draws_nothing() {
        assert!(draw(&SystemEntropy).is_ok());
        assert!(draw(&Stuck(0xff)).is_err(), "never below 60,000");
        assert!(draw(&Stuck(0)).is_err(), "0000");
    }
}
