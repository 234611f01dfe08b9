//! Passkeys, by the library: what is asked of a browser, and whether its answer holds.
//!
//! User verification is required, as the library does for passkeys: a device that
//! lies on the counter must not be enough. Attestation is not asked for, so any
//! make of authenticator will do. A counter that does not grow refuses the log-in.

mod origin;

use domain::account::UserId;
use thiserror::Error;
use webauthn_rs::prelude::{
    CredentialID, Passkey, PasskeyAuthentication, PasskeyRegistration, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

pub use origin::{InvalidOrigin, Origin};

/// How long an answer is waited for, in seconds: the library's, and the standard's, advice.
pub(crate) const CHALLENGE_SECONDS: i64 = 5 * 60;

/// What people see of the service in their authenticator.
const NAME: &str = "資格確認 shikaku";

/// Origins that can't have passkeys together.
#[derive(Debug, Error)]
pub enum PasskeySetUpError {
    /// One is of another site than the first.
    #[error("{0} is neither the first --origin's host nor below it; passkeys are for one site")]
    OtherSite(Origin),
    /// None was given.
    #[error("passkeys need at least one origin")]
    NoOrigin,
    /// The library does not take them.
    #[error("passkeys can't be set up for these origins: {0}")]
    Library(#[from] WebauthnError),
}

/// Why an answer does not hold, or nothing could be asked.
#[derive(Debug, Error)]
pub(crate) enum PasskeyError {
    /// The browser's answer is none, or proves nothing.
    #[error("the passkey's answer does not hold")]
    Refused,
    /// What the store has of a passkey can't be read.
    #[error("a passkey in the store can't be read")]
    Unreadable(#[source] serde_json::Error),
    /// The library could not ask.
    #[error("a passkey could not be asked for: {0}")]
    Library(#[from] WebauthnError),
}

/// What is asked of a browser, and what is kept to check the answer; both JSON.
pub(crate) struct Question {
    pub(crate) options: String,
    pub(crate) state: String,
}

/// What an answer at a log-in proves.
pub(crate) struct Proof(webauthn_rs::prelude::AuthenticationResult);

/// A new passkey.
pub(crate) struct NewPasskey {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) credential: String,
}

/// Passkeys of one relying party: the host of the first origin.
#[derive(Debug)]
pub struct Passkeys {
    library: Webauthn,
    origins: Vec<Origin>,
}

impl Passkeys {
    /// For a service at these origins, the first of which names the relying party.
    pub fn new(origins: Vec<Origin>) -> Result<Self, PasskeySetUpError> {
        let (first, others) = origins.split_first().ok_or(PasskeySetUpError::NoOrigin)?;
        let mut builder = WebauthnBuilder::new(first.host(), first.url())?.rp_name(NAME);
        for other in others {
            if !other.is_at_or_below(first.host()) {
                return Err(PasskeySetUpError::OtherSite(other.clone()));
            }
            builder = builder.append_allowed_origin(other.url());
        }
        let library = builder.build()?;
        Ok(Self { library, origins })
    }

    /// Where they work, the first to be offered.
    pub(crate) fn origins(&self) -> Vec<String> {
        self.origins.iter().map(Origin::to_string).collect()
    }

    /// Asks for one of these passkeys.
    pub(crate) fn ask(&self, credentials: &[String]) -> Result<Question, PasskeyError> {
        let passkeys = read_all(credentials)?;
        let (options, state) = self.library.start_passkey_authentication(&passkeys)?;
        question(&options.public_key, &state)
    }

    /// Checks the answer to [`Self::ask`].
    pub(crate) fn check(&self, state: &str, answer: &str) -> Result<Proof, PasskeyError> {
        let state: PasskeyAuthentication = read(state)?;
        let answer = serde_json::from_str(answer).map_err(|_| PasskeyError::Refused)?;
        let checked = self.library.finish_passkey_authentication(&answer, &state);
        let result = checked.map_err(|_| PasskeyError::Refused)?;
        // The library has asked for it already; here it is law.
        if result.user_verified() {
            Ok(Proof(result))
        } else {
            Err(PasskeyError::Refused)
        }
    }

    /// Asks for a new passkey, other than these.
    pub(crate) fn invite(
        &self,
        user: [u8; 16],
        user_id: &UserId,
        known: &[String],
    ) -> Result<Question, PasskeyError> {
        let known = read_all(known)?.iter().map(id_of).collect();
        let (options, state) = self.library.start_passkey_registration(
            Uuid::from_bytes(user),
            user_id.as_str(),
            user_id.as_str(),
            Some(known),
        )?;
        question(&options.public_key, &state)
    }

    /// Checks the answer to [`Self::invite`].
    pub(crate) fn register(&self, state: &str, answer: &str) -> Result<NewPasskey, PasskeyError> {
        let state: PasskeyRegistration = read(state)?;
        let answer = serde_json::from_str(answer).map_err(|_| PasskeyError::Refused)?;
        let registered = self.library.finish_passkey_registration(&answer, &state);
        let passkey = registered.map_err(|_| PasskeyError::Refused)?;
        Ok(NewPasskey {
            credential_id: passkey.cred_id().clone(),
            credential: write(&passkey)?,
        })
    }
}

impl Proof {
    /// What becomes of a kept passkey, if it is the one that answered. Its counter
    /// and whether it is backed up may have changed.
    pub(crate) fn apply_to(&self, credential: &str) -> Result<Option<String>, PasskeyError> {
        let mut passkey: Passkey = read(credential)?;
        match passkey.update_credential(&self.0) {
            Some(_) => write(&passkey).map(Some),
            None => Ok(None),
        }
    }
}

fn id_of(passkey: &Passkey) -> CredentialID {
    passkey.cred_id().clone()
}

fn question(
    options: &impl serde::Serialize,
    state: &impl serde::Serialize,
) -> Result<Question, PasskeyError> {
    Ok(Question {
        options: write(options)?,
        state: write(state)?,
    })
}

fn read_all(credentials: &[String]) -> Result<Vec<Passkey>, PasskeyError> {
    credentials
        .iter()
        .map(|credential| read(credential))
        .collect()
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(json).map_err(PasskeyError::Unreadable)
}

fn write(value: &impl serde::Serialize) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(PasskeyError::Unreadable)
}
