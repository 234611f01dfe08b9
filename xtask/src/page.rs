//! Builds the page, `dist/`, with Trunk; not again while nothing it is made of changed.

mod stamp;

use std::env;
use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::command::{command, path_with, run};
use crate::setup::{Prepared, check_optimiser};
use crate::workspace::Workspace;
use stamp::Stamp;

/// All that Trunk, and cargo for it, read. Packages of npm are covered by their lock.
const SOURCES: [&str; 11] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "app",
    "card",
    "domain",
    "index.html",
    "package-lock.json",
    "protocol",
    "style",
];

/// Makes `dist/` up to date.
pub(crate) fn build(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    let wasm = prepared.wasm()?;
    let optimiser = check_optimiser(workspace)?;
    // Tools of an exact version are named by it; the compiler by all it says of itself.
    let tools = [
        format!("rustc {}", wasm.toolchain.rustc.replace('\n', ", ")),
        format!("trunk {}", prepared.trunk()?.display()),
        format!("wasm-bindgen {}", workspace.crate_version("wasm-bindgen")?),
        format!("wasm-opt {optimiser}"),
    ];
    // Inside target/, because all of dist/ goes into the server.
    let file = workspace.wasm_target().join("page.stamp");
    let now = || Stamp::of(&workspace.root, &tools, SOURCES.into_iter().chain(["dist"]));
    let last = Stamp::read(&file);
    match last
        .as_ref()
        .map(|last| now().map(|now| now.first_change(last)))
        .transpose()?
    {
        Some(None) => {
            println!("  あり/ok  dist/ — nothing it is made of has changed");
            return Ok(());
        }
        Some(Some(change)) => println!("  building, because of: {change}"),
        None => println!("  building for the first time: this takes minutes, later ones seconds"),
    }
    // Should the build be interrupted, what is then in dist/ must not count.
    if last.is_some() {
        fs::remove_file(&file).with_context(|| format!("could not remove {}", file.display()))?;
    }

    trunk(workspace, prepared, &optimiser)?;
    check(workspace)?;
    now()?.write(&file)
}

fn trunk(workspace: &Workspace, prepared: &Prepared, optimiser: &str) -> Result<()> {
    let wasm = prepared.wasm()?;
    // Trunk's `--offline` is for its tools, but it hands it on to cargo.
    let mut fetch = workspace.cargo(["fetch", "--locked"]);
    wasm.toolchain.select(&mut fetch);
    run(&mut fetch)?;

    let trunk = prepared.trunk()?;
    let npm = workspace.npm_programs();
    let mut build = command(trunk.join("trunk"));
    build
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", workspace.wasm_target())
        // First in line, before any `wasm-opt` of the system; demanded by version as well.
        .env("PATH", path_with([npm.as_path(), wasm.bindgen.as_path()])?)
        .env("TRUNK_TOOLS_WASM_OPT", optimiser)
        .args(["build", "--release", "--cargo-profile", "wasm-release"])
        .args(["--locked", "--offline", "--skip-version-check"]);
    wasm.toolchain.select(&mut build);
    // Trunk takes `NO_COLOR=1`, which is the usual way to set it, for an error.
    if env::var_os("NO_COLOR").is_some() {
        build.env_remove("NO_COLOR").args(["--color", "never"]);
    }
    run(&mut build)
}

/// A build can end well and yet leave a page that cannot start.
fn check(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dist();
    let names: Vec<String> = fs::read_dir(&dist)
        .with_context(|| format!("Trunk left no {}", dist.display()))?
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    check_names(&names)
}

fn check_names(names: &[String]) -> Result<()> {
    let count = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
    ensure!(
        names.iter().any(|name| name == "index.html"),
        "dist/ has no index.html"
    );
    ensure!(
        count(".wasm") == 1,
        "dist/ has {} .wasm files instead of one",
        count(".wasm")
    );
    ensure!(count(".js") >= 1, "dist/ has no .js file");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_three_parts() {
        let cases: [(&[&str], bool); 5] = [
            (&["index.html", "app.js", "app_bg.wasm", "a.css"], true),
            (&["index.html", "app.js", "boot.js", "app_bg.wasm"], true),
            (&["app.js", "app_bg.wasm"], false),
            (&["index.html", "app_bg.wasm"], false),
            (
                &["index.html", "app.js", "app_bg.wasm", "old_bg.wasm"],
                false,
            ),
        ];
        for (names, expected) in cases {
            let owned: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(check_names(&owned).is_ok(), expected, "{names:?}");
        }
    }
}
