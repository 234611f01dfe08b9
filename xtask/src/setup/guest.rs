//! The virtual machine of `test --vm`: QEMU, and an image of Debian with a browser, made once for
//! each recipe.
//!
//! The image keeps the versions that it was made with: remove its folder to have newer ones.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::apt;
use crate::command::{answer, command, find, run};
use crate::progress;
use crate::workspace::{Workspace, exists};

const WHY: &str = "a kernel and a browser of its own see emulated readers as devices";
const IMAGE: &str = "virtual machine's image";

/// Programs that making and running the machine takes, and their packages.
const PROGRAMS: [(&str, &str); 4] = [
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("mmdebstrap", "mmdebstrap"),
    ("cpio", "cpio"),
    ("mke2fs", "e2fsprogs"),
];

/// How the image is made, and the first program that runs in it.
const RECIPE: &str = include_str!("guest/image.sh");
const INIT: &str = include_str!("guest/init.sh");

/// What is in a whole image; the recipe makes the disk last.
const FILES: [&str; 4] = ["vmlinuz", "initrd.gz", "versions", "disk.ext4"];

/// Of which the release is asked for to see whether packages can be had.
const MIRROR: &str = "http://deb.debian.org/debian/dists/bookworm/Release";
const APT_HELPER: &str = "/usr/lib/apt/apt-helper";

/// What it takes, for who asks for it the first time.
const COST: &str =
    "downloads 0.4 GB once, keeps 0.9 GB, takes 2.5 GB for some minutes while it is made";

/// Whether there is a virtual machine.
#[derive(Debug)]
pub(crate) enum Guest {
    /// Its image is in this folder.
    Image(PathBuf),
    /// There can't be one here, for this reason.
    Impossible(String),
}

/// Finds or makes the image, and finds or installs what runs it.
pub(crate) fn ensure(workspace: &Workspace) -> Result<Guest> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        let why = "it runs on Linux on x86-64 only";
        return Ok(Guest::Impossible(why.to_owned()));
    }
    let image = workspace.cache.join("guest").join(key(RECIPE, INIT));
    let missing = missing();
    if is_whole(&image) && find("qemu-system-x86_64").is_some() {
        let versions = fs::read_to_string(image.join("versions")).unwrap_or_default();
        progress::found(IMAGE, WHY, &image.display().to_string());
        progress::found("its versions", WHY, &versions.trim().replace('\n', ", "));
        return Ok(Guest::Image(image));
    }
    if !apt::is_debian() || !apt::may_install() {
        return Ok(Guest::Impossible(format!(
            "its image is made on Debian only, by who may install packages: {}",
            apt::by_hand(&PROGRAMS.map(|(_, package)| package))
        )));
    }
    if !missing.is_empty() {
        apt::install(&missing, "virtual machine", WHY)?;
    }
    if !is_whole(&image) {
        if !has_mirror(workspace) {
            return Ok(Guest::Impossible(format!(
                "Debian's mirror does not answer: {MIRROR}"
            )));
        }
        make(&image)?;
    }
    Ok(Guest::Image(image))
}

fn make(image: &Path) -> Result<()> {
    let by_hand = format!("cargo xtask test --vm, as root ({COST})");
    progress::installing(IMAGE, WHY, &by_hand);
    let owner = answer(command("id").arg("-u")).context("nobody knows who this is")?;
    run(apt::privileged("sh")
        .args(["-c", RECIPE, "image.sh"])
        .arg(image)
        .args([INIT, &owner]))?;
    ensure!(
        is_whole(image),
        "{IMAGE} was made, but is not in {}",
        image.display()
    );
    progress::found(IMAGE, WHY, &image.display().to_string());
    Ok(())
}

/// Packages of which something is missing.
fn missing() -> Vec<&'static str> {
    PROGRAMS
        .iter()
        .filter(|(program, _)| find(program).is_none())
        .filter(|(program, _)| !Path::new("/usr/sbin").join(program).is_file())
        .map(|(_, package)| *package)
        .collect()
}

/// Asked in the way in which packages are got.
fn has_mirror(workspace: &Workspace) -> bool {
    let release = workspace.cache.join("guest").join("Release");
    let _ = fs::create_dir_all(workspace.cache.join("guest"));
    let asked = command(APT_HELPER)
        .args(["-o", "Acquire::http::Timeout=20", "download-file", MIRROR])
        .arg(&release)
        .output();
    let _ = fs::remove_file(release);
    asked.is_ok_and(|output| output.status.success())
}

fn is_whole(image: &Path) -> bool {
    FILES.iter().all(|name| exists(&image.join(name)))
}

/// The name of what a recipe makes.
fn key(recipe: &str, init: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (recipe, init).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_recipe_is_another_image() {
        assert_eq!(key("a", "b"), key("a", "b"));
        for (recipe, init) in [("a", "c"), ("c", "b"), ("ab", ""), ("", "")] {
            assert_ne!(key("a", "b"), key(recipe, init), "{recipe} {init}");
        }
    }

    #[test]
    fn an_image_is_whole_with_its_last_file_only() {
        let folder = tempfile::tempdir().unwrap();
        for name in FILES {
            assert!(!is_whole(folder.path()), "{name}");
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert!(is_whole(folder.path()));
    }
}
