//! Puts what the page is made of into one folder, for Trunk.
//!
//! Trunk would compile the app itself wherever a `Cargo.toml` lies beside `index.html`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Where `index.html` wants the app.
const PLACE: &str = r#"<script type="module" data-app></script>"#;

/// The one style sheet that all of them become: compressed together they are a third smaller.
const STYLES: &str = "styles.css";

/// Copies `index.html`, with the app `program` in its place, and every file that Trunk is to
/// take in (`data-trunk`), from `root` to `folder`; the style sheets as one, in their order.
pub(super) fn assemble(root: &Path, folder: &Path, program: &str) -> Result<()> {
    let html = fs::read_to_string(root.join("index.html")).context("could not read index.html")?;
    let (html, styles) = join_styles(&html);
    let mut joined = String::new();
    for name in styles {
        let style = fs::read_to_string(root.join(&name));
        joined.push_str(&style.with_context(|| format!("could not read {name}"))?);
        joined.push('\n');
    }
    fs::write(folder.join(STYLES), joined)?;
    let assets = assets(&html).into_iter().filter(|name| *name != STYLES);
    for name in assets.chain(["Trunk.toml"]) {
        let to = folder.join(name);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(root.join(name), &to).with_context(|| format!("could not copy {name}"))?;
    }
    let (before, after) = html
        .split_once(PLACE)
        .with_context(|| format!("index.html has no place for the app: {PLACE}"))?;
    fs::write(
        folder.join("index.html"),
        [before, &start(program), after].concat(),
    )?;
    Ok(())
}

/// Puts one style sheet in the place of the first and takes the others out; and names them.
fn join_styles(html: &str) -> (String, Vec<String>) {
    const BEGIN: &str = r#"<link data-trunk rel="css" href=""#;
    let mut pieces = html.split(BEGIN);
    let mut joined = pieces.next().unwrap_or_default().to_owned();
    let mut names = Vec::new();
    for piece in pieces {
        let Some((name, after)) = piece.split_once("\">") else {
            continue;
        };
        if names.is_empty() {
            joined.push_str(BEGIN);
            joined.push_str(STYLES);
            joined.push_str("\">");
        }
        names.push(name.to_owned());
        joined.push_str(after);
    }
    (joined, names)
}

/// What the tags with `data-trunk` name.
fn assets(html: &str) -> Vec<&str> {
    html.split('<')
        .filter(|tag| tag.contains("data-trunk"))
        .filter_map(|tag| {
            let (_, value) = tag.split_once("href=\"").or(tag.split_once("src=\""))?;
            value.split_once('"').map(|(value, _)| value)
        })
        .collect()
}

/// Starts the app. What it needs first is fetched at once, not one after the other.
fn start(program: &str) -> String {
    format!(
        r#"<link data-trunk rel="copy-dir" href="{program}">
    <link rel="modulepreload" href="/{program}/app.js">
    <link rel="modulepreload" href="/{program}/__wasm_split.js">
    <link rel="preload" href="/{program}/app_bg.wasm" as="fetch" type="application/wasm" crossorigin>
    <script type="module">import init from "/{program}/app.js"; init();</script>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_gets_its_app_and_its_files() {
        let root = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("style")).unwrap();
        for name in ["Trunk.toml", "style/a.css", "style/b.css", "boot.js"] {
            fs::write(root.path().join(name), name).unwrap();
        }
        let html = |app: &str, styles: &[&str]| {
            let style = |name: &&str| format!("<link data-trunk rel=\"css\" href=\"{name}\">");
            let styles: String = styles.iter().map(style).collect();
            format!("<a href=\"absent\">{app}{styles}<script data-trunk src=\"boot.js\"></script>")
        };
        let both = ["style/a.css", "style/b.css"];
        let page = |html: &str| {
            fs::write(root.path().join("index.html"), html).unwrap();
            assemble(root.path(), folder.path(), "app-1")
        };
        page(&html(PLACE, &both)).unwrap();
        let copied = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(copied(STYLES), "style/a.css\nstyle/b.css\n");
        assert_eq!(copied("boot.js"), "boot.js");
        assert_eq!(copied("index.html"), html(&start("app-1"), &[STYLES]));
        assert!(page(&html("", &both)).is_err(), "no place for the app");
    }
}
