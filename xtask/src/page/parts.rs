//! Makes the program of the page: compiles it, cuts it into parts, binds it to JavaScript,
//! makes it small.
//!
//! Between compiling and binding the program is taken apart (`wasm-split-cli`), which no
//! other tool of ours does: therefore this is not left to Trunk. The linker leaves its
//! relocations in the module (`--emit-relocs`), so that the splitter knows who calls whom.
//! What is reached only through the doors in `app/src/parts.rs` goes into `split_….wasm`,
//! what several of these share into `chunk_….wasm`, and all else stays in the main module.
//! `__wasm_split.js` loads them. It finds them beside itself: all files are in one folder
//! that is named by what is in them, so that parts of two builds never meet.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::stamp::Stamp;
use crate::command::{answer, command, in_folder, run};
use crate::setup::{self, Prepared};
use crate::workspace::Workspace;

/// The main module, before wasm-bindgen adds `_bg` to its name.
const MAIN: &str = "app";

/// Builds the program into a folder of its own below `folder`; gives that one's name.
pub(super) fn build(workspace: &Workspace, prepared: &Prepared, folder: &Path) -> Result<String> {
    let whole = compile(workspace, prepared)?;
    let split = folder.join("split");
    run(command(prepared.splitter()?)
        .args(["--out-name", MAIN])
        .args([&whole, &split]))?;
    let program = folder.join("program");
    bind(prepared, &split, &program)?;
    for name in names(&split)? {
        if !name.starts_with(MAIN) {
            fs::copy(split.join(&name), program.join(&name))
                .with_context(|| format!("could not copy {name}"))?;
        }
    }
    for name in names(&program)? {
        let file = program.join(&name);
        if is_wasm(&name) {
            optimise(workspace, &file)?;
        } else {
            minify(workspace, &file)?;
        }
    }
    let name = format!("{MAIN}-{}", Stamp::of(folder, &[], ["program"])?.digest());
    fs::rename(&program, folder.join(&name)).context("could not name the program")?;
    Ok(name)
}

/// Whether a file of the program is loaded when it is wanted, not with the page.
pub(crate) fn is_lazy(name: &str) -> bool {
    is_wasm(name) && (name.starts_with("split_") || name.starts_with("chunk_"))
}

fn is_wasm(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "wasm")
}

fn compile(workspace: &Workspace, prepared: &Prepared) -> Result<PathBuf> {
    let mut cargo = prepared.wasm_cargo(workspace, ["rustc", "--locked", "-p", "app"])?;
    run(cargo
        .args(["--bin", "app", "--profile", "wasm-release"])
        .args(["--", "-Clink-arg=--emit-relocs"]))?;
    let built = workspace.wasm_target().join(setup::TARGET);
    Ok(built.join("wasm-release").join("app.wasm"))
}

fn bind(prepared: &Prepared, split: &Path, program: &Path) -> Result<()> {
    let bindgen = in_folder(&prepared.wasm()?.bindgen, "wasm-bindgen")
        .context("the wasm-bindgen tool is gone")?;
    run(command(bindgen)
        .args(["--target", "web", "--no-typescript"])
        // The parts know things of the main module by these names.
        .args(["--keep-lld-exports", "--no-demangle"])
        .args(["--out-name", MAIN, "--out-dir"])
        .arg(program)
        .arg(split.join(MAIN).with_extension("wasm")))
}

fn optimise(workspace: &Workspace, file: &Path) -> Result<()> {
    let optimiser = in_folder(&workspace.npm_programs(), "wasm-opt")
        .context("wasm-opt is not in node_modules; run: npm ci")?;
    let mut optimise = command(optimiser);
    // Flat code first: it makes the page one per cent smaller than `-Oz` alone, compressed.
    // Nothing lies in the lowest kilobyte: it is the far end of the stack.
    optimise.args([
        "--low-memory-unused",
        "--flatten",
        "--rereloop",
        "-Oz",
        "-Oz",
    ]);
    optimise.arg(file).arg("-o").arg(file);
    // Silent unless it fails: it warns of debugging names that it is about to remove.
    match answer(&mut optimise) {
        Some(_) => Ok(()),
        None => run(&mut optimise),
    }
}

/// The bindings as they are written have every function's types in comments, and long names: two
/// kilobytes of the first load, compressed.
fn minify(workspace: &Workspace, file: &Path) -> Result<()> {
    let minifier = in_folder(&workspace.npm_programs(), "terser")
        .context("terser is not in node_modules; run: npm ci")?;
    run(command(minifier)
        .args(["--module", "--compress", "passes=2", "--mangle"])
        .arg("--output")
        .args([file, file]))
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
    Ok(entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::is_lazy;

    #[test]
    fn parts_are_told_by_their_names() {
        for (name, expected) in [
            ("split_administration.wasm", true),
            ("chunk_3.wasm", true),
            ("app_bg.wasm", false),
            ("__wasm_split.js", false),
            ("split_screen-0123.css", false),
        ] {
            assert_eq!(is_lazy(name), expected, "{name}");
        }
    }
}
