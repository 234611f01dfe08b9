//! What the page takes from npm: the design system's tokens, the wasm optimiser and the minifier of its
//! bindings; the journeys, axe-core.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};

use super::apt;
use crate::command::{self, answer, find, run};
use crate::progress;
use crate::workspace::Workspace;

const WHY: &str = "design tokens, the wasm optimiser, the minifier and axe-core";
/// A copy of the lock, written when `npm ci` has ended: an interrupted one leaves none.
const STAMP: &str = "node_modules/.shikaku-package-lock.json";

/// Installs the packages that `package-lock.json` names.
pub(crate) fn ensure_packages(workspace: &Workspace) -> Result<()> {
    let lock = workspace.root.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("could not read {}", lock.display()))?;
    let stamp = workspace.root.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        progress::found("npm packages", WHY, "as package-lock.json says");
        return Ok(());
    }
    progress::installing("npm packages", WHY, "npm ci");
    run(command::command(npm()?)
        .current_dir(&workspace.root)
        .arg("ci"))?;
    fs::write(&stamp, lock).with_context(|| format!("could not write {}", stamp.display()))
}

/// Node runs the optimiser, and those tests of the app which need JavaScript but no page.
pub(crate) fn ensure_node() -> Result<()> {
    let why = "runs the wasm optimiser and the app's tests";
    if find("node").is_none() || find("npm").is_none() {
        if !apt::is_debian() {
            bail!("Node.js with npm is missing ({why}); install it, then start again");
        }
        apt::install(&["nodejs", "npm"], "Node.js", why)?;
    }
    let node = find("node").context("Node.js was installed, but `node` is not on PATH")?;
    progress::found("Node.js", why, &node.display().to_string());
    Ok(())
}

/// Fails unless the `wasm-opt` of npm's packages is the locked one. Returns its version.
///
/// Debian 12 packages version 108, which breaks the module without a word: it builds, and
/// the page stays blank.
pub(crate) fn check_optimiser(workspace: &Workspace) -> Result<String> {
    let locked = workspace.npm_version("binaryen")?;
    let major = locked.split('.').next().unwrap_or_default();
    let program = command::in_folder(&workspace.npm_programs(), "wasm-opt")
        .context("wasm-opt is not in node_modules; run: npm ci")?;
    let says = answer(command::command(program).arg("--version")).unwrap_or_default();
    ensure!(
        is_optimiser(&says, major),
        "wasm-opt in node_modules should be version {major}, but says “{says}”; run: npm ci"
    );
    Ok(major.to_owned())
}

/// Whether `wasm-opt --version` printed this version.
fn is_optimiser(says: &str, major: &str) -> bool {
    says.strip_prefix("wasm-opt version ")
        .and_then(|rest| rest.split_whitespace().next())
        .is_some_and(|version| version == major)
}

fn npm() -> Result<PathBuf> {
    find("npm").context("npm is not on PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_locked_optimiser_will_do() {
        for (says, expected) in [
            ("wasm-opt version 132 (version_132)", true),
            ("wasm-opt version 132", true),
            ("wasm-opt version 108", false),
            ("wasm-opt version 1320", false),
            ("", false),
        ] {
            assert_eq!(is_optimiser(says, "132"), expected, "{says}");
        }
    }
}
