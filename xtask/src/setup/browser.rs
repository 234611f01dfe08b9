//! A browser, its WebDriver of the same version, and a font with Japanese characters.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::apt;
use crate::command::{answer, command, find};
use crate::progress;

const WHY: &str = "the journeys run in a real browser";
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];
const BROWSERS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
/// Where an installation leaves the browser without putting it on `PATH`.
const ELSEWHERE: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];

/// The two programs that a journey starts.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) chrome: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds or installs the browser. `CHROME` and `CHROMEDRIVER` choose other programs.
pub(crate) fn ensure() -> Result<Browser> {
    let browser = match look()? {
        Some(browser) => browser,
        None if apt::is_debian() => {
            apt::install(&PACKAGES, "Chromium and its WebDriver", WHY)?;
            look()?.context("Chromium was installed, but is not on PATH")?
        }
        None => bail!(
            "Chromium or Chrome with chromedriver of the same version is missing ({WHY}); \
             install both, or name the programs in CHROME and CHROMEDRIVER"
        ),
    };
    check_versions(&browser)?;
    progress::found("browser", WHY, &browser.chrome.display().to_string());
    progress::found("WebDriver", WHY, &browser.driver.display().to_string());
    ensure_font()?;
    Ok(browser)
}

fn look() -> Result<Option<Browser>> {
    let elsewhere = || {
        ELSEWHERE
            .iter()
            .map(PathBuf::from)
            .find(|program| program.is_file())
    };
    let chrome = match chosen("CHROME")? {
        Some(program) => Some(program),
        None => BROWSERS
            .iter()
            .find_map(|name| find(name))
            .or_else(elsewhere),
    };
    let driver = match chosen("CHROMEDRIVER")? {
        Some(program) => Some(program),
        None => find("chromedriver"),
    };
    Ok(chrome
        .zip(driver)
        .map(|(chrome, driver)| Browser { chrome, driver }))
}

/// A program the developer chose; a wrong choice is an error, not a reason to take another.
fn chosen(variable: &str) -> Result<Option<PathBuf>> {
    let Some(program) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(None);
    };
    ensure!(
        program.is_file(),
        "{variable} names no file: {}",
        program.display()
    );
    Ok(Some(program))
}

/// A driver refuses a browser of another version, with a message that hides this reason.
fn check_versions(browser: &Browser) -> Result<()> {
    // On Windows `--version` opens a window instead of answering.
    if cfg!(windows) {
        return Ok(());
    }
    let (chrome, driver) = (version_of(&browser.chrome)?, version_of(&browser.driver)?);
    ensure!(
        major(&chrome) == major(&driver),
        "the browser and its driver must be of the same version: {} says “{chrome}”, {} says \
         “{driver}”",
        browser.chrome.display(),
        browser.driver.display()
    );
    Ok(())
}

fn version_of(program: &Path) -> Result<String> {
    answer(command(program).arg("--version"))
        .with_context(|| format!("{} does not start", program.display()))
}

/// The first number in what `--version` printed.
fn major(says: &str) -> Option<&str> {
    let word = says
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    word?.split('.').next()
}

/// Without it, Japanese text is a row of boxes: layout and screenshots would prove nothing.
fn ensure_font() -> Result<()> {
    let why = "layout and screenshots of Japanese text";
    // Only Linux leaves this to the machine's owner.
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let fonts = || {
        let list = answer(command("fc-list").args([":lang=ja", "family"]))?;
        list.lines().next().map(str::to_owned)
    };
    if fonts().is_none() {
        apt::install(&["fontconfig", "fonts-noto-cjk"], "a Japanese font", why)?;
    }
    let font = fonts().context("a Japanese font was installed, but fc-list does not show it")?;
    progress::found("Japanese font", why, &font);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        for (says, expected) in [
            (
                "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)",
                Some("156"),
            ),
            (
                "ChromeDriver 156.0.8078.79 (abc-refs/branch@{#1})",
                Some("156"),
            ),
            ("Google Chrome 99.0.1", Some("99")),
            ("", None),
        ] {
            assert_eq!(major(says), expected, "{says}");
        }
    }
}
