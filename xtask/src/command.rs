//! The one way this tool runs other programs.
//!
//! A child's output goes straight to the terminal, because a long build without progress
//! looks like a hang; and a failure repeats the command line, so that it can be run alone.

use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// What `cargo run` tells *this* program about itself.
///
/// Build scripts which watch these variables would run again, and rebuild what depends on
/// them, each time a developer goes from `cargo xtask` to plain `cargo` and back.
const OWN_PACKAGE: [&str; 7] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// What a developer may have set for the project's own builds, and would harm others'.
const BUILD_SETTINGS: [&str; 8] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// A command without what cargo told this program about its own package.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in OWN_PACKAGE {
        command.env_remove(name);
    }
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
    command
}

/// A command that builds something other than the workspace: no inherited build settings.
pub(crate) fn foreign_build(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = command(program);
    for name in BUILD_SETTINGS {
        command.env_remove(name);
    }
    command
}

/// Runs a command with the terminal as its output; any failure is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    let status = command
        .status()
        .with_context(|| format!("could not start: {line}"))?;
    if !status.success() {
        bail!("{status} from: {line}");
    }
    Ok(())
}

/// What a command printed, or `None` if it could not be started or failed.
///
/// For questions about the machine, where every failure means “not there”.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program is on `PATH`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).find_map(|folder| in_folder(&folder, name))
}

/// Where a program is in one folder, by the name the system gives it there.
pub(crate) fn in_folder(folder: &Path, name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd", ".bat"]
    } else {
        &[""]
    };
    endings
        .iter()
        .map(|end| folder.join(format!("{name}{end}")))
        .find(|file| file.is_file())
}

/// A command as one would type it, with the variables set for it.
fn line(command: &Command) -> String {
    let mut line = String::new();
    for (name, value) in command.get_envs() {
        // PATH is long, and tells nothing about what failed.
        if let Some(value) = value.filter(|_| name != "PATH") {
            let _ = write!(
                line,
                "{}={} ",
                name.display(),
                quoted(&value.to_string_lossy())
            );
        }
    }
    line.push_str(&quoted(&command.get_program().to_string_lossy()));
    for argument in command.get_args() {
        let _ = write!(line, " {}", quoted(&argument.to_string_lossy()));
    }
    line
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=./:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_can_be_pasted() {
        let mut command = Command::new("cargo");
        command
            .args(["test", "-p", "app", "two words"])
            .env("PATH", "/x")
            .env("DOCS", "-D w");
        assert_eq!(line(&command), "DOCS='-D w' cargo test -p app 'two words'");
    }

    #[test]
    fn words_are_quoted_only_where_a_shell_needs_it() {
        for (word, expected) in [
            ("--port=80", "--port=80"),
            ("", "''"),
            ("it's", r"'it'\''s'"),
            ("a;b", "'a;b'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
