//! A database server for tests, which start one of their own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::apt;
use crate::command::{find, in_folder};
use crate::progress;

const NAME: &str = "PostgreSQL";
const WHY: &str = "the store is tested on it, too";

/// Where Debian's packages put programs that are not on `PATH`, by version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The folder of `initdb` and `postgres`.
pub(super) fn ensure() -> Result<PathBuf> {
    if folder().is_none() {
        apt::without_cluster(|| apt::install(&["postgresql"], NAME, WHY))?;
    }
    let Some(folder) = folder() else {
        bail!("postgresql was installed, but initdb is not below {VERSIONS}");
    };
    progress::found(NAME, WHY, &folder.display().to_string());
    Ok(folder)
}

/// What the tests and the measurements start.
const PROGRAMS: [&str; 8] = [
    "initdb",
    "postgres",
    "pg_ctl",
    "pg_isready",
    "psql",
    "pg_basebackup",
    "pg_rewind",
    "pgbench",
];

fn is_whole(folder: &Path) -> bool {
    let mut programs = PROGRAMS.iter();
    programs.all(|program| in_folder(folder, program).is_some())
}

fn folder() -> Option<PathBuf> {
    let on_path = find("initdb").and_then(|program| program.parent().map(Path::to_owned));
    let on_path = on_path.filter(|folder| is_whole(folder));
    on_path.or_else(|| {
        let versions = fs::read_dir(VERSIONS).ok()?;
        let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
        let mut folders: Vec<_> = folders.filter(|folder| is_whole(folder)).collect();
        // By number: 9 is older than 15.
        folders.sort_by_key(|folder| version(folder));
        folders.pop()
    })
}

fn version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        for (folder, expected) in [
            ("/usr/lib/postgresql/15/bin", Some(15)),
            ("/usr/lib/postgresql/9.6/bin", None),
        ] {
            assert_eq!(version(Path::new(folder)), expected);
        }
    }
}
