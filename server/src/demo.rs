//! The demo mode: public accounts and invented persons, on loopback only.

use domain::account::Role;
use protocol::http::DemoAccount;
use thiserror::Error;

use crate::accounts::{AccountError, Accounts};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::generate::{self, Generator};
use crate::import::{self, ImportError, Progress, Rejections, Target};
use crate::store::{Institution, Store, StoreError};

/// The password of every demo account.
const PASSWORD: &str = "shikaku-demo";

/// ユーザID, role, 医療機関コード, name.
const ACCOUNTS: [(&str, Role, &str, &str); 3] = [
    (
        "admin",
        Role::Administrator,
        "1311234569",
        "新橋サンプルクリニック",
    ),
    ("staff", Role::Staff, "1311234569", "新橋サンプルクリニック"),
    (
        "operator",
        Role::Operator,
        "1300000005",
        "医療保険情報提供等実施機関（サンプル）",
    ),
];

/// Generated persons beside those of the source document.
const PERSONS: u64 = 2_000;
const SEED: u64 = 20_210_326;

/// The two persons of the source document's list, in the import format.
const SOURCE_DOCUMENT: &[u8] = include_bytes!("demo/source-document.csv");

/// The demo could not be set up.
#[derive(Debug, Error)]
pub enum DemoError {
    /// An account could not be made.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The persons could not be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The persons could not be generated.
    #[error(transparent)]
    Generate(#[from] generate::GenerateError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The accounts as the log-in page shows them.
pub(crate) fn accounts() -> Vec<DemoAccount> {
    let account = |(user_id, role, ..): (&str, Role, &str, &str)| {
        let user_id = user_id.parse().ok()?;
        Some(DemoAccount {
            user_id,
            password: PASSWORD.to_owned(),
            role,
        })
    };
    ACCOUNTS.into_iter().filter_map(account).collect()
}

/// Fills a store with the demo. Done again after an interruption it adds what is missing.
pub fn set_up(store: &Store, clock: &dyn Clock, entropy: &dyn Entropy) -> Result<(), DemoError> {
    for (user_id, role, code, name) in ACCOUNTS {
        let (Ok(user_id), Ok(code)) = (user_id.parse(), code.parse()) else {
            continue;
        };
        let institution = Institution {
            medical_institution_code: code,
            name: name.to_owned(),
        };
        let accounts = Accounts {
            store,
            entropy,
            now: clock.now(),
        };
        match accounts.add(institution, &user_id, role, PASSWORD, true) {
            Ok(()) | Err(AccountError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut generated = Vec::new();
    Generator::new(SEED).write(PERSONS, &mut generated)?;
    for file in [SOURCE_DOCUMENT, &generated] {
        let target = Target {
            store,
            clock,
            rejections: &mut Rejections::none(),
            progress: &mut Silent,
        };
        import::import(target, file, None)?;
    }
    Ok(())
}

/// Two thousand persons take no time worth showing.
struct Silent;

impl Progress for Silent {
    fn advance(&mut self, _: u64) {}
}
