//! Headless Chromium, driven over `WebDriver`.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel, WebElement};

/// How long to wait for something to appear.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a chromedriver is started that ends at once.
const MOST_STARTS: u32 = 5;
/// How often an element may go while it is looked at.
const MOST_STALE: u32 = 20;
const INTERVAL: Duration = Duration::from_millis(50);

/// What a browser is started with: as root in a container it has no sandbox of
/// its own, and without a network it must not ask for one.
const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=ja",
    "--window-size=1280,800",
];

/// Puts the file that is named first where Chromium looks for policies, and becomes the program
/// that is named after it.
const POLICIES: &str = "mount -t tmpfs tmpfs /etc/chromium \
    && mkdir -p /etc/chromium/policies/managed \
    && cp \"$1\" /etc/chromium/policies/managed/ && shift && exec \"$@\"";

/// What a failed request leaves in the console; journeys that cause one say so.
const FAILED_REQUEST: [&str; 2] = [
    "Failed to load resource",
    // A part of the page that was on its way.
    "Failed to fetch",
];

/// A browser with one window. Call [`Browser::close`] at the end of a journey:
/// it fails when the page reported an error.
pub struct Browser {
    // Never dropped: that would ask for the session's end and wait two minutes for an answer,
    // when a journey fails. The process takes everything with it.
    driver: ManuallyDrop<WebDriver>,
    /// Unless somebody else started it.
    process: Option<Driver>,
    patience: Duration,
}

impl Browser {
    /// Starts a browser that knows nothing of any other.
    pub async fn start() -> anyhow::Result<Self> {
        let command = Command::new(crate::program("CHROMEDRIVER")?);
        Self::start_by(command).await
    }

    /// Starts one that reads a file of policies, as its administrator's. `None` where this
    /// machine lets nobody pretend that: it takes file systems of the browser's own.
    pub async fn under_policies(policies: &Path) -> anyhow::Result<Option<Self>> {
        let with_policies = |command: &[&OsStr]| {
            let mut unshare = Command::new("unshare");
            unshare.args(["--mount", "sh", "-c", POLICIES, "sh"]);
            unshare.arg(policies).args(command);
            unshare
        };
        let mut attempt = with_policies(&["true".as_ref()]);
        if !attempt.status().is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let driver = crate::program("CHROMEDRIVER")?;
        Self::start_by(with_policies(&[driver.as_ref()]))
            .await
            .map(Some)
    }

    async fn start_by(driver: Command) -> anyhow::Result<Self> {
        let process = Driver::start(driver)?;
        let mut capabilities = capabilities()?;
        let chrome = crate::program("CHROME")?;
        capabilities.set_binary(chrome.to_str().context("the browser's path is not UTF-8")?)?;
        let driver = WebDriver::new(process.address(), capabilities).await?;
        Ok(Self {
            driver: ManuallyDrop::new(driver),
            process: Some(process),
            patience: PATIENCE,
        })
    }

    /// Starts a browser by a driver that runs already, with arguments of its own, on a machine where
    /// everything may take so long.
    pub async fn connect(
        driver: &str,
        arguments: &[String],
        patience: Duration,
    ) -> anyhow::Result<Self> {
        let mut capabilities = capabilities()?;
        for argument in arguments {
            capabilities.add_arg(argument)?;
        }
        let driver = WebDriver::builder(driver, capabilities)
            .request_timeout(2 * patience)
            .await?;
        driver.set_script_timeout(patience).await?;
        driver.set_page_load_timeout(patience).await?;
        Ok(Self {
            driver: ManuallyDrop::new(driver),
            process: None,
            patience,
        })
    }

    /// The driver itself, for what has no words here.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens an address.
    pub async fn go(&self, address: &str) -> anyhow::Result<()> {
        Ok(self.driver.goto(address).await?)
    }

    /// The element of an `XPath`, once it is there and shown.
    pub async fn find(&self, xpath: &str) -> anyhow::Result<WebElement> {
        for _ in 0..MOST_STALE {
            let query = self
                .driver
                .query(By::XPath(xpath))
                .wait(self.patience, INTERVAL)
                .and_displayed();
            match query.first().await {
                // It went while it was looked at: the page renders what follows.
                Err(error) if is_stale(&error) => {}
                found => return found.with_context(|| format!("not on the page: {xpath}")),
            }
        }
        anyhow::bail!("does not stay on the page: {xpath}")
    }

    /// Waits until nothing on the page fits an `XPath`.
    pub async fn is_gone(&self, xpath: &str) -> anyhow::Result<()> {
        let query = self
            .driver
            .query(By::XPath(xpath))
            .wait(self.patience, INTERVAL);
        query
            .wait_until_gone()
            .await
            .with_context(|| format!("still on the page: {xpath}"))
    }

