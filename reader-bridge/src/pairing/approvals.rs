//! Origins that may come at all, and pages that need no code.

use std::fs;
use std::io;
use std::path::Path;

use protocol::bridge::Bytes;
use serde::Deserialize;
use thiserror::Error;

use crate::door::origin::Origin;

/// What the person who starts the bridge, and the administrator of the machine, allow.
#[derive(Debug, Clone, Default)]
pub struct Approvals {
    /// Origins whose pages may pair.
    allowed: Vec<Origin>,
    /// Pages that are let in without a code.
    approved: Vec<Approved>,
}

/// One line of the administrator's file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Approved {
    /// Whose pages.
    origin: Origin,
    /// Only the page with this key, if given ([`protocol::bridge::Hello::key`]).
    #[serde(default)]
    key: Option<String>,
}

/// The administrator's file can't be used.
#[derive(Debug, Error)]
pub enum ApprovalsError {
    /// It can't be read.
    #[error("{0} can't be read")]
    Unreadable(String, #[source] io::Error),
    /// It is not what it should be.
    #[error("{0} is not a list of {{\"origin\": …, \"key\": …}}")]
    Malformed(String, #[source] serde_json::Error),
}

impl Approvals {
    /// Lets pages of an origin pair.
    pub fn allow(&mut self, origin: Origin) {
        self.allowed.push(origin);
    }

    /// Lets pages of an origin in, whatever their key.
    pub fn approve(&mut self, origin: Origin) {
        self.approved.push(Approved { origin, key: None });
    }

    /// Adds an administrator's file: a JSON list of `{"origin": …, "key": …}`, the key
    /// optional.
    pub fn add_file(&mut self, path: &Path) -> Result<(), ApprovalsError> {
        let name = path.display().to_string();
        let text =
            fs::read(path).map_err(|error| ApprovalsError::Unreadable(name.clone(), error))?;
        let lines: Vec<Approved> = serde_json::from_slice(&text)
            .map_err(|error| ApprovalsError::Malformed(name, error))?;
        self.approved.extend(lines);
        Ok(())
    }

    /// Whether pages of an origin may come to the door at all.
    pub fn allows(&self, origin: &Origin) -> bool {
        self.origins().any(|allowed| allowed == origin)
    }

    /// Whether a page needs no code.
    pub fn approves(&self, origin: &Origin, key: &Bytes) -> bool {
        self.approved.iter().any(|approved| {
            approved.origin == *origin && approved.key.as_ref().is_none_or(|its| *its == key.0)
        })
    }

    /// Every origin that may come.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        let approved = self.approved.iter().map(|approved| &approved.origin);
        self.allowed.iter().chain(approved)
    }
}
