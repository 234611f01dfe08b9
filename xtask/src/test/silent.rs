//! Tests of the app that would pass because nothing runs them.
//!
//! On wasm32 only `#[wasm_bindgen_test]` is seen by the test runner. A plain `#[test]`
//! compiles, is never called, and so never fails.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Fails if a file below the folder has a plain `#[test]`.
pub(super) fn refuse(folder: &Path) -> Result<()> {
    let mut places = Vec::new();
    collect(folder, &mut places)?;
    if !places.is_empty() {
        bail!(
            "on wasm32 a plain #[test] is never run; write #[wasm_bindgen_test] instead: {}",
            places.join(", ")
        );
    }
    Ok(())
}

fn collect(path: &Path, places: &mut Vec<String>) -> Result<()> {
    let unreadable = || format!("could not read {}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(unreadable)? {
            collect(&entry.with_context(unreadable)?.path(), places)?;
        }
    } else if path.extension() == Some("rs".as_ref()) {
        let source = fs::read_to_string(path).with_context(unreadable)?;
        places.extend(plain_tests(&source).map(|line| format!("{}:{line}", path.display())));
    }
    Ok(())
}

/// The numbers of the lines that hold nothing but a plain `#[test]`.
fn plain_tests(source: &str) -> impl Iterator<Item = usize> {
    let lines = source.lines().zip(1..);
    lines
        .filter(|(line, _)| line.trim() == "#[test]")
        .map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_tests_are_found() {
        for (source, expected) in [
            (
                "#[cfg(test)]\nmod tests {\n    #[test]\n    fn f() {}\n",
                vec![3],
            ),
            ("#[wasm_bindgen_test]\nfn f() {}\n", vec![]),
            ("/// Not a `#[test]`.\nfn f() {}\n", vec![]),
        ] {
            assert_eq!(
                plain_tests(source).collect::<Vec<_>>(),
                expected,
                "{source}"
            );
        }
    }
}
