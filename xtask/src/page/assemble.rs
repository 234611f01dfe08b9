//! Puts what the page is made of into one folder, for Trunk.
//!
//! Trunk would compile the app itself wherever a `Cargo.toml` lies beside `index.html`.

use std::collections::HashSet;
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
    fs::write(folder.join(STYLES), without_unused(&joined))?;
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

/// Takes custom properties out that nothing refers to: the design system has hundreds of tokens, a
/// kilobyte of the first load.
fn without_unused(css: &str) -> String {
    let used: HashSet<&str> = css
        .split("var(")
        .skip(1)
        .map(|after| after.trim_start())
        .map(|after| &after[..property(after)])
        .collect();
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(place) = rest.find("--") {
        let (before, from) = rest.split_at(place);
        kept.push_str(before);
        let name = property(from);
        let is_declaration = from[name..].trim_start().starts_with(':')
            && kept.trim_end().ends_with(['{', ';', '/']);
        if is_declaration && !used.contains(&from[..name]) {
            let end = from.find([';', '}']).unwrap_or(from.len());
            rest = from[end..].strip_prefix(';').unwrap_or(&from[end..]);
        } else {
            let (shown, after) = from.split_at(name.max(2));
            kept.push_str(shown);
            rest = after;
        }
    }
    kept.push_str(rest);
    if kept.len() < css.len() {
        without_unused(&kept)
    } else {
        kept
    }
}

/// How long the name of a custom property is at the beginning of a text.
fn property(text: &str) -> usize {
    let is_in_name =
        |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    text.find(|letter| !is_in_name(letter))
        .unwrap_or(text.len())
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
    fn what_no_rule_refers_to_goes() {
        let table = [
            (
                ":root{--a:1;--b:2}p{x:var(--b)}",
                ":root{--b:2}p{x:var(--b)}",
            ),
            (":root{--a:var(--c);--c:1}p{x:1}", ":root{}p{x:1}"),
            (
                ":root{\n  --a: 1;\n  --ab: 2;\n}\np { x: var( --ab ) }",
                ":root{\n  \n  --ab: 2;\n}\np { x: var( --ab ) }",
            ),
            (".a--b{x:1}.a--c:hover{x:2}", ".a--b{x:1}.a--c:hover{x:2}"),
            ("/* -- */.b--c:not(.d){x:1}", "/* -- */.b--c:not(.d){x:1}"),
        ];
        for (css, expected) in table {
            assert_eq!(without_unused(css), expected, "{css}");
        }
    }

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
