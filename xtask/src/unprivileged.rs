//! Whom programs run as that refuse to run as root.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{answer, command, run};

/// `PostgreSQL` refuses to run as root.
#[derive(Debug)]
pub(crate) enum Unprivileged {
    /// Whoever runs this is.
    Already,
    /// The user that Debian's package makes.
    Postgres,
}

impl Unprivileged {
    /// Whom it may run as here.
    pub(crate) fn find() -> Result<Self> {
        if answer(command("id").arg("-u")).as_deref() != Some("0") {
            return Ok(Self::Already);
        }
        if answer(command("id").args(["-u", "postgres"])).is_none() {
            bail!("PostgreSQL does not run as root, and there is no user postgres");
        }
        Ok(Self::Postgres)
    }

    /// Gives it a folder, with all that is in it.
    pub(crate) fn own(&self, folder: &Path) -> Result<()> {
        match self {
            Self::Already => Ok(()),
            Self::Postgres => run(command("chown").args(["-R", "postgres"]).arg(folder)),
        }
    }

    /// In place of itself, so that who is stopped is the server.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::Already => command(program),
            Self::Postgres => {
                let mut setpriv = command("setpriv");
                setpriv
                    .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
                    .arg("--")
                    .arg(program)
                    // It may not look into the folder of whoever starts it, and would say so.
                    .current_dir("/");
                setpriv
            }
        }
    }
}
