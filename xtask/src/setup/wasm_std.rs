//! A compiler that has the wasm32 standard library.
//!
//! Usually `rustup target add` is all. Debian's packages are the way for machines which
//! reach nothing but package registries; see [`debian`].

mod debian;

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command::{answer, command, find, run};
use crate::progress;
use crate::workspace::Workspace;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Holds the `rustc -vV` which the standard library beside it was built by.
const STAMP: &str = "shikaku-built-by";
const NAME: &str = "wasm32 standard library";
const WHY: &str = "compiles the app for the browser";

/// The compiler for wasm32.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// rustup's name for it, unless it is the active one.
    name: Option<&'static str>,
    /// `rustc -vV`.
    pub(crate) rustc: String,
}

impl Toolchain {
    /// Makes a command (`cargo`, or what calls it) use this compiler.
    pub(crate) fn select(&self, command: &mut Command) {
        if let Some(name) = self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
    }
}

/// What `SHIKAKU_WASM_STD` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Any,
    Rustup,
    Debian,
}

impl Wish {
    fn parse(value: Option<&str>) -> Result<Self> {
        match value {
            None | Some("") => Ok(Self::Any),
            Some("rustup") => Ok(Self::Rustup),
            Some("debian") => Ok(Self::Debian),
            Some(other) => bail!("SHIKAKU_WASM_STD is `rustup` or `debian`, not `{other}`"),
        }
    }
}

/// What the machine has.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an answer of its own"
)]
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    /// The active compiler has the library.
    active: bool,
    /// Debian's compiler has it, and can be selected.
    debian: bool,
    rustup: bool,
    is_debian: bool,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    UseActive,
    UseDebian,
    AddByRustup,
    /// Where rustup's server cannot be reached, Debian's packages often can.
    AddByRustupElseDebian,
    BuildOnDebian,
    GiveUp,
}

fn plan(wish: Wish, facts: Facts) -> Plan {
    match wish {
        Wish::Any | Wish::Rustup if facts.active => Plan::UseActive,
        Wish::Any | Wish::Debian if facts.debian => Plan::UseDebian,
        Wish::Any if facts.rustup && facts.is_debian => Plan::AddByRustupElseDebian,
        Wish::Any | Wish::Rustup if facts.rustup => Plan::AddByRustup,
        Wish::Any | Wish::Debian if facts.is_debian => Plan::BuildOnDebian,
        _ => Plan::GiveUp,
    }
}

/// Finds or installs the compiler for wasm32.
pub(crate) fn ensure(workspace: &Workspace) -> Result<Toolchain> {
    let wish = Wish::parse(env::var("SHIKAKU_WASM_STD").ok().as_deref())?;
    let facts = Facts {
        active: active_has_library(workspace),
        debian: debian::is_ready(workspace),
        rustup: find("rustup").is_some(),
        is_debian: super::apt::is_debian(),
    };
    match plan(wish, facts) {
        Plan::UseActive => active(workspace).inspect(name_found),
        Plan::UseDebian => debian::toolchain(workspace).inspect(name_found),
        Plan::AddByRustup => add_by_rustup(workspace),
        Plan::AddByRustupElseDebian => add_by_rustup(workspace).or_else(|error| {
            println!("      rustup could not ({error:#}); going on with Debian's packages");
            debian::build(workspace)
        }),
        Plan::BuildOnDebian => debian::build(workspace),
        Plan::GiveUp if wish == Wish::Debian => {
            bail!("SHIKAKU_WASM_STD=debian, but this is not Debian")
        }
        Plan::GiveUp => bail!(
            "the {NAME} is missing ({WHY}); install rustup (https://rustup.rs), then: \
             rustup target add {TARGET}"
        ),
    }
}

fn name_found(toolchain: &Toolchain) {
    let version = toolchain.rustc.lines().next().unwrap_or_default();
    let place = toolchain
        .name
        .map_or_else(String::new, |name| format!(" (toolchain `{name}`)"));
    progress::found(NAME, WHY, &format!("{version}{place}"));
}

