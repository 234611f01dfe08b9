//! The wasm32 standard library on Debian, from nothing but its packages.
//!
//! Debian has no package of it, but has the sources of the compiler it packages. They are
//! built once into that compiler's own folder, and `/usr` becomes a rustup toolchain
//! named `debian`. From then on it is a compiler like any other: no unstable option is
//! needed to build, test, lint or document with it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::super::apt;
use super::{NAME, STAMP, TARGET, Toolchain, WHY, active_rustc, has_library};
use crate::command::{self, answer, command, find, run};
use crate::progress;
use crate::workspace::{OLDEST_RUST, Workspace, exists, numbers};

const SYSROOT: &str = "/usr";
const RUSTC: &str = "/usr/bin/rustc";
const TOOLCHAIN: &str = "debian";
const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "libstd-rust-web-dev",
    "rust-web-clippy",
];

/// The empty crate whose build brings the library about.
const SEED: &str = "wasm_std_seed";
const SEED_MANIFEST: &str = r#"[package]
name = "wasm_std_seed"
edition = "2024"

[workspace]

[profile.release]
opt-level = "z"
codegen-units = 1
panic = "abort"
"#;

/// Whether everything that [`build`] does is done, for the compiler there is now.
pub(super) fn is_ready(workspace: &Workspace) -> bool {
    let Some(rustc) = rustc() else { return false };
    exists(&target_folder().join(STAMP))
        && has_library(Path::new(SYSROOT), &rustc)
        && is_new_enough(&rustc)
        && apt::missing(&["rust-web-clippy"]).is_empty()
        && exists(&linker(&rustc))
        && toolchain(workspace).is_ok()
}

/// Debian's compiler, as the rest of the tool selects it.
pub(super) fn toolchain(workspace: &Workspace) -> Result<Toolchain> {
    let rustc = rustc().with_context(|| format!("{RUSTC} does not start"))?;
    if active_rustc(workspace).as_ref() == Some(&rustc) {
        return Ok(Toolchain { name: None, rustc });
    }
    ensure!(
        linked().as_ref() == Some(&rustc),
        "{RUSTC} is neither the active compiler nor rustup's toolchain `{TOOLCHAIN}`"
    );
    Ok(Toolchain {
        name: Some(TOOLCHAIN),
        rustc,
    })
}

/// Installs the packages, builds the library, and makes the compiler selectable.
pub(super) fn build(workspace: &Workspace) -> Result<Toolchain> {
    ensure!(
        apt::may_install(),
        "the {NAME} is missing ({WHY}), and only root (or `sudo` without a password) may put it \
         into {SYSROOT}; start this once as such a user, or use rustup: \
         rustup target add {TARGET}"
    );
    let rustc = install_compiler()?;
    if !exists(&target_folder().join(STAMP)) || !has_library(Path::new(SYSROOT), &rustc) {
        build_library(workspace, &rustc)?;
    }
    link_linker(&rustc)?;
    link_toolchain(workspace, &rustc)?;
    toolchain(workspace)
}

/// The packages of the compiler, of a version that the workspace accepts.
fn install_compiler() -> Result<String> {
    let is_old = || rustc().is_none_or(|rustc| !is_new_enough(&rustc));
    if !apt::missing(&PACKAGES).is_empty() || is_old() {
        // All of them, even if only one is missing: they must be of one version.
        apt::install(&PACKAGES, "Debian's Rust compiler and its sources", WHY)?;
    }
    let rustc = rustc().with_context(|| format!("{RUSTC} does not start"))?;
    ensure!(
        !is_old(),
        "Debian's packages have Rust {}, the workspace needs {OLDEST_RUST}; use rustup: \
         rustup target add {TARGET}",
        field(&rustc, "release").unwrap_or_default()
    );
    let lld = lld_package(&rustc)?;
    if !apt::missing(&[&lld]).is_empty() {
        apt::install(&[&lld], "the linker for wasm32", WHY)?;
    }
    Ok(rustc)
}

/// Compiles the library aside, then puts it into place by one rename: an interruption
/// leaves no library, or a whole one.
fn build_library(workspace: &Workspace, rustc: &str) -> Result<()> {
    let by_hand = "cargo xtask setup, as a user who may write to /usr/lib/rustlib";
    progress::installing(&format!("{NAME}, from source"), WHY, by_hand);
    let build = workspace.cache.join("build").join(SEED);
    let stage = build.join("stage");
    let _ = fs::remove_dir_all(&stage);
    for folder in [build.join("src"), stage.join("lib")] {
        fs::create_dir_all(&folder)
            .with_context(|| format!("could not create {}", folder.display()))?;
    }
    fs::write(build.join("Cargo.toml"), SEED_MANIFEST)?;
    fs::write(build.join("src/lib.rs"), "#![no_std]\n")?;

    run(command::foreign_build("/usr/bin/cargo")
        .current_dir(&build)
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", build.join("target"))
        // With bitcode, which cargo's release profile leaves out, the app's link-time
        // optimisation reaches into the library.
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked",
        )
        .args(["build", "--release", "--target", TARGET])
        // `test` is what `cargo test` links against.
        .arg("-Zbuild-std=std,panic_abort,proc_macro,test")
        .arg("-Zbuild-std-features=optimize_for_size"))?;

    let output = build.join("target").join(TARGET).join("release/deps");
    copy_libraries(&output, &stage.join("lib"))?;
    fs::write(stage.join(STAMP), rustc)?;
    ensure!(
        fs::read_dir(stage.join("lib"))?.flatten().count() > 10,
        "the build of the {NAME} left too few files in {}",
        output.display()
    );

    let place = target_folder();
    let aside = place.with_extension("new");
    run(apt::privileged("rm").arg("-rf").arg(&aside))?;
    run(apt::privileged("cp").arg("-r").arg(&stage).arg(&aside))?;
    run(apt::privileged("chmod").args(["-R", "a+rX"]).arg(&aside))?;
    run(apt::privileged("rm").arg("-rf").arg(&place))?;
    run(apt::privileged("mv").arg(&aside).arg(&place))?;
    fs::remove_dir_all(&build).with_context(|| format!("could not remove {}", build.display()))
}

