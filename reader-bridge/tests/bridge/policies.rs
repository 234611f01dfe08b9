//! Policy files as the program makes them.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::ORIGIN;
use crate::process::{Bridge, program};

const FILES: [&str; 10] = [
    "firefox/policies.json",
    "linux/chrome/shikaku.json",
    "linux/chromium/shikaku.json",
    "linux/edge/shikaku.json",
    "macos/chrome.mobileconfig",
    "macos/chromium.mobileconfig",
    "macos/edge.mobileconfig",
    "windows/chrome.reg",
    "windows/chromium.reg",
    "windows/edge.reg",
];

/// Asks for policies, for a user who has no pairings.
fn policies(arguments: &[&str]) -> Output {
    let nothing = tempfile::tempdir().unwrap();
    let mut command = program();
    command.args(["doctor", "--policies"]).args(arguments);
    command.arg("--data").arg(nothing.path()).output().unwrap()
}

fn into(folder: &Path, more: &[&str]) -> Output {
    let folder = folder.to_str().unwrap();
    policies(&[&["--origin", ORIGIN, "--into", folder], more].concat())
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn what_is_wrong_with_an_origin_is_said_with_what_to_do() {
    let table: [(&[&str], &str); 5] = [
        (&[], "--origin https://clinic.example"),
        (&["--origin", "http://clinic.example"], "https で配信し"),
        (&["--origin", "https://clinic.example/"], "without a path"),
        (&["--origin", "*"], "https://clinic.example"),
        (&["--origin", ORIGIN, "--hid", "BALTECH"], "lsusb"),
    ];
    for (arguments, remedy) in table {
        let output = policies(arguments);
        let error = said(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.contains(remedy), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn they_are_shown_with_where_each_goes() {
    let output = policies(&["--origin", ORIGIN]);
    let text = said(&output.stdout);
    assert!(output.status.success(), "{text}");
    for part in [
        "/etc/opt/chrome/policies/managed/",
        r"[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Edge]",
        "<string>org.chromium.Chromium</string>",
        "/etc/firefox/policies/policies.json",
        "--hid VENDOR:PRODUCT",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let known = policies(&["--origin", ORIGIN, "--hid", "1fc9:0001"]);
    let text = said(&known.stdout);
    assert!(text.contains("8137") && !text.contains("BALTECH"), "{text}");
}

#[test]
fn the_running_bridge_says_whose_pages_may_come() {
    let page = "https://other.example";
    let options = [
        "--simulator",
        "--pre-approve",
        ORIGIN,
        "--allow-origin",
        page,
    ];
    let bridge = Bridge::start(&mut program(), &options);
    let output = bridge.run(&["doctor", "--policies"]);
    let text = said(&output.stdout);
    for origin in [ORIGIN, page] {
        let line = format!("・画面の接続元: {origin}\n");
        assert!(text.contains(&line), "{text}");
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let written = || {
        let is_there = |name: &&str| folder.path().join(name).exists();
        FILES.into_iter().filter(is_there).count()
    };
    let theirs = folder.path().join(FILES[0]);
    fs::create_dir(theirs.parent().unwrap()).unwrap();
    fs::write(&theirs, "{}").unwrap();
    let refused = into(folder.path(), &[]);
    assert!(!refused.status.success());
    let error = said(&refused.stderr);
    assert!(
        error.contains(FILES[0]) && error.contains("--force"),
        "{error}"
    );
    assert_eq!((written(), fs::read(&theirs).unwrap()), (1, b"{}".to_vec()));

    assert!(into(folder.path(), &["--force"]).status.success());
    assert_eq!(written(), FILES.len());
    assert_ne!(fs::read(&theirs).unwrap(), b"{}");
    // What is there already and says the same is in nobody's way.
    fs::remove_file(folder.path().join(FILES[3])).unwrap();
    let output = into(folder.path(), &[]);
    assert!(output.status.success(), "{}", said(&output.stderr));
    assert_eq!(written(), FILES.len());
}
