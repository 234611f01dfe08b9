//! Builds the page, `dist/`: its program in parts, the rest with Trunk. Not again while
//! nothing it is made of changed.

mod assemble;
pub(crate) mod parts;
mod stamp;
pub(crate) mod worker;

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::command::{command, run};
use crate::setup::{Prepared, check_optimiser};
use crate::workspace::{Workspace, exists};
use stamp::Stamp;

/// All that cargo and Trunk read. Packages of npm are covered by their lock.
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
        format!("wasm-split {}", prepared.splitter()?.display()),
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

    let sources = || Stamp::of(&workspace.root, &tools, SOURCES);
    let before = sources()?;
    let folder = workspace.wasm_target().join("page");
    if exists(&folder) {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    let program = parts::build(workspace, prepared, &folder)?;
    assemble::assemble(&workspace.root, &folder, &program)?;
    trunk(workspace, prepared, &folder)?;
    worker::write(&workspace.root, &workspace.dist())?;
    check(workspace, &program)?;
    if let Some(change) = sources()?.first_change(&before) {
        println!(
            "  changed while the page was built, so that it is built again next time: {change}"
        );
        return Ok(());
    }
    now()?.write(&file)
}

/// Styles, pictures and `index.html`: made small, and named by what is in them.
fn trunk(workspace: &Workspace, prepared: &Prepared, folder: &Path) -> Result<()> {
    let mut build = command(prepared.trunk()?.join("trunk"));
    build
        .current_dir(folder)
        .args(["build", "--release", "--offline", "--skip-version-check"])
        .arg("--dist")
        .arg(workspace.dist());
    // Trunk takes `NO_COLOR=1`, which is the usual way to set it, for an error.
    if env::var_os("NO_COLOR").is_some() {
        build.env_remove("NO_COLOR").args(["--color", "never"]);
    }
    run(&mut build)
}

/// A build can end well and yet leave a page that cannot start.
fn check(workspace: &Workspace, program: &str) -> Result<()> {
    let dist = workspace.dist();
    ensure!(exists(&dist.join("index.html")), "dist/ has no index.html");
    let folder = dist.join(program);
    let names: Vec<String> = fs::read_dir(&folder)
        .with_context(|| format!("Trunk left no {}", folder.display()))?
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    check_names(&names)
}

fn check_names(names: &[String]) -> Result<()> {
    for name in ["app.js", "app_bg.wasm", "__wasm_split.js"] {
        ensure!(
            names.iter().any(|other| other == name),
            "the app has no {name}"
        );
    }
    ensure!(
        names.iter().any(|name| parts::is_lazy(name)),
        "the app is in one piece"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_its_parts() {
        let main = ["app.js", "app_bg.wasm", "__wasm_split.js"];
        let cases: [(&[&str], bool); 5] = [
            (&[main[0], main[1], main[2], "split_a.wasm"], true),
            (&main, false),
            (&[main[1], main[2], "split_a.wasm"], false),
            (&[main[0], main[2], "split_a.wasm"], false),
            (&[main[0], main[1], "split_a.wasm"], false),
        ];
        for (names, expected) in cases {
            let owned: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(check_names(&owned).is_ok(), expected, "{names:?}");
        }
    }
}
