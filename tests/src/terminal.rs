//! 「顔認証付きカードリーダー操作」 and 「アカウント情報管理」 in the words that are on them.

use anyhow::{Context as _, ensure};
use thirtyfour::WebElement;

use crate::{Browser, Stack};

/// The page where staff begin, and every link to it.
pub const READERS: &str = "顔認証付きカードリーダー操作";
/// The tick of staff, and their button at the reader's screen.
pub const CONFIRMED: &str = "目視で本人確認完了";

impl Browser {
    /// Starts a browser that is a terminal at 「顔認証付きカードリーダー操作」.
    pub async fn terminal(stack: &Stack, user_id: &str) -> anyhow::Result<Self> {
        let browser = Self::logged_in(stack, user_id).await?;
        browser.go_by(&[READERS]).await?;
        Ok(browser)
    }

    /// From anywhere: 「メニュー」, and from there to a page by its links.
    pub async fn go_by(&self, links: &[&str]) -> anyhow::Result<()> {
        for link in links {
            self.press(link).await?;
            self.is_at(link).await?;
        }
        Ok(())
    }

    /// 「目視確認」 and 「OK」 in its dialog.
    pub async fn switch_to_visual(&self) -> anyhow::Result<()> {
        self.find("//button[normalize-space(.)='目視確認'][@aria-disabled='false']")
            .await?;
        self.press("目視確認").await?;
        self.press("OK").await?;
        self.sees(CONFIRMED).await
    }

    /// 「目視確認」, and the tick: the card may be read.
    pub async fn confirm_by_eye(&self) -> anyhow::Result<()> {
        self.switch_to_visual().await?;
        self.set_tick(CONFIRMED, true).await
    }

    /// The box of a label that begins with a text.
    pub async fn tick_box(&self, label: &str) -> anyhow::Result<WebElement> {
        self.find(&format!(
            "//label[starts-with(normalize-space(.), {label:?})]//input[@type='checkbox']"
        ))
        .await
    }

    /// Ticks or unticks a box, as a finger does, and waits until it stays so.
    pub async fn set_tick(&self, label: &str, is_set: bool) -> anyhow::Result<()> {
        let tick = self.tick_box(label).await?;
        tick.click().await?;
        self.is_ticked(label, is_set).await
    }

    /// Waits until a box is settled as told.
    pub async fn is_ticked(&self, label: &str, is_set: bool) -> anyhow::Result<()> {
        let xpath = format!(
            "//label[starts-with(normalize-space(.), {label:?})]//input[@aria-disabled='false']"
        );
        let tick = self.find(&xpath).await?;
        for _ in 0..100 {
            if tick.is_selected().await? == is_set {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        anyhow::bail!("{label} is not {is_set}")
    }

    /// The value of a term in a reader's box.
    pub async fn reader_state(&self, term: &str, value: &str) -> anyhow::Result<()> {
        let xpath = format!(
            "//dt[normalize-space(.)={term:?}]/following-sibling::dd[normalize-space(.)={value:?}]"
        );
        self.find(&xpath).await.map(drop)
    }

    /// The digits in the dialog of a passcode that was just issued.
    pub async fn told_passcode(&self) -> anyhow::Result<String> {
        let digits = self.find("//dialog//p[@class='passcode__digits']").await?;
        let digits: String = digits.text().await?;
        let digits: String = digits
            .chars()
            .filter(|letter| letter.is_ascii_digit())
            .collect();
        ensure!(digits.len() == 4, "no passcode: {digits:?}");
        Ok(digits)
    }

    /// Whether a text is on the page, shown or not, or is kept by the browser for it.
    pub async fn holds(&self, text: &str) -> anyhow::Result<bool> {
        let all: String = self
            .script(
                "return [document.body.textContent, JSON.stringify(history.state),
                   ...[...document.querySelectorAll('input')].map(input => input.value),
                   ...Object.values(localStorage), ...Object.values(sessionStorage)].join(' ')",
            )
            .await?;
        Ok(all.contains(text))
    }

    /// The eight digits of a registration code.
    pub async fn pairing_code(&self) -> anyhow::Result<String> {
        let code = self.find("//p[@class='pairing__code']").await?;
        let code = code.text().await?.replace(' ', "");
        (code.len() == 8).then_some(code).context("no code")
    }
}
