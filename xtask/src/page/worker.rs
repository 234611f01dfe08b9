//! `worker.js`: what the browser keeps of the page for when the service is away.
//!
//! It is made of `app/worker.js` when all other files are there, because it holds their names.
//! With any of them it changes itself, and that is how a browser learns of a new build.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::assemble;
use super::stamp::Stamp;

/// The worker's name: it stays, or a browser would not find the new one.
const NAME: &str = "worker.js";

/// What is not kept: a reader's own screen does nothing without the service.
const LEFT_OUT: [&str; 1] = ["split_reader_screen.wasm"];

/// Writes the worker of a finished page.
pub(super) fn write(root: &Path, dist: &Path) -> Result<()> {
    let source = fs::read_to_string(root.join("app").join(NAME))
        .with_context(|| format!("could not read app/{NAME}"))?;
    let page = fs::read_to_string(dist.join("index.html")).context("Trunk left no page")?;
    let mut names = Vec::new();
    files(dist, "", &mut names)?;
    names.retain(|name| name != NAME);
    names.sort();
    let build = Stamp::of(dist, &[], names.iter().map(String::as_str))?.digest();
    let kept: Vec<_> = names.iter().filter(|name| is_kept(name)).collect();
    let files: Vec<String> = kept.iter().map(|name| format!("/{name}")).collect();
    let named: Vec<String> = files
        .iter()
        .filter(|name| page.contains(name.as_str()))
        .cloned()
        .collect();
    ensure!(!named.is_empty(), "the page names none of its files");
    let worker = filled(&source, &build, &files, &named)?;
    fs::write(dist.join(NAME), worker).with_context(|| format!("could not write {NAME}"))
}

/// Whether a file of the page is fetched when the browser has nothing else to do, or when the app
/// is installed.
pub(crate) fn is_for_later(path: &str) -> bool {
    let stays = [NAME, "icon.svg", "manifest.webmanifest"];
    stays.contains(&path) || is_picture(path) || assemble::is_later_style(path)
}

fn is_kept(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    // Names that stay the same could hide a newer content.
    let has_lasting_name = matches!(name, "index.html" | "manifest.webmanifest");
    let is_wanted = assemble::is_later_style(name) || !is_for_later(name);
    !has_lasting_name && is_wanted && !LEFT_OUT.contains(&file)
}

fn is_picture(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "png")
}

fn filled(source: &str, build: &str, files: &[String], named: &[String]) -> Result<String> {
    let mut worker = source.to_owned();
    for (place, value) in [
        (r#""@build@""#, format!("{build:?}")),
        (r#"["@files@"]"#, format!("{files:?}")),
        (r#"["@named@"]"#, format!("{named:?}")),
    ] {
        ensure!(worker.contains(place), "app/{NAME} has no place: {place}");
        worker = worker.replacen(place, &value, 1);
    }
    Ok(worker)
}

fn files(folder: &Path, above: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            files(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str =
        r#"const BUILD = "@build@"; const FILES = ["@files@"]; const NAMED = ["@named@"];"#;

    fn page(dist: &Path, style: &str) -> String {
        let root = dist.join("root");
        fs::create_dir_all(root.join("app")).unwrap();
        fs::write(root.join("app/worker.js"), SOURCE).unwrap();
        let dist = dist.join("dist");
        fs::create_dir_all(dist.join("app-1")).unwrap();
        let index = r#"<script src="/app-1/app.js"></script><link href="/styles-1.css">"#;
        for (name, content) in [
            ("index.html", index),
            ("styles-1.css", style),
            ("app-1/app.js", ""),
            ("app-1/split_notebook.wasm", ""),
            ("app-1/split_reader_screen.wasm", ""),
            ("icon-192.png", ""),
            ("manifest.webmanifest", ""),
        ] {
            fs::write(dist.join(name), content).unwrap();
        }
        write(&root, &dist).unwrap();
        fs::read_to_string(dist.join(NAME)).unwrap()
    }

    #[test]
    fn a_worker_names_its_build_and_changes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = page(folder.path(), "one");
        assert!(
            first.contains(
                r#"FILES = ["/app-1/app.js", "/app-1/split_notebook.wasm", "/styles-1.css"];"#
            ),
            "{first}"
        );
        assert!(
            first.contains(r#"NAMED = ["/app-1/app.js", "/styles-1.css"];"#),
            "{first}"
        );
        assert_eq!(page(folder.path(), "one"), first, "the same page");
        assert_ne!(page(folder.path(), "two"), first, "another one");
    }

    #[test]
    fn a_source_without_a_place_is_refused() {
        assert!(filled("const BUILD = 1;", "b", &[], &[]).is_err());
    }

    #[test]
    fn what_comes_later_is_no_first_load() {
        for (path, expected) in [
            ("worker.js", true),
            ("icon-512.png", true),
            ("icon.svg", true),
            ("icon-8f0a1c2b3d4e5f60.svg", false),
            ("manifest.webmanifest", true),
            ("later-8f0a1c2b3d4e5f60.css", true),
            ("styles-8f0a1c2b3d4e5f60.css", false),
            ("app-1/app.js", false),
        ] {
            assert_eq!(is_for_later(path), expected, "{path}");
        }
    }
}
