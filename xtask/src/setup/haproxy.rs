//! The load balancer of the example of many machines. What Debian's package starts by itself
//! listens nowhere.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::apt;
use crate::command::{find, in_folder};
use crate::progress;

const NAME: &str = "HAProxy";
const WHY: &str = "two servers are one address behind it, when each is killed in turn";

/// Where Debian puts it, which only root has on `PATH`.
const FOLDER: &str = "/usr/sbin";

pub(super) fn ensure() -> Result<PathBuf> {
    if program().is_none() {
        apt::install(&["haproxy"], NAME, WHY)?;
    }
    let program = program().context("haproxy was installed, but is not there")?;
    progress::found(NAME, WHY, &program.display().to_string());
    Ok(program)
}

fn program() -> Option<PathBuf> {
    find("haproxy").or_else(|| in_folder(Path::new(FOLDER), "haproxy"))
}
