//! Files of this user's bridge.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use directories::ProjectDirs;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

/// Where another run of this program tells the running one something.
pub const CONTROL_PATH: &str = "/control";

/// The running bridge, as its other runs find it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    /// Its process.
    pub pid: u32,
    /// Its port on loopback.
    pub port: u16,
    /// What it must be told to be told something.
    pub token: String,
}

/// The folder of pairings: the one that is named, or the user's own.
pub fn folder(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let user = ProjectDirs::from("", "shikaku", "shikaku-reader-bridge")
        .context("this user has no home folder; name one with --data")?;
    Ok(user.data_local_dir().to_owned())
}

/// Where the administrator's approvals are unless named otherwise.
pub fn approvals() -> PathBuf {
    if cfg!(windows) {
        let root = std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
        PathBuf::from(root).join(r"shikaku\reader-bridge-approvals.json")
    } else if cfg!(target_os = "macos") {
        "/Library/Application Support/shikaku/reader-bridge-approvals.json".into()
    } else {
        "/etc/shikaku/reader-bridge-approvals.json".into()
    }
}

/// Keeps others from running in the same folder, as long as it lives.
#[derive(Debug)]
pub struct Presence {
    _lock: File,
    path: PathBuf,
}

/// Takes the folder for this run. `None` if another run has it.
pub fn take(folder: &Path) -> anyhow::Result<Option<Presence>> {
    fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    let path = folder.join("lock");
    let lock = File::create(&path).with_context(|| format!("{}", path.display()))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(Presence {
            _lock: lock,
            path: folder.join("running.json"),
        })),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error).context("the folder can't be locked"),
    }
}

impl Presence {
    /// Tells other runs where this one is. The library makes the file for its owner only.
    pub fn tell(&self, running: &Running) -> anyhow::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(running)?)?;
        file.persist(&self.path)?;
        Ok(())
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The bridge that runs in a folder, if one does.
pub fn running(folder: &Path) -> anyhow::Result<Option<Running>> {
    match fs::read(folder.join("running.json")) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
