//! What compiles against PC/SC, and what stands in for a card reader in tests.
//!
//! Only Linux needs either: Windows and macOS have PC/SC of their own, and no virtual
//! reader that a test could start.

use std::path::Path;

use anyhow::{Result, bail};

use super::apt;
use crate::command::{answer, command, find};
use crate::progress;

const LIBRARY_WHY: &str = "the reader bridge speaks to card readers through it";
const READER_WHY: &str = "tests read virtual cards through a real PC/SC service";

/// Where Debian's package puts the virtual reader's driver.
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// Programs that the tests start, and their packages.
const PROGRAMS: [(&str, &str); 4] = [
    ("pcscd", "pcscd"),
    ("opensc-tool", "opensc"),
    ("pkcs15-tool", "opensc"),
    ("unshare", "util-linux"),
];
const READER: &str = "vsmartcard-vpcd";

/// Finds or installs the library that programs are linked with.
pub(super) fn ensure_library() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let version = || answer(command("pkg-config").args(["--modversion", "libpcsclite"]));
    if version().is_none() {
        apt::install(
            &["libpcsclite-dev", "pkg-config"],
            "PC/SC library",
            LIBRARY_WHY,
        )?;
    }
    match version() {
        Some(version) => progress::found("PC/SC library", LIBRARY_WHY, &version),
        None => bail!("libpcsclite was installed, but pkg-config does not find it"),
    }
    Ok(())
}

/// Finds or installs the PC/SC service, the virtual reader and the reader of another project.
/// The tests start a service of their own; that of the machine is left alone.
pub(super) fn ensure_virtual_reader() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let missing = missing();
    if !missing.is_empty() {
        apt::install(&missing, "virtual card reader", READER_WHY)?;
    }
    let still = self::missing();
    if !still.is_empty() {
        bail!(
            "{} was installed, but its programs are not on PATH, or the driver is not {DRIVER}",
            still.join(" ")
        );
    }
    progress::found("virtual card reader", READER_WHY, DRIVER);
    Ok(())
}

/// Packages of which something is missing, each once.
fn missing() -> Vec<&'static str> {
    let mut packages: Vec<_> = PROGRAMS
        .iter()
        .filter(|(program, _)| find(program).is_none() && !is_in_sbin(program))
        .map(|(_, package)| *package)
        .collect();
    if !Path::new(DRIVER).exists() {
        packages.push(READER);
    }
    packages.dedup();
    packages
}

/// Services are where only root's `PATH` leads.
fn is_in_sbin(program: &str) -> bool {
    Path::new("/usr/sbin").join(program).is_file()
}
