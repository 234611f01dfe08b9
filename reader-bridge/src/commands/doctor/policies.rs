//! Whether browsers let a page reach this machine's loopback without asking.
//!
//! Chromium asks (Local Network Access) unless `LoopbackNetworkAllowedForUrls` or the older
//! `LocalNetworkAccessAllowedForUrls` names the page; the `Blocked` lists win. Firefox has
//! `LocalNetworkAccess.SkipDomains`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Finding;
use crate::door::origin::Origin;

const WHAT: &str = "ブラウザーのポリシー";

/// Folders of Chromium's kin, by the name that people know.
const CHROMIUM: [(&str, &str); 4] = [
    ("Chromium", "/etc/chromium/policies/managed"),
    ("Chrome", "/etc/opt/chrome/policies/managed"),
    ("Edge", "/etc/opt/edge/policies/managed"),
    ("Brave", "/etc/brave/policies/managed"),
];
const FIREFOX: &str = "/etc/firefox/policies/policies.json";

/// What policies say of an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Allowed,
    Blocked,
    Unsaid,
}

pub(super) fn look(origins: &[Origin]) -> Vec<Finding> {
    if !cfg!(target_os = "linux") {
        return vec![Finding::note(
            WHAT,
            "この OS では調べません。ブラウザーの chrome://policy または about:policies で確かめてください",
        )];
    }
    let (local, remote): (Vec<_>, Vec<_>) = origins.iter().partition(|origin| origin.is_loopback());
    let mut findings: Vec<_> = local
        .into_iter()
        .map(|origin| Finding::note(WHAT, format!("{origin} には要りません")))
        .collect();
    for origin in remote {
        for (browser, folder) in CHROMIUM {
            let folder = Path::new(folder);
            // The parent of `policies`, which is there with the browser.
            if folder.ancestors().nth(2).is_some_and(Path::exists) {
                findings.push(finding(
                    browser,
                    origin,
                    chromium(&policies(folder), origin),
                ));
            }
        }
        if let Some(policy) = read(Path::new(FIREFOX)) {
            findings.push(finding("Firefox", origin, firefox(&policy, origin)));
        }
    }
    findings
}

fn finding(browser: &str, origin: &Origin, verdict: Verdict) -> Finding {
    match verdict {
        Verdict::Allowed => Finding::good(WHAT, format!("{browser}: {origin} を許可しています")),
        Verdict::Blocked => Finding::bad(
            WHAT,
            format!("{browser}: {origin} を禁止しています"),
            "LoopbackNetworkBlockedForUrls または LocalNetworkAccessBlockedForUrls から外してください",
        ),
        Verdict::Unsaid => Finding::note(
            WHAT,
            format!(
                "{browser}: {origin} の指定がありません。画面を開いた人に許可が求められます\
                 （ポリシー {} で省けます: doctor --policies --origin {origin}）",
                if browser == "Firefox" {
                    "LocalNetworkAccess.SkipDomains"
                } else {
                    "LoopbackNetworkAllowedForUrls"
                }
            ),
        ),
    }
}

fn policies(folder: &Path) -> Vec<Value> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = files.map(|file| file.path()).collect();
    paths.sort();
    let json = paths.iter().filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    json.filter_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn chromium(policies: &[Value], origin: &Origin) -> Verdict {
    let names = |lists: [&str; 2]| {
        policies.iter().any(|policy| {
            lists
                .iter()
                .filter_map(|list| policy.get(list)?.as_array())
                .flatten()
                .filter_map(Value::as_str)
                .any(|pattern| covers(pattern, origin))
        })
    };
    if names([
        "LoopbackNetworkBlockedForUrls",
        "LocalNetworkAccessBlockedForUrls",
    ]) {
        Verdict::Blocked
    } else if names([
        "LoopbackNetworkAllowedForUrls",
        "LocalNetworkAccessAllowedForUrls",
    ]) {
        Verdict::Allowed
    } else {
        Verdict::Unsaid
    }
}

