//! Making accounts: on the command line and for the demo.

use domain::account::{Role, UserId};
use domain::audit::Action;
use domain::password::PasswordRule;
use domain::timestamp::Timestamp;
use thiserror::Error;

use crate::attempts;
use crate::entropy::Entropy;
use crate::password::{self, PasswordError};
use crate::store::{Account, AuditEvent, Audited, Institution, NewAccount, Store, StoreError};

/// Why an account could not be made or changed.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The ユーザID belongs to another account.
    #[error("the user ID “{0}” is taken; choose another one")]
    Taken(UserId),
    /// No account has the ユーザID.
    #[error("there is no account “{0}”; `account list` shows all of them")]
    NoSuchAccount(UserId),
    /// The password is too short or too long.
    #[error(
        "a password has at least {} characters and at most {} bytes",
        domain::password::LEAST_CHARACTERS,
        domain::password::MOST_BYTES
    )]
    PasswordLength,
    /// The password would be guessed.
    #[error("that password is the user ID or among the first to be guessed; choose another one")]
    PasswordGuessable,
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes accounts in a store.
pub struct Accounts<'a> {
    /// Where.
    pub store: &'a Store,
    /// For salts.
    pub entropy: &'a dyn Entropy,
    /// When.
    pub now: Timestamp,
}

impl Accounts<'_> {
    /// Adds an account.
    pub fn add(
        &self,
        institution: Institution,
        user_id: &UserId,
        role: Role,
        password: &str,
        is_demo: bool,
    ) -> Result<(), AccountError> {
        let password_hash = self.hash(user_id, password)?;
        let new = NewAccount {
            institution,
            user_id: user_id.clone(),
            role,
            password_hash,
            is_demo,
            one_time_until: None,
        };
        self.store
            .write_blocking(self.now, |writer| match writer.add_account(&new)? {
                Some(_) => {
                    let event = AuditEvent::new(Action::AccountAdded, None);
                    Ok(Audited::new((), event.outcome(user_id.as_str())))
                }
                None => Err(AccountError::Taken(user_id.clone())),
            })
    }

    /// Disables an account; its sessions end at once.
    pub fn disable(&self, user_id: &UserId) -> Result<(), AccountError> {
        let account = self.find(user_id)?;
        self.store.write_blocking(self.now, |writer| {
            writer.disable_account(account.id)?;
            let event = AuditEvent::new(Action::AccountDisabled, None);
            Ok(Audited::new((), event.outcome(user_id.as_str())))
        })
    }

    /// Gives an account a new password; its sessions end at once.
    pub fn reset_password(&self, user_id: &UserId, password: &str) -> Result<(), AccountError> {
        let account = self.find(user_id)?;
        let password_hash = self.hash(user_id, password)?;
        self.store.write_blocking(self.now, |writer| {
            writer.reset_password(account.id, &password_hash, None)?;
            writer.forget_failures(&attempts::at_account(user_id))?;
            let event = AuditEvent::new(Action::PasswordReset, None);
            Ok(Audited::new((), event.outcome(user_id.as_str())))
        })
    }

    /// Removes all passkeys of an account, because a device was lost; its sessions end.
    pub fn reset_passkeys(&self, user_id: &UserId) -> Result<(), AccountError> {
        let account = self.find(user_id)?;
        self.store.write_blocking(self.now, |writer| {
            writer.reset_passkeys(account.id)?;
            let event = AuditEvent::new(Action::PasskeysReset, None);
            Ok(Audited::new((), event.outcome(user_id.as_str())))
        })
    }

    fn find(&self, user_id: &UserId) -> Result<Account, AccountError> {
        let found = self.store.read_blocking(|reader| reader.account(user_id))?;
        found.ok_or_else(|| AccountError::NoSuchAccount(user_id.clone()))
    }

    fn hash(&self, user_id: &UserId, password: &str) -> Result<String, AccountError> {
        domain::password::check(password, user_id).map_err(|rule| match rule {
            PasswordRule::TooShort | PasswordRule::TooLong => AccountError::PasswordLength,
            PasswordRule::IsUserId | PasswordRule::Common | PasswordRule::Unchanged => {
                AccountError::PasswordGuessable
            }
        })?;
        Ok(password::hash(password, self.entropy)?)
    }
}
