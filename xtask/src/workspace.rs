//! Where the repository, its builds and the tool cache are, and what the locks pin.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command;

/// The folders this tool works in. All paths are absolute.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Native builds.
    pub(crate) target: PathBuf,
    /// Tools and the standard library's build: shared by all checkouts of a user.
    pub(crate) cache: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        // Set by `cargo run`; the other is for the binary started by hand.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .parent()
            .context("xtask/ has no parent folder")?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("target"),
        };
        Ok(Self {
            root,
            target,
            cache: cache_folder(|name| env::var_os(name).map(PathBuf::from))?,
        })
    }

    /// Builds for wasm32 have their own folder: they may use another compiler, and two
    /// compilers in one folder rebuild each other's work.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Where npm puts the programs of its packages.
    pub(crate) fn npm_programs(&self) -> PathBuf {
        self.root.join("node_modules").join(".bin")
    }

    /// `cargo` in the repository, for the native target.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut cargo = command::command("cargo");
        cargo
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .args(arguments);
        cargo
    }

    /// The version of a crate in `Cargo.lock`.
    pub(crate) fn crate_version(&self, name: &str) -> Result<String> {
        let lock = self.read("Cargo.lock")?;
        locked_crate(&lock, name).with_context(|| format!("Cargo.lock has no crate `{name}`"))
    }

    /// The version of a package in `package-lock.json`.
    pub(crate) fn npm_version(&self, name: &str) -> Result<String> {
        let lock = self.read("package-lock.json")?;
        locked_package(&lock, name)
            .with_context(|| format!("package-lock.json has no package `{name}`"))
    }

    fn read(&self, name: &str) -> Result<String> {
        let file = self.root.join(name);
        fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))
    }
}

/// The user's cache folder, by the variables that name it.
fn cache_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let set = |name: &str| variable(name).filter(|folder| folder.is_absolute());
    set("SHIKAKU_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("shikaku")))
        .or_else(|| set("LOCALAPPDATA").map(|folder| folder.join("shikaku")))
        .or_else(|| set("HOME").map(|folder| folder.join(".cache").join("shikaku")))
        .context("no folder for tools: set SHIKAKU_CACHE to an absolute path")
}

/// Reads one version from a `Cargo.lock`: cargo writes `version` right below `name`.
fn locked_crate(lock: &str, name: &str) -> Option<String> {
    let wanted = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
        .map(str::to_owned)
}

/// Reads one version from a `package-lock.json` of npm's version 3: `version` is the first
/// entry of a package.
fn locked_package(lock: &str, name: &str) -> Option<String> {
    let (_, package) = lock.split_once(&format!("\"node_modules/{name}\": {{"))?;
    let (_, version) = package.split_once("\"version\": \"")?;
    version
        .split_once('"')
        .map(|(version, _)| version.to_owned())
}

/// The numbers of a version's front part: `1.96.0+dfsg1` is 1, 96, 0.
pub(crate) fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map_while(|part| {
            let end = part
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(part.len());
            part[..end].parse().ok()
        })
        .collect()
}

/// The oldest compiler that the workspace accepts: `rust-version` of the root manifest.
pub(crate) const OLDEST_RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Whether a file or folder is there; unreadable counts as absent.
pub(crate) fn exists(path: &Path) -> bool {
    path.try_exists().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "x"

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"
"#;

    #[test]
    fn a_crate_is_found_by_its_whole_name() {
        for (name, version) in [
            ("wasm-bindgen", Some("0.2.130")),
            ("wasm-bindgen-macro", Some("0.2.131")),
            ("wasm", None),
            ("bindgen", None),
        ] {
            assert_eq!(locked_crate(LOCK, name).as_deref(), version, "{name}");
        }
    }

    #[test]
    fn a_package_is_found_by_its_whole_name() {
        let lock = r#"{"packages": {
            "": { "devDependencies": { "binaryen": "^1" } },
            "node_modules/@a/binaryen": { "version": "1.0.0" },
            "node_modules/binaryen": {
              "version": "132.0.0", "integrity": "x" } } }"#;
        for (name, version) in [
            ("binaryen", Some("132.0.0")),
            ("@a/binaryen", Some("1.0.0")),
            ("naryen", None),
        ] {
            assert_eq!(locked_package(lock, name).as_deref(), version, "{name}");
        }
    }

    #[test]
    fn versions_compare_by_their_numbers() {
        for (version, expected) in [
            ("1.96.0", vec![1, 96, 0]),
            ("1.95", vec![1, 95]),
            ("1.96.0+dfsg1", vec![1, 96, 0]),
        ] {
            assert_eq!(numbers(version), expected);
        }
        assert!(numbers("1.100.0") > numbers("1.95"));
        assert!(numbers("1.85.0") < numbers("1.95"));
    }

    #[test]
    fn the_cache_is_where_the_user_wants_it() {
        // An absolute path looks different on Windows.
        let root = if cfg!(windows) { "C:\\" } else { "/" };
        for (variables, expected) in [
            ("SHIKAKU_CACHE=own HOME=home", Some("own")),
            ("XDG_CACHE_HOME=xdg HOME=home", Some("xdg/shikaku")),
            ("LOCALAPPDATA=local HOME=home", Some("local/shikaku")),
            ("HOME=home", Some("home/.cache/shikaku")),
            ("", None),
        ] {
            let folder = cache_folder(|name| {
                let mut set = variables
                    .split(' ')
                    .filter_map(|variable| variable.split_once('='));
                let (_, value) = set.find(|(key, _)| *key == name)?;
                Some(Path::new(root).join(value))
            });
            assert_eq!(folder.ok(), expected.map(|path| Path::new(root).join(path)));
        }
    }
}
