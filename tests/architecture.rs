//! The shape of the workspace as a test: who may depend on whom, what may be
//! used where, under which licences, and that every crate keeps the house rules.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::BTreeSet;
use std::fs;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Edges inside the workspace. What is not here is refused, so that `protocol`,
/// say, can never come to know `server`. Nothing depends on `app`, `server`,
/// `reader-bridge`, `tests`, `fakes`, `guest` or `xtask`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("protocol", &["domain"]),
    ("card", &["domain"]),
    ("app", &["domain", "protocol", "card"]),
    ("reader-bridge", &["domain", "protocol", "card"]),
    ("server", &["domain", "protocol"]),
    ("tests", &["card"]),
    ("fakes", &["card"]),
    ("guest", &[]),
    ("xtask", &[]),
];

/// Edges that tests may have besides: they are given the other side.
const TESTS_MAY_USE: &[(&str, &str)] = &[("server", "card")];

/// Libraries that belong to one place: I/O stays out of the rules, SQL in the
/// server, the browser in the page.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("argon2", &["server"]),
    ("axum", &["server", "reader-bridge"]),
    ("getrandom", &["server", "reader-bridge"]),
    ("hyper", &["server", "reader-bridge"]),
    ("jpholiday", &["server"]),
    ("leptos", &["app"]),
    ("lettre", &["server"]),
    ("opentelemetry", &["server"]),
    ("p256", &["reader-bridge"]),
    ("pcsc", &["reader-bridge"]),
    ("procfs", &["reader-bridge"]),
    ("prometheus-client", &["server"]),
    // Journeys let time pass in the store.
    ("rusqlite", &["server", "tests"]),
    ("thirtyfour", &["tests"]),
    ("tokio", &["server", "reader-bridge", "tests"]),
    ("tokio-postgres", &["server"]),
    ("tokio-postgres-rustls", &["server"]),
    ("unicode-normalization", &["domain"]),
    ("wasm-bindgen", &["app", "fakes"]),
    ("web-sys", &["app"]),
    // MPL-2.0, and so are the crates that it brings: unchanged, in the service only.
    ("webauthn-rs", &["server"]),
];

/// Refused wherever they come from: TLS is Rust's own (or a proxy's), and there
/// is one way to do each of these.
const BANNED: &[&str] = &["native-tls", "openssl", "openssl-sys", "sqlx"];

/// Licences that a product given to clinics can carry.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSL-1.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// The crates of the workspace.
const CRATES: &[&str] = &[
    "domain",
    "protocol",
    "card",
    "app",
    "reader-bridge",
    "server",
    "tests",
    "fakes",
    "guest",
    "xtask",
];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .other_options(["--locked".to_owned()])
        .exec()
        .unwrap()
}

fn members(metadata: &Metadata) -> Vec<&Package> {
    metadata.workspace_packages()
}

#[test]
fn the_workspace_is_the_table() {
    let metadata = metadata();
    let found: BTreeSet<_> = members(&metadata)
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(
        found,
        CRATES.iter().copied().collect(),
        "a new crate needs a row in each table"
    );
    assert_eq!(MAY_USE.len(), CRATES.len());
    for package in members(&metadata) {
        let folder = package
            .manifest_path
            .parent()
            .and_then(|path| path.file_name());
        assert_eq!(folder, Some(package.name.as_str()), "folder = crate");
    }
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    for package in members(&metadata) {
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == package.name.as_str())
            .unwrap();
        for dependency in package.dependencies.iter().filter(|d| d.path.is_some()) {
            let name = dependency.name.as_str();
            // A crate's tests may want its features.
            let is_for_tests = dependency.kind == DependencyKind::Development
                && (name == package.name.as_str()
                    || TESTS_MAY_USE.contains(&(package.name.as_str(), name)));
            if is_for_tests {
                continue;
            }
            assert!(
                allowed.contains(&name),
                "{} must not depend on {name}",
                package.name
            );
        }
    }
}

#[test]
fn libraries_stay_in_their_place() {
    let metadata = metadata();
    for package in members(&metadata) {
        let used = package
            .dependencies
            .iter()
            .filter(|d| d.kind != DependencyKind::Development);
        for dependency in used {
            let place = ONLY_IN.iter().find(|(name, _)| *name == dependency.name);
            let is_allowed =
                place.is_none_or(|(_, crates)| crates.contains(&package.name.as_str()));
            assert!(
                is_allowed,
                "{} must not use {}",
                package.name, dependency.name
            );
        }
    }
}

#[test]
fn nothing_banned_comes_in() {
    for package in &metadata().packages {
        assert!(
            !BANNED.contains(&package.name.as_str()),
            "{} is banned",
            package.name
        );
    }
}

#[test]
fn every_licence_is_known() {
    for package in &metadata().packages {
        let text = package
            .license
            .as_deref()
            .unwrap_or_default()
            .replace('/', " OR ");
        let expression = spdx::Expression::parse(&text)
            .unwrap_or_else(|error| panic!("{} has the licence {text:?}: {error}", package.name));
        let is_allowed = expression.evaluate(|requirement| {
            requirement
                .license
                .id()
                .is_some_and(|id| LICENCES.contains(&id.name))
        });
        assert!(is_allowed, "{} has the licence {text:?}", package.name);
    }
}

#[test]
fn every_crate_keeps_the_lints_and_the_versions_of_the_workspace() {
    for package in members(&metadata()) {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{} has no lints",
            package.name
        );
        let mut section = "";
        for line in manifest.lines().map(str::trim) {
            if line.starts_with('[') {
                section = line;
            } else if section.ends_with("dependencies]") && line.contains('=') {
                let is_pinned = line.contains("workspace = true");
                assert!(
                    is_pinned,
                    "{}: {line} has a version of its own",
                    package.name
                );
            }
        }
    }
}
