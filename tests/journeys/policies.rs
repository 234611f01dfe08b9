//! The policy files that the bridge makes, as Chromium reads them.

use std::process::Command;

use anyhow::ensure;
use tests::Browser;

/// The rows of `chrome://policy` that are set: a name and what is thought of its value.
const ROWS: &str = "
    const rows = [];
    const walk = root => {
        for (const element of root.querySelectorAll('*')) {
            if (element.localName === 'policy-row') rows.push(element.shadowRoot);
            if (element.shadowRoot) walk(element.shadowRoot);
        }
    };
    walk(document);
    const text = (row, part) => row.querySelector(part).textContent.trim();
    return rows
        .map(row => [text(row, '.name'), text(row, '.value'), text(row, '.messages')])
        .filter(([, value]) => value)";

#[tokio::test(flavor = "multi_thread")]
async fn chromium_has_nothing_against_the_policies() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let made = Command::new(tests::program("SHIKAKU_BRIDGE")?)
        .args(["doctor", "--policies", "--origin", "https://clinic.example"])
        .args(["--hid", "1fc9:0001", "--into"])
        .arg(folder.path())
        .output()?;
    ensure!(made.status.success(), "{made:?}");
    let file = folder.path().join("linux/chromium/shikaku.json");
    let Some(browser) = Browser::under_policies(&file).await? else {
        eprintln!("skipped: no file systems of the browser's own here (unshare --mount)");
        return Ok(());
    };
    browser.go("chrome://policy/").await?;
    browser
        .until(&format!("return (() => {{ {ROWS} }})().length >= 3"))
        .await?;
    let rows: Vec<[String; 3]> = browser.script(ROWS).await?;
    let names: Vec<_> = rows.iter().map(|[name, ..]| name.as_str()).collect();
    ensure!(
        names
            == [
                "LoopbackNetworkAllowedForUrls",
                "WebHidAllowDevicesForUrls",
                "WebUsbAllowDevicesForUrls",
            ],
        "{rows:?}"
    );
    for [name, _, thought] in &rows {
        ensure!(thought == "OK", "{name}: {thought}");
    }
    browser.close().await
}
