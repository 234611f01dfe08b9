//! Which parts of the runs are done with: the persons are in the store, and what comes
//! after them is in runs of its own, on disk. It stands beside the runs.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::run::Part;
use super::state::Counts;

const NAME: &str = "reached";
const NEXT: &str = "reached.next";

/// How far the parts are done with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// The last one.
    pub(super) part: Option<Part>,
    /// Rows of the file that were gone through.
    pub(super) done: u64,
    pub(super) key_runs: usize,
    /// Entries in these.
    pub(super) keys: u64,
    pub(super) rest_runs: usize,
    pub(super) counts: Counts,
}

impl Reached {
    /// What stands in the folder; nothing where nothing does.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        match fs::read(folder.join(NAME)) {
            Ok(text) => Ok(serde_json::from_slice(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// It is on disk when this returns, and so are the names of all files.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let next = folder.join(NEXT);
        let mut file = File::create(&next)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_data()?;
        fs::rename(next, folder.join(NAME))?;
        if cfg!(unix) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}
