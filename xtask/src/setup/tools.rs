//! Trunk, the wasm-bindgen tool and the splitter of wasm modules, each of one exact version.
//!
//! All are built without optimisation: that takes half the time, and they run for seconds.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::command::{self, answer, find, run};
use crate::progress;
use crate::workspace::Workspace;

/// 0.22 needs a newer compiler than the workspace does.
const TRUNK: &str = "0.21.14";

/// It understands the doors that `wasm_split_macros` of Cargo.lock (0.2) makes.
const SPLITTER: &str = "0.2.4";

/// A program that `cargo install` builds.
#[derive(Debug)]
struct Tool {
    name: &'static str,
    version: String,
    /// The first of them tells the version, if they do.
    programs: &'static [&'static str],
    /// Without, it is used from the cache only, where the folder's name tells it.
    tells_version: bool,
    options: &'static [&'static str],
    why: &'static str,
}

/// The folder of `trunk`.
pub(crate) fn ensure_trunk(workspace: &Workspace) -> Result<PathBuf> {
    let trunk = Tool {
        name: "trunk",
        version: TRUNK.to_owned(),
        programs: &["trunk"],
        tells_version: true,
        // Without its features it never asks the network: this tool brings what it needs.
        options: &["--locked", "--no-default-features"],
        why: "builds the page from the app, its styles and index.html",
    };
    ensure(workspace, &trunk)
}

/// The folder of `wasm-bindgen` and `wasm-bindgen-test-runner`.
pub(crate) fn ensure_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    let bindgen = Tool {
        name: "wasm-bindgen-cli",
        // The tool refuses a module made with any other version of the crate.
        version: workspace.crate_version("wasm-bindgen")?,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        tells_version: true,
        // Not `--locked`: its lock may name releases that a mirror does not have yet.
        options: &[],
        why: "connects the wasm module to JavaScript",
    };
    ensure(workspace, &bindgen)
}

/// The program that takes a wasm module apart.
pub(crate) fn ensure_splitter(workspace: &Workspace) -> Result<PathBuf> {
    const PROGRAM: &str = "wasm-split-cli";
    let splitter = Tool {
        name: "wasm_split_cli_support",
        version: SPLITTER.to_owned(),
        programs: &[PROGRAM],
        tells_version: false,
        options: &["--locked", "--features", "build-binary"],
        why: "cuts the page into parts that are loaded when they are wanted",
    };
    let folder = ensure(workspace, &splitter)?;
    command::in_folder(&folder, PROGRAM).with_context(|| format!("{PROGRAM} is gone"))
}

fn ensure(workspace: &Workspace, tool: &Tool) -> Result<PathBuf> {
    let name = format!("{} {}", tool.name, tool.version);
    let root = workspace
        .cache
        .join("tools")
        .join(format!("{}-{}", tool.name, tool.version));
    let cached = root.join("bin");
    let on_path = tool
        .programs
        .first()
        .filter(|_| tool.tells_version)
        .and_then(|program| find(program));
    let on_path = on_path.as_deref().and_then(Path::parent);
    for folder in on_path.into_iter().chain([cached.as_path()]) {
        if is_in(folder, tool) {
            progress::found(&name, tool.why, &folder.display().to_string());
            return Ok(folder.to_path_buf());
        }
    }

    progress::installing(&name, tool.why, &by_hand(tool));
    // Kept until the tool is there, so that an interrupted installation goes on, not anew.
    let build = workspace.cache.join("build").join(tool.name);
    run(command::foreign_build("cargo")
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &build)
        .args(install(tool))
        .arg("--root")
        .arg(&root))?;
    if !is_in(&cached, tool) {
        bail!("{name} was installed, but is not in {}", cached.display());
    }
    fs::remove_dir_all(&build).with_context(|| format!("could not remove {}", build.display()))?;
    Ok(cached)
}

fn install(tool: &Tool) -> Vec<String> {
    let mut arguments = vec![
        "install".to_owned(),
        format!("{}@{}", tool.name, tool.version),
    ];
    arguments.extend(tool.options.iter().map(|option| (*option).to_owned()));
    arguments.extend(["--debug", "--config", "profile.dev.debug=false"].map(str::to_owned));
    arguments
}

fn by_hand(tool: &Tool) -> String {
    format!("cargo {}", install(tool).join(" "))
}

fn is_in(folder: &Path, tool: &Tool) -> bool {
    let mut programs = tool
        .programs
        .iter()
        .map(|program| command::in_folder(folder, program));
    let Some(Some(first)) = programs.next() else {
        return false;
    };
    programs.all(|program| program.is_some())
        && (!tool.tells_version
            || answer(command::command(first).arg("--version"))
                .is_some_and(|says| says_version(&says, &tool.version)))
}

/// Whether the output of `--version` (`name 1.2.3 …`) is of this version.
fn says_version(says: &str, version: &str) -> bool {
    says.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_used_only_in_its_exact_version() {
        for (says, expected) in [
            ("trunk 0.21.14", true),
            ("trunk 0.21.14 (abc 2025)", true),
            ("trunk 0.21.1", false),
            ("trunk 0.21.140", false),
            ("", false),
        ] {
            assert_eq!(says_version(says, "0.21.14"), expected, "{says}");
        }
    }

    #[test]
    fn the_hint_is_the_command_that_runs() {
        let tool = Tool {
            name: "trunk",
            version: "1.2.3".to_owned(),
            programs: &["trunk"],
            tells_version: true,
            options: &["--locked"],
            why: "",
        };
        assert_eq!(
            by_hand(&tool),
            "cargo install trunk@1.2.3 --locked --debug --config profile.dev.debug=false"
        );
    }
}
