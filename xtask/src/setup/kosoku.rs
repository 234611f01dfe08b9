//! The driver of the Autobahn test suite's cases for RFC 6455. The suite's own is for a
//! Python that Debian no longer has.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::apt;
use crate::command::{self, answer, command as program, run};
use crate::progress;
use crate::workspace::Workspace;

/// Young, so of one exact version.
const VERSION: &str = "0.1.0";
const WHY: &str = "drives the conformance suite of RFC 6455 against the reader bridge";

/// The program, in an environment of its own.
pub(super) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let name = format!("kosoku {VERSION}");
    let root = workspace
        .cache
        .join("tools")
        .join(format!("kosoku-{VERSION}"));
    if let Some(found) = installed(&root) {
        progress::found(&name, WHY, &found.display().to_string());
        return Ok(found);
    }
    ensure_python()?;
    let by_hand = format!(
        "python3 -m venv {0} && {0}/bin/pip install kosoku=={VERSION}",
        root.display()
    );
    progress::installing(&name, WHY, &by_hand);
    run(program("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&root))?;
    run(program(root.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .arg(format!("kosoku=={VERSION}")))?;
    match installed(&root) {
        Some(found) => Ok(found),
        None => bail!("{name} was installed, but is not in {}", root.display()),
    }
}

fn installed(root: &Path) -> Option<PathBuf> {
    let version = "import importlib.metadata as all; print(all.version('kosoku'))";
    let says = answer(program(root.join("bin/python")).args(["-c", version]))?;
    let found = command::in_folder(&root.join("bin"), "kosoku")?;
    (says.trim() == VERSION).then_some(found)
}

/// Debian has the part of Python that makes environments in a package of its own.
fn ensure_python() -> Result<()> {
    let makes_environments = || {
        answer(program("python3").args(["-c", "import ensurepip, venv; print('yes')"])).is_some()
    };
    if !makes_environments() {
        apt::install(&["python3", "python3-venv"], "Python", WHY)?;
    }
    if makes_environments() {
        Ok(())
    } else {
        bail!("python3 makes no environments; install its venv module")
    }
}
