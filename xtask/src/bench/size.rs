//! What a browser loads first: raw, and as the service sends it (brotli).

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use super::http::Connection;
use super::service::Programs;
use crate::page::{parts, worker};
use crate::run::server_program;
use crate::setup::Prepared;
use crate::workspace::Workspace;

/// Bytes of the first load that must not be exceeded, so that it cannot creep. What is not wanted for a
/// search goes into a part (`app/src/parts.rs`), and its styles after the others (`index.html`).
pub(super) const MOST_FIRST_LOAD_BYTES: u64 = 200_000;

/// Kinds of files: what they are called, and how their names end.
const KINDS: [(&str, &[&str]); 4] = [
    ("wasm", &["wasm"]),
    ("JS", &["js"]),
    ("CSS", &["css"]),
    ("HTML, icon", &["html", "svg", "ico", "webmanifest"]),
];

/// The files of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) files: u32,
    pub(super) raw: u64,
    pub(super) brotli: u64,
}

impl Kind {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            files: 0,
            raw: 0,
            brotli: 0,
        }
    }

    fn add(&mut self, raw: u64, brotli: u64) {
        self.files += 1;
        self.raw += raw;
        self.brotli += brotli;
    }
}

/// All of the first load, and what comes after it.
#[derive(Debug)]
pub(super) struct Size {
    pub(super) first: Vec<Kind>,
    /// Parts of the program, loaded when they are wanted.
    pub(super) lazy: Kind,
    /// Each part with its size as it is sent, the largest first.
    parts: Vec<(String, u64)>,
}

impl Size {
    pub(super) fn total(&self) -> Kind {
        let sum = |of: fn(&Kind) -> u64| self.first.iter().map(of).sum();
        Kind {
            name: "first load",
            files: self.first.iter().map(|kind| kind.files).sum(),
            raw: sum(|kind| kind.raw),
            brotli: sum(|kind| kind.brotli),
        }
    }

    /// A table in Markdown.
    pub(super) fn markdown(&self) -> String {
        let mut table = "| | files | raw | brotli |\n|---|---|---|---|\n".to_owned();
        for kind in self.first.iter().chain([&self.total(), &self.lazy]) {
            let Kind {
                name,
                files,
                raw,
                brotli,
            } = kind;
            let _ = writeln!(
                table,
                "| {name} | {files} | {} kB | {} kB |",
                kilobytes(*raw),
                kilobytes(*brotli)
            );
        }
        let parts = self.parts.iter();
        let parts = parts.map(|(name, brotli)| format!("{name} {} kB", kilobytes(*brotli)));
        let parts: Vec<_> = parts.collect();
        let _ = writeln!(table, "\nThe parts: {}.", parts.join(", "));
        table
    }
}

/// Thousands of bytes with one decimal.
fn kilobytes(bytes: u64) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Asks the service for every file of the page: all but the parts are the first load.
pub(super) fn measure(dist: &Path, address: &str) -> Result<Size> {
    let mut size = Size {
        first: KINDS.map(|(name, _)| Kind::new(name)).to_vec(),
        lazy: Kind::new("loaded when wanted"),
        parts: Vec::new(),
    };
    let mut connection = Connection::open(address)?;
    let mut paths = Vec::new();
    files(dist, "", &mut paths)?;
    for path in paths {
        let raw = fs::metadata(dist.join(&path))?.len();
        let asked = if path == "index.html" { "" } else { &path };
        let answer = connection.get(&format!("/{asked}"), "accept-encoding: br\r\n")?;
        ensure!(answer.status == 200, "/{path}: status {}", answer.status);
        let brotli = answer.body.len() as u64;
        let name = path.rsplit('/').next().unwrap_or_default();
        if parts::is_lazy(name) || worker::is_for_later(&path) {
            size.lazy.add(raw, brotli);
            let name = name.trim_start_matches("split_").trim_end_matches(".wasm");
            size.parts.push((name.to_owned(), brotli));
        } else {
            let ending = name.rsplit('.').next().unwrap_or_default();
            let place = KINDS.iter().position(|(_, ends)| ends.contains(&ending));
            size.first[place.unwrap_or(KINDS.len() - 1)].add(raw, brotli);
        }
    }
    size.parts.sort_by_key(|(_, brotli)| Reverse(*brotli));
    Ok(size)
}

/// The addresses of all files in a folder of the page.
fn files(folder: &Path, above: &str, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            files(&entry.path(), &format!("{path}/"), paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// Refuses a page that is too large, with the table that says where it is.
pub(crate) fn check_first_load(workspace: &Workspace, _: &Prepared) -> Result<()> {
    let server = server_program(workspace, "debug");
    let programs = Programs::at(server, workspace.target.join("first-load"))?;
    let service = programs.serve()?;
    let size = measure(&workspace.dist(), &service.address)?;
    println!("{}", size.markdown());
    ensure!(
        size.total().brotli <= MOST_FIRST_LOAD_BYTES,
        "the first load is larger than {} kB",
        kilobytes(MOST_FIRST_LOAD_BYTES)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilobytes_are_rounded() {
        for (bytes, expected) in [(0, "0.0"), (49, "0.0"), (50, "0.1"), (219_960, "220.0")] {
            assert_eq!(kilobytes(bytes), expected);
        }
    }
}