fn copy_libraries(from: &Path, to: &Path) -> Result<()> {
    let files = fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))?;
    for file in files {
        let file = file?;
        if is_library(&file.file_name().to_string_lossy()) {
            fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

/// Whether a file of the build belongs to the library: all but the seed's own.
fn is_library(name: &str) -> bool {
    Path::new(name).extension() == Some("rlib".as_ref()) && !name.contains(SEED)
}

/// The compiler looks for a linker of this name among its own files.
fn link_linker(rustc: &str) -> Result<()> {
    let linker = linker(rustc);
    if exists(&linker) {
        return Ok(());
    }
    let folder = linker.parent().context("the linker has no folder")?;
    run(apt::privileged("mkdir").arg("-p").arg(folder))?;
    let program = Path::new("/usr/bin").join(lld_package(rustc)?);
    run(apt::privileged("ln").arg("-sfn").arg(program).arg(linker))
}

fn link_toolchain(workspace: &Workspace, rustc: &str) -> Result<()> {
    if active_rustc(workspace).as_deref() == Some(rustc) {
        return Ok(());
    }
    match linked() {
        Some(linked) if linked == rustc => Ok(()),
        Some(_) => bail!(
            "rustup has another toolchain named `{TOOLCHAIN}`; if it is not needed: \
             rustup toolchain uninstall {TOOLCHAIN}"
        ),
        None if find("rustup").is_some() => {
            run(command("rustup").args(["toolchain", "link", TOOLCHAIN, SYSROOT]))
        }
        None => bail!("put /usr/bin before other compilers on PATH, or install rustup"),
    }
}

/// What rustup's toolchain of our name says about itself.
fn linked() -> Option<String> {
    answer(command("rustup").args(["run", TOOLCHAIN, "rustc", "-vV"]))
}

fn rustc() -> Option<String> {
    answer(command(RUSTC).arg("-vV"))
}

fn target_folder() -> PathBuf {
    Path::new(SYSROOT).join("lib/rustlib").join(TARGET)
}

fn linker(rustc: &str) -> PathBuf {
    let host = field(rustc, "host").unwrap_or_default();
    Path::new(SYSROOT)
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld")
}

/// LLVM's linker of the compiler's own LLVM; package and program have the same name.
fn lld_package(rustc: &str) -> Result<String> {
    let llvm = field(rustc, "LLVM version").context("rustc -vV names no LLVM version")?;
    Ok(format!(
        "lld-{}",
        llvm.split('.').next().unwrap_or_default()
    ))
}

fn is_new_enough(rustc: &str) -> bool {
    field(rustc, "release").is_some_and(|release| numbers(release) >= numbers(OLDEST_RUST))
}

/// One line of `rustc -vV`.
fn field<'a>(rustc: &'a str, name: &str) -> Option<&'a str> {
    rustc
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSTC_SAYS: &str = "rustc 1.96.0 (abc 2026-05-25) (built from a source tarball)
binary: rustc
commit-hash: abc
host: x86_64-unknown-linux-gnu
release: 1.96.0
LLVM version: 22.1.8";

    #[test]
    fn the_compiler_says_which_linker_it_needs() {
        assert_eq!(lld_package(RUSTC_SAYS).unwrap(), "lld-22");
        assert!(linker(RUSTC_SAYS).ends_with("x86_64-unknown-linux-gnu/bin/rust-lld"));
        assert!(lld_package("rustc 1").is_err());
    }

    #[test]
    fn a_compiler_older_than_the_workspace_is_refused() {
        for (release, expected) in [
            ("1.96.0", true),
            (OLDEST_RUST, true),
            ("2.0.0", true),
            ("1.85.0", false),
        ] {
            let says = RUSTC_SAYS.replace("release: 1.96.0", &format!("release: {release}"));
            assert_eq!(is_new_enough(&says), expected, "{release}");
        }
        assert!(!is_new_enough(""));
    }

    #[test]
    fn the_seed_is_no_part_of_the_library() {
        for (name, expected) in [
            ("libstd-1234.rlib", true),
            ("libstd-1234.rmeta", false),
            ("libwasm_std_seed-1234.rlib", false),
            ("std-1234.d", false),
        ] {
            assert_eq!(is_library(name), expected, "{name}");
        }
    }
}
