//! Policies as the files that each system's browsers read.

use serde_json::Value;

use super::{Grants, profile, registry};

/// A file of policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// Its name in a folder of all of them, with `/` between its parts.
    pub name: String,
    /// Where it goes, in words for the administrator.
    pub place: String,
    /// What stands in it: UTF-8, for Windows in ASCII.
    pub content: String,
}

/// A browser of Chromium's kin.
struct Browser {
    name: &'static str,
    file: &'static str,
    /// Below `HKEY_LOCAL_MACHINE`.
    registry: &'static str,
    /// The domain of its preferences on macOS.
    domain: &'static str,
    /// Its folder on Linux.
    folder: &'static str,
}

const BROWSERS: [Browser; 3] = [
    Browser {
        name: "Chrome",
        file: "chrome",
        registry: r"SOFTWARE\Policies\Google\Chrome",
        domain: "com.google.Chrome",
        folder: "/etc/opt/chrome/policies/managed",
    },
    Browser {
        name: "Chromium",
        file: "chromium",
        registry: r"SOFTWARE\Policies\Chromium",
        domain: "org.chromium.Chromium",
        folder: "/etc/chromium/policies/managed",
    },
    Browser {
        name: "Edge",
        file: "edge",
        registry: r"SOFTWARE\Policies\Microsoft\Edge",
        domain: "com.microsoft.Edge",
        folder: "/etc/opt/edge/policies/managed",
    },
];

const FIREFOX: &str = "Firefox: Linux は /etc/firefox/policies/policies.json、Windows は \
    C:\\Program Files\\Mozilla Firefox\\distribution\\policies.json、macOS は \
    /Applications/Firefox.app/Contents/Resources/distribution/policies.json に置く。\
    すでにあるときは \"policies\" の中に書き足す（カードリーダーは shikaku-reader-bridge でだけ使えます）";

impl Grants {
    /// Every file, for every system.
    ///
    /// # Errors
    ///
    /// If a property list can't hold a policy, which is a mistake of this program.
    pub fn files(&self) -> Result<Vec<PolicyFile>, plist::Error> {
        let policies = self.chromium();
        let mut files = Vec::new();
        for browser in &BROWSERS {
            let Browser { name, file, .. } = browser;
            files.push(PolicyFile {
                name: format!("windows/{file}.reg"),
                place: format!(
                    "{name} (Windows): 管理者として取り込む: reg import {file}.reg \
                     （ドメインではグループポリシーで配る）"
                ),
                content: registry::file(browser.registry, &policies),
            });
            files.push(PolicyFile {
                name: format!("macos/{file}.mobileconfig"),
                place: format!(
                    "{name} (macOS): MDM で配るか、開いてからシステム設定の「デバイス管理」で承認する"
                ),
                content: profile::file(name, browser.domain, &policies)?,
            });
            files.push(PolicyFile {
                name: format!("linux/{file}/shikaku.json"),
                place: format!("{name} (Linux): {}/shikaku.json に置く", browser.folder),
                content: json(&Value::Object(policies.clone())),
            });
        }
        files.extend(self.firefox().map(|policies| PolicyFile {
            name: "firefox/policies.json".to_owned(),
            place: FIREFOX.to_owned(),
            content: json(&policies),
        }));
        Ok(files)
    }
}

fn json(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::grants;
    use super::*;

    fn files(origins: &[&str]) -> Vec<PolicyFile> {
        grants(origins, &[]).unwrap().files().unwrap()
    }

    #[test]
    fn every_browser_has_a_file_on_every_system() {
        let names: Vec<_> = files(&["https://clinic.example"])
            .into_iter()
            .map(|file| file.name)
            .collect();
        assert_eq!(
            names,
            [
                "windows/chrome.reg",
                "macos/chrome.mobileconfig",
                "linux/chrome/shikaku.json",
                "windows/chromium.reg",
                "macos/chromium.mobileconfig",
                "linux/chromium/shikaku.json",
                "windows/edge.reg",
                "macos/edge.mobileconfig",
                "linux/edge/shikaku.json",
                "firefox/policies.json",
            ]
        );
    }

    #[test]
    fn json_says_what_is_granted() {
        let granted = grants(&["https://clinic.example"], &[]).unwrap();
        for file in granted.files().unwrap() {
            let expected = match file.name.as_str() {
                "firefox/policies.json" => granted.firefox().unwrap(),
                name if name.starts_with("linux/") => Value::Object(granted.chromium()),
                _ => continue,
            };
            let said: Value = serde_json::from_str(&file.content).unwrap();
            assert_eq!(said, expected, "{}", file.name);
        }
    }

    #[test]
    fn no_file_says_more_than_the_page_that_was_named() {
        for file in files(&["https://clinic.example:8443"]) {
            let wanted = match file.name.as_str() {
                "firefox/policies.json" => "clinic.example",
                _ => "https://clinic.example:8443",
            };
            assert!(file.content.contains(wanted), "{}", file.name);
            assert!(!file.content.contains('*'), "{}", file.name);
        }
    }
}