/// Whether a pattern of Chromium's content settings is about an origin, as far as
/// administrators use them: `*`, an origin, a host, `[*.]host`.
fn covers(pattern: &str, origin: &Origin) -> bool {
    let pattern = pattern.trim_end_matches('/');
    let host = origin.host();
    match pattern.rsplit_once("[*.]") {
        Some((scheme, domain)) => {
            let is_scheme = scheme.is_empty() || origin.to_string().starts_with(scheme);
            let is_host = host == domain
                || host
                    .strip_suffix(domain)
                    .is_some_and(|rest| rest.ends_with('.'));
            is_scheme && is_host
        }
        None => ["*", host, &origin.to_string(), &origin.with_port()].contains(&pattern),
    }
}

fn firefox(policy: &Value, origin: &Origin) -> Verdict {
    let rules = policy
        .get("policies")
        .and_then(|all| all.get("LocalNetworkAccess"));
    let Some(rules) = rules else {
        return Verdict::Unsaid;
    };
    let is_off = rules.get("Enabled").and_then(Value::as_bool) == Some(false);
    let skipped = rules.get("SkipDomains").and_then(Value::as_array);
    let is_skipped = skipped.is_some_and(|domains| {
        let mut names = domains.iter().filter_map(Value::as_str);
        names.any(|domain| match domain.strip_prefix("*.") {
            Some(parent) => {
                let rest = origin.host().strip_suffix(parent);
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            None => domain == "*" || domain == origin.host(),
        })
    });
    if is_off || is_skipped {
        Verdict::Allowed
    } else {
        Verdict::Unsaid
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn origin() -> Origin {
        "https://clinic.example".parse().unwrap()
    }

    #[test]
    fn chromium_policies_name_a_page() {
        use Verdict::{Allowed, Blocked, Unsaid};
        let table = [
            (json!({}), Unsaid),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["https://clinic.example"]}),
                Allowed,
            ),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["https://clinic.example:443"]}),
                Allowed,
            ),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["https://clinic.example:8443"]}),
                Unsaid,
            ),
            (
                json!({"LocalNetworkAccessAllowedForUrls": ["https://clinic.example/"]}),
                Allowed,
            ),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["[*.]clinic.example"]}),
                Allowed,
            ),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["https://[*.]example"]}),
                Allowed,
            ),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["http://[*.]example"]}),
                Unsaid,
            ),
            (json!({"LoopbackNetworkAllowedForUrls": ["*"]}), Allowed),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["https://clinic.example.evil.example"]}),
                Unsaid,
            ),
            (
                json!({"LoopbackNetworkAllowedForUrls": ["[*.]linic.example"]}),
                Unsaid,
            ),
            (
                json!({
                    "LoopbackNetworkAllowedForUrls": ["*"],
                    "LoopbackNetworkBlockedForUrls": ["clinic.example"],
                }),
                Blocked,
            ),
            (
                json!({"LoopbackNetworkAllowedForUrls": "https://clinic.example"}),
                Unsaid,
            ),
        ];
        for (policy, expected) in table {
            let verdict = chromium(std::slice::from_ref(&policy), &origin());
            assert_eq!(verdict, expected, "{policy}");
        }
    }

    #[test]
    fn firefox_policies_name_a_domain() {
        use Verdict::{Allowed, Unsaid};
        let table = [
            (json!({"policies": {}}), Unsaid),
            (
                json!({"policies": {"LocalNetworkAccess": {"SkipDomains": ["clinic.example"]}}}),
                Allowed,
            ),
            (
                json!({"policies": {"LocalNetworkAccess": {"SkipDomains": ["*.example"]}}}),
                Allowed,
            ),
            (
                json!({"policies": {"LocalNetworkAccess": {"SkipDomains": ["*.clinic.example"]}}}),
                Allowed,
            ),
            (
                json!({"policies": {"LocalNetworkAccess": {"SkipDomains": ["*.linic.example"]}}}),
                Unsaid,
            ),
            (
                json!({"policies": {"LocalNetworkAccess": {"SkipDomains": ["*"]}}}),
                Allowed,
            ),
            (
                json!({"policies": {"LocalNetworkAccess": {"Enabled": false}}}),
                Allowed,
            ),
            (
                json!({"policies": {"LocalNetworkAccess": {"Enabled": true}}}),
                Unsaid,
            ),
        ];
        for (policy, expected) in table {
            assert_eq!(firefox(&policy, &origin()), expected, "{policy}");
        }
    }
}
