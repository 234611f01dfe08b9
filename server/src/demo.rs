//! The demo mode: public accounts and invented persons, on loopback only.

mod institutions;

use domain::account::Role;
use domain::opening::EmailAddress;
use protocol::http::DemoAccount;
use thiserror::Error;

pub use institutions::register as register_institutions;

use crate::accounts::{AccountError, Accounts};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::generate::{self, Generator};
use crate::import::{self, ImportError, Progress, Rejections, Target};
use crate::store::{Institution, Pairing, Store, StoreError, Writer};

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

/// Nobody reads it: `example.jp` is for examples.
const REPORT_ADDRESS: &str = "houkoku@jisshikikan.example.jp";

/// Generated persons beside those of the source document.
const PERSONS: u64 = 2_000;
const SEED: u64 = 20_210_326;

/// Reader screens that browsers may make of themselves.
const MOST_READER_SCREENS: usize = 20;

/// The two persons of the source document's list, in the import format. The first one's
/// card is the valid one of the demo's cards (`card::demo`), the second one's the expired one.
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

/// Where the demo's report forms come from.
pub(crate) fn report_address() -> Option<EmailAddress> {
    REPORT_ADDRESS.parse().ok()
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

/// A reader screen of the demo's clinic, under a name that is free; `None` when the clinic
/// has too many.
pub(crate) fn reader_screen(writer: &Writer<'_>) -> Result<Option<Pairing>, StoreError> {
    let (_, _, code, _) = ACCOUNTS[0];
    let Ok(code) = code.parse() else {
        return Ok(None);
    };
    let Some(institution_id) = writer.institution_number(&code)? else {
        return Ok(None);
    };
    let screens = writer.reader_screens(institution_id)?;
    let is_free = |name: &String| screens.iter().all(|screen| screen.name != *name);
    let mut names = (1..=MOST_READER_SCREENS).map(|number| format!("読取画面{number}"));
    let name = names.find(is_free);
    Ok(name.map(|name| Pairing {
        institution_id,
        name,
    }))
}

/// Two thousand persons take no time worth showing.
struct Silent;

impl Progress for Silent {
    fn advance(&mut self, _: u64) {}
}
