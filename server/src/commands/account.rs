//! `account add|list|disable|reset-password|reset-passkeys`.

use std::io::{BufRead as _, stdin};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::accounts::Accounts;
use crate::cli::{AccountCommand, PasswordArgs, StoreArgs};
use crate::clock::{Clock as _, SystemClock};
use crate::entropy::{Entropy, SystemEntropy};
use crate::store::{Institution, Store};

/// Runs a command on accounts.
pub fn run(command: &AccountCommand) -> anyhow::Result<()> {
    let store = Store::open(&store_args(command).location())?;
    let accounts = Accounts {
        store: &store,
        entropy: &SystemEntropy,
        now: SystemClock.now(),
    };
    match command {
        AccountCommand::Add {
            user_id,
            role,
            institution_code,
            institution_name,
            password,
            ..
        } => {
            let institution = institution(&store, institution_code, institution_name.as_deref())?;
            let password = Password::take(*password)?;
            accounts.add(institution, user_id, *role, &password.text, false)?;
            println!("added {user_id} ({})", role.label());
            password.show();
        }
        AccountCommand::List { .. } => list(&store)?,
        AccountCommand::Disable { user_id, .. } => {
            accounts.disable(user_id)?;
            println!("disabled {user_id}; its sessions have ended");
        }
        AccountCommand::ResetPassword {
            user_id, password, ..
        } => {
            let password = Password::take(*password)?;
            accounts.reset_password(user_id, &password.text)?;
            println!("{user_id} has a new password; its sessions have ended");
            password.show();
        }
        AccountCommand::ResetPasskeys { user_id, .. } => {
            accounts.reset_passkeys(user_id)?;
            println!("{user_id} has no passkeys any more; its sessions have ended");
        }
    }
    Ok(())
}

const fn store_args(command: &AccountCommand) -> &StoreArgs {
    match command {
        AccountCommand::Add { store, .. }
        | AccountCommand::List { store }
        | AccountCommand::Disable { store, .. }
        | AccountCommand::ResetPassword { store, .. }
        | AccountCommand::ResetPasskeys { store, .. } => store,
    }
}

fn institution(
    store: &Store,
    code: &domain::identifier::MedicalInstitutionCode,
    name: Option<&str>,
) -> anyhow::Result<Institution> {
    if !code.has_valid_check_digit() {
        eprintln!("note: the check digit of {code} does not fit; is it typed right?");
    }
    let known = store.read_blocking(|reader| reader.institution(code))?;
    match (known, name.map(str::trim).filter(|name| !name.is_empty())) {
        (Some(known), Some(name)) if known.name != name => {
            bail!("{code} is “{}”; leave --institution-name out", known.name)
        }
        (Some(known), _) => Ok(known),
        (None, Some(name)) => Ok(Institution {
            medical_institution_code: code.clone(),
            name: name.to_owned(),
        }),
        (None, None) => {
            bail!("{code} has no account yet; say its name with --institution-name")
        }
    }
}

fn list(store: &Store) -> anyhow::Result<()> {
    for account in store.read_blocking(|reader| reader.accounts())? {
        let state = match (account.is_disabled, account.is_demo) {
            (true, _) => "disabled",
            (false, true) => "demo",
            (false, false) => "enabled",
        };
        println!(
            "{}\t{}\t{}\t{}\t{state}",
            account.institution.medical_institution_code,
            account.user_id,
            account.role.code(),
            account.institution.name,
        );
    }
    Ok(())
}

struct Password {
    text: String,
    is_made_up: bool,
}

impl Password {
    fn take(arguments: PasswordArgs) -> anyhow::Result<Self> {
        if arguments.password_stdin {
            let mut line = String::new();
            stdin()
                .lock()
                .read_line(&mut line)
                .context("the password could not be read")?;
            let text = line.trim_end_matches(['\r', '\n']).to_owned();
            return Ok(Self {
                text,
                is_made_up: false,
            });
        }
        let entropy: &dyn Entropy = &SystemEntropy;
        let text = URL_SAFE_NO_PAD.encode(entropy.bytes::<12>()?);
        Ok(Self {
            text,
            is_made_up: true,
        })
    }

    fn show(&self) {
        if self.is_made_up {
            println!("password: {}   (shown only now)", self.text);
        }
    }
}