    /// Waits until a text is shown somewhere.
    pub async fn sees(&self, text: &str) -> anyhow::Result<()> {
        let xpath = format!(
            "//*[contains(normalize-space(.), {text:?})][not(*[contains(normalize-space(.), {text:?})])]"
        );
        self.find(&xpath).await.map(drop)
    }

    /// Clicks the button or link of a name.
    pub async fn press(&self, name: &str) -> anyhow::Result<()> {
        let is_named = format!("[normalize-space(.)={name:?}]");
        let element = self
            .find(&format!("//button{is_named} | //a{is_named}"))
            .await?;
        Ok(element.click().await?)
    }

    /// Sends keys to whatever has the focus.
    pub async fn keys(&self, keys: impl AsRef<str>) -> anyhow::Result<()> {
        let actions = self.driver.action_chain().send_keys(keys.as_ref());
        Ok(actions.perform().await?)
    }

    /// Runs a script and gives what it returns.
    pub async fn script<T: serde::de::DeserializeOwned>(&self, script: &str) -> anyhow::Result<T> {
        Ok(self.driver.execute(script, Vec::new()).await?.convert()?)
    }

    /// Waits until a script returns true.
    pub async fn until(&self, script: &str) -> anyhow::Result<()> {
        let started = std::time::Instant::now();
        while !self.script::<bool>(script).await? {
            ensure!(started.elapsed() < self.patience, "never true: {script}");
            tokio::time::sleep(INTERVAL).await;
        }
        Ok(())
    }

    /// Has a script run in every page that is opened from now on, before the page's own.
    pub async fn run_before_pages(&self, script: &str) -> anyhow::Result<Value> {
        let source = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source)
            .await
    }

    /// Sends a command of the Chrome `DevTools` protocol.
    pub async fn devtools(&self, command: &str, arguments: Value) -> anyhow::Result<Value> {
        let answer = self.driver.cdp().send_raw(command, arguments).await;
        answer.with_context(|| command.to_owned())
    }

    /// Minimises the window, or brings it back: nobody sees its page then.
    pub async fn is_minimised(&self, is_minimised: bool) -> anyhow::Result<()> {
        let window = self
            .devtools("Browser.getWindowForTarget", json!({}))
            .await?;
        let state = if is_minimised { "minimized" } else { "normal" };
        let bounds = json!({ "windowId": window["windowId"], "bounds": { "windowState": state } });
        self.devtools("Browser.setWindowBounds", bounds).await?;
        let visibility = if is_minimised { "hidden" } else { "visible" };
        self.until(&format!(
            "return document.visibilityState === '{visibility}'"
        ))
        .await
    }

    /// Ends the journey; an error in the console is a failure.
    pub async fn close(self) -> anyhow::Result<()> {
        self.end(&[]).await
    }

    /// Ends a journey that made requests fail on purpose.
    pub async fn close_after_failed_requests(self) -> anyhow::Result<()> {
        self.end(&FAILED_REQUEST).await
    }

    /// Ends a journey in which the page was kept from starting.
    pub async fn close_after(self, expected: &[&str]) -> anyhow::Result<()> {
        self.end(expected).await
    }

    async fn end(self, expected: &[&str]) -> anyhow::Result<()> {
        let log = self.driver.browser_log().await?;
        let errors: Vec<_> = log
            .iter()
            .filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING")
            .map(|entry| entry.message.as_str())
            .filter(|message| !expected.iter().any(|expected| message.contains(expected)))
            .collect();
        ManuallyDrop::into_inner(self.driver).quit().await?;
        drop(self.process);
        ensure!(errors.is_empty(), "the page reported: {errors:#?}");
        Ok(())
    }
}

/// What every browser is started with.
fn capabilities() -> anyhow::Result<ChromeCapabilities> {
    let mut capabilities = ChromeCapabilities::new();
    for argument in ARGUMENTS {
        capabilities.add_arg(argument)?;
    }
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

/// A chromedriver of its own, so that a stuck browser takes no other one along.
struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts it. It ends at once where the port that it took is somebody else's by its other
    /// address (IPv6).
    fn start(mut command: Command) -> anyhow::Result<Self> {
        command
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // A group, so that the end takes the browser with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        for _ in 0..MOST_STARTS {
            let mut child = command.spawn()?;
            if let Some(port) = child.stdout.take().and_then(port) {
                return Ok(Self { child, port });
            }
            let _ = child.kill();
            child.wait()?;
        }
        anyhow::bail!("chromedriver did not start")
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Where a chromedriver says that it listens; `None` if it ends before.
fn port(output: ChildStdout) -> Option<u16> {
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    let mut ports = lines.filter_map(|line| {
        let port = line.split_once("started successfully on port ")?.1;
        port.trim_end_matches('.').parse().ok()
    });
    ports.next()
}

fn is_stale(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::StaleElementReference(_)
    )
}

impl Drop for Driver {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            let group = format!("-{}", self.child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
