//! What a browser loads first: raw, and as the service sends it (brotli).

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use super::http::Connection;
use super::service::Programs;
use crate::run::server_program;
use crate::setup::Prepared;
use crate::workspace::Workspace;

/// Bytes of the first load that must not be exceeded. The aim is 220,000; the pages
/// for accounts, the audit trail and the calendar went past it, and until they come
/// in parts of their own this keeps the rest from growing.
pub(super) const MOST_FIRST_LOAD_BYTES: u64 = 245_000;

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

/// All of the first load.
#[derive(Debug)]
pub(super) struct Size(pub(super) Vec<Kind>);

impl Size {
    pub(super) fn total(&self) -> Kind {
        let sum = |of: fn(&Kind) -> u64| self.0.iter().map(of).sum();
        Kind {
            name: "first load",
            files: self.0.iter().map(|kind| kind.files).sum(),
            raw: sum(|kind| kind.raw),
            brotli: sum(|kind| kind.brotli),
        }
    }

    /// A table in Markdown.
    pub(super) fn markdown(&self) -> String {
        let mut table = "| | files | raw | brotli |\n|---|---|---|---|\n".to_owned();
        for kind in self.0.iter().chain([&self.total()]) {
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
        table
    }
}

/// Thousands of bytes with one decimal.
fn kilobytes(bytes: u64) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Asks the service for every file of the page that the first load names.
pub(super) fn measure(dist: &Path, address: &str) -> Result<Size> {
    let index = fs::read_to_string(dist.join("index.html"))?;
    let mut kinds = KINDS.map(|(name, _)| Kind {
        name,
        files: 0,
        raw: 0,
        brotli: 0,
    });
    let mut connection = Connection::open(address)?;
    for file in fs::read_dir(dist)? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name != "index.html" && !index.contains(&name) {
            continue;
        }
        let ending = name.rsplit('.').next().unwrap_or_default();
        let place = KINDS.iter().position(|(_, ends)| ends.contains(&ending));
        let kind = &mut kinds[place.unwrap_or(KINDS.len() - 1)];
        let path = if name == "index.html" { "" } else { &name };
        let answer = connection.get(&format!("/{path}"), "accept-encoding: br\r\n")?;
        ensure!(answer.status == 200, "/{path}: status {}", answer.status);
        kind.files += 1;
        kind.raw += file.metadata()?.len();
        kind.brotli += answer.body.len() as u64;
    }
    Ok(Size(kinds.to_vec()))
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