fn add_by_rustup(workspace: &Workspace) -> Result<Toolchain> {
    progress::installing(NAME, WHY, &format!("rustup target add {TARGET}"));
    run(command("rustup")
        .current_dir(&workspace.root)
        .args(["target", "add", TARGET]))?;
    active(workspace)
}

fn active(workspace: &Workspace) -> Result<Toolchain> {
    let rustc = active_rustc(workspace).context("`rustc` is not on PATH, or does not start")?;
    Ok(Toolchain { name: None, rustc })
}

fn active_rustc(workspace: &Workspace) -> Option<String> {
    answer(command("rustc").current_dir(&workspace.root).arg("-vV"))
}

fn active_has_library(workspace: &Workspace) -> bool {
    let sysroot = command("rustc")
        .current_dir(&workspace.root)
        .args(["--print", "sysroot"])
        .output()
        .ok()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match (sysroot, active_rustc(workspace)) {
        (Some(sysroot), Some(rustc)) => has_library(Path::new(&sysroot), &rustc),
        _ => false,
    }
}

/// Whether a compiler's folder has the standard library for wasm32.
///
/// One that this tool put there counts only for the compiler it was built by: a package
/// update brings a new compiler and leaves the old library.
fn has_library(sysroot: &Path, rustc: &str) -> bool {
    let target = sysroot.join("lib/rustlib").join(TARGET);
    let Ok(files) = fs::read_dir(target.join("lib")) else {
        return false;
    };
    let mut names = files.flatten().map(|file| file.file_name());
    let has_std = names.any(|name| {
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    });
    has_std && fs::read_to_string(target.join(STAMP)).map_or(true, |stamp| stamp == rustc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_is_one_of_three() {
        for (value, expected) in [
            (None, Some(Wish::Any)),
            (Some(""), Some(Wish::Any)),
            (Some("rustup"), Some(Wish::Rustup)),
            (Some("debian"), Some(Wish::Debian)),
            (Some("Debian"), None),
        ] {
            assert_eq!(Wish::parse(value).ok(), expected, "{value:?}");
        }
    }

    #[test]
    fn the_plan_follows_the_wish_and_the_machine() {
        use Plan::{
            AddByRustup, AddByRustupElseDebian, BuildOnDebian, GiveUp, UseActive, UseDebian,
        };
        use Wish::{Any, Debian, Rustup};
        // Facts in the order: active, debian, rustup, is_debian.
        let cases = [
            (Any, [true, true, true, true], UseActive),
            (Any, [false, true, true, true], UseDebian),
            (Any, [false, false, true, true], AddByRustupElseDebian),
            (Any, [false, false, true, false], AddByRustup),
            (Any, [false, false, false, true], BuildOnDebian),
            (Any, [false, false, false, false], GiveUp),
            (Rustup, [true, true, true, true], UseActive),
            (Rustup, [false, true, true, true], AddByRustup),
            (Rustup, [false, true, false, true], GiveUp),
            (Debian, [true, true, true, true], UseDebian),
            (Debian, [true, false, true, true], BuildOnDebian),
            (Debian, [true, false, true, false], GiveUp),
        ];
        for (wish, [active, debian, rustup, is_debian], expected) in cases {
            let facts = Facts {
                active,
                debian,
                rustup,
                is_debian,
            };
            assert_eq!(plan(wish, facts), expected, "{wish:?} {facts:?}");
        }
    }

    #[test]
    fn a_library_of_an_older_compiler_does_not_count() {
        let sysroot = tempfile::tempdir().unwrap();
        let target = sysroot.path().join("lib/rustlib").join(TARGET);
        let has = |rustc| has_library(sysroot.path(), rustc);
        assert!(!has("rustc 1"), "no folder");
        fs::create_dir_all(target.join("lib")).unwrap();
        assert!(!has("rustc 1"), "an empty folder");
        fs::write(target.join("lib/libstd-0.rlib"), "").unwrap();
        assert!(has("rustc 1"), "rustup's, which has no stamp");
        fs::write(target.join(STAMP), "rustc 1").unwrap();
        assert!(has("rustc 1"), "built by this compiler");
        assert!(!has("rustc 2"), "built by the one before");
    }
}
