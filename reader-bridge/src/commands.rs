//! What each command does.

mod client;
pub mod doctor;
pub mod pair;
pub mod run;

use serde::{Deserialize, Serialize};

use crate::announce;
use crate::cli::Command;
use crate::door::origin::Origin;

/// What another run of this program tells the running one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Accept the page that shows this code.
    Accept(String),
    /// Forget the pairings of that name.
    Revoke(String),
    /// Say whose pages may come.
    Origins,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Controlled {
    /// The page is paired.
    Accepted {
        /// Where it comes from.
        origin: String,
        /// How it calls itself.
        label: String,
    },
    /// No page shows that code, or several do.
    NoSuchCode,
    /// So many pairings were forgotten.
    Revoked(usize),
    /// Pages of these may come: what it was started with.
    Origins(Vec<Origin>),
    /// The file of pairings could not be written.
    Failed(String),
}

/// Does what the command line says. The number is the process's status.
pub fn dispatch(command: &Command) -> anyhow::Result<u8> {
    match command {
        Command::Run(arguments) => run::run(arguments).map(|()| 0),
        Command::Pair(arguments) => pair::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Version => {
            let version = crate::router::own_version();
            announce::say(&format!(
                "{} {} (protocol {}–{})",
                version.name, version.version, version.protocol.least, version.protocol.most
            ));
            Ok(0)
        }
    }
}
