//! Puts what the page is made of into one folder, for Trunk.
//!
//! Trunk would compile the app itself wherever a `Cargo.toml` lies beside `index.html`.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Where `index.html` wants the app.
const PLACE: &str = r#"<script type="module" data-app></script>"#;

/// A style sheet that many of them become: compressed together they are a third smaller.
struct Sheet {
    /// What it is called, before Trunk adds to that what is in it.
    name: &'static str,
    /// How a tag of `index.html` ends that names one of them.
    mark: &'static str,
    /// What the page's tag has more than others.
    attributes: &'static str,
}

/// The first load's, and what takes effect with the first part: a browser fetches what applies
/// to no medium last, and waits for it with nothing.
const SHEETS: [Sheet; 2] = [
    Sheet {
        name: "styles.css",
        mark: "\">",
        attributes: "",
    },
    Sheet {
        name: LATER_STYLES,
        mark: "\" data-later>",
        attributes: r#" id="later-styles" media="not all""#,
    },
];

/// The style sheet of what is loaded when it is wanted.
const LATER_STYLES: &str = "later.css";

/// How a tag begins that names a style sheet.
const STYLE: &str = r#"<link data-trunk rel="css" href=""#;

/// Copies `index.html`, with the app `program` in its place, and every file that Trunk is to
/// take in (`data-trunk`), from `root` to `folder`; the style sheets as two, in their order.
pub(super) fn assemble(root: &Path, folder: &Path, program: &str) -> Result<()> {
    let html = fs::read_to_string(root.join("index.html"));
    let mut html = html.context("could not read index.html")?;
    let mut sheets = Vec::new();
    for sheet in &SHEETS {
        let (joined, names) = join_styles(&html, sheet);
        html = joined;
        sheets.push(read_all(root, &names)?);
    }
    let used = sheets.concat();
    for (sheet, styles) in SHEETS.iter().zip(&sheets) {
        fs::write(folder.join(sheet.name), without_unused(styles, &used))?;
    }
    let is_joined = |name: &&str| SHEETS.iter().any(|sheet| sheet.name == *name);
    let assets = assets(&html).into_iter().filter(|name| !is_joined(name));
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

/// Whether a file of the page is the style sheet of what is loaded when it is wanted.
pub(super) fn is_later_style(path: &str) -> bool {
    // As Trunk names it.
    path.starts_with("later-")
}

fn read_all(root: &Path, names: &[String]) -> Result<String> {
    let mut joined = String::new();
    for name in names {
        let style = fs::read_to_string(root.join(name));
        joined.push_str(&style.with_context(|| format!("could not read {name}"))?);
        joined.push('\n');
    }
    Ok(joined)
}

/// Takes custom properties out that `all` of the page refers to nowhere: the design system has hundreds of
/// tokens, a kilobyte of the first load.
fn without_unused(css: &str, all: &str) -> String {
    let used: HashSet<&str> = all
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
        // What only those referred to is not used any more, either.
        let all = all.replace(css, &kept);
        without_unused(&kept, &all)
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

/// Puts one style sheet in the place of the first of its kind and takes the others out; and names them.
fn join_styles(html: &str, sheet: &Sheet) -> (String, Vec<String>) {
    let mut joined = String::new();
    let mut names: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some((before, from)) = rest.split_once(STYLE) {
        joined.push_str(before);
        let end = from.find('"').unwrap_or(from.len());
        let (name, after) = from.split_at(end);
        if let Some(after) = after.strip_prefix(sheet.mark) {
            if names.is_empty() {
                let Sheet {
                    name, attributes, ..
                } = sheet;
                joined.extend([STYLE, name, "\"", attributes, ">"]);
            }
            names.push(name.to_owned());
            rest = after;
        } else {
            joined.push_str(STYLE);
            rest = from;
        }
    }
    joined.push_str(rest);
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
            assert_eq!(without_unused(css, css), expected, "{css}");
        }
        let (first, later) = (":root{--a:1;--b:2}", "p{x:var(--a)}");
        let all = [first, later].concat();
        assert_eq!(without_unused(first, &all), ":root{--a:1;}");
    }

    #[test]
    fn the_page_gets_its_app_and_its_files() {
        let root = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("style")).unwrap();
        for name in [
            "Trunk.toml",
            "style/a.css",
            "style/b.css",
            "style/c.css",
            "boot.js",
        ] {
            fs::write(root.path().join(name), name).unwrap();
        }
        let html = |app: &str, styles: &[&str]| {
            let style = |style: &&str| format!("{STYLE}{style}>");
            let styles: String = styles.iter().map(style).collect();
            format!("<a href=\"absent\">{app}{styles}<script data-trunk src=\"boot.js\"></script>")
        };
        let all = ["style/a.css\"", "style/c.css\" data-later", "style/b.css\""];
        let page = |html: &str| {
            fs::write(root.path().join("index.html"), html).unwrap();
            assemble(root.path(), folder.path(), "app-1")
        };
        page(&html(PLACE, &all)).unwrap();
        let copied = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(copied("styles.css"), "style/a.css\nstyle/b.css\n");
        assert_eq!(copied(LATER_STYLES), "style/c.css\n");
        assert_eq!(copied("boot.js"), "boot.js");
        let joined = [
            "styles.css\"",
            "later.css\" id=\"later-styles\" media=\"not all\"",
        ];
        assert_eq!(copied("index.html"), html(&start("app-1"), &joined));
        assert!(page(&html("", &all)).is_err(), "no place for the app");
    }
}
