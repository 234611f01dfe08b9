//! The folder that stores are made in: whether there is room for them, and that it goes.

use std::fs;
use std::io::PipeWriter;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::command::{answer, command};

/// Waits for the end of its input, and then until the services are gone, too: those that were
/// interrupted still write.
#[cfg(unix)]
const REMOVE: &str =
    "cat; for i in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- \"$1\" 2>/dev/null && exit; sleep 1; done";

/// Makes a folder, empty, that goes with whoever holds what is returned, however that ends;
/// on Windows only with the next one of its name.
pub(super) fn make(folder: &Path) -> Result<Option<PipeWriter>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    remove_at_end(folder)
}

#[cfg(not(unix))]
fn remove_at_end(_: &Path) -> Result<Option<PipeWriter>> {
    Ok(None)
}

#[cfg(unix)]
fn remove_at_end(folder: &Path) -> Result<Option<PipeWriter>> {
    use std::os::unix::process::CommandExt as _;
    use std::process::Stdio;

    let (end, leash) = std::io::pipe()?;
    command("sh")
        .args(["-c", REMOVE, "sh"])
        .arg(folder)
        .stdin(end)
        .stdout(Stdio::null())
        // Ctrl-C is for all others.
        .process_group(0)
        .spawn()
        .context("could not start: sh")?;
    Ok(Some(leash))
}

/// Fails where a folder has not so many bytes left; where nobody can tell, it is tried.
pub(super) fn ensure_room(folder: &Path, bytes: u64) -> Result<()> {
    let said = answer(command("df").arg("-Pk").arg(folder));
    let Some(free) = said.as_deref().and_then(free) else {
        return Ok(());
    };
    ensure!(
        free >= bytes,
        "{} has {:.1} GB left, and {:.1} GB may be needed",
        folder.display(),
        gigabytes(free),
        gigabytes(bytes)
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "one place is told")]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

/// The fourth column of `df -Pk`, in bytes.
fn free(said: &str) -> Option<u64> {
    let kibibytes: u64 = said
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_disk_is_read() {
        let said = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                    /dev/vda 263174212 50000000 46137344 53% /\n";
        assert_eq!(free(said), Some(46_137_344 * 1024));
        assert_eq!(free("df: no such folder"), None);
    }

    #[test]
    fn what_can_not_be_held_is_not_begun() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        ensure_room(here, 1).unwrap();
        if cfg!(unix) {
            let error = ensure_room(here, u64::MAX).unwrap_err().to_string();
            assert!(error.contains("GB left"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_goes_with_its_leash() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("bench");
        let leash = make(&folder).unwrap();
        fs::write(folder.join("store"), "x").unwrap();
        drop(leash);
        // Nothing here waits for the other program; it takes milliseconds.
        for _ in 0..500 {
            if !folder.exists() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("the folder is still there");
    }
}
