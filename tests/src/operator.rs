//! The console of the 実施機関 in the words that are on it.

use crate::Browser;

impl Browser {
    /// From a phone to a wide screen, and for assistive technology.
    pub async fn looks_right(&self) -> anyhow::Result<()> {
        for (width, height) in [(360, 740), (640, 400), (800, 1280), (1280, 800)] {
            self.fits(width, height).await?;
            self.is_accessible().await?;
        }
        Ok(())
    }

    /// Presses what confirms the open dialog.
    pub async fn confirm(&self) -> anyhow::Result<()> {
        let yes = self.find("//dialog//*[@id='dialog-yes']").await?;
        Ok(yes.click().await?)
    }

    /// Takes a step that asks for one thing at most.
    pub async fn take_step(&self, step: &str, field: Option<(&str, &str)>) -> anyhow::Result<()> {
        let xpath = format!("//li//button[normalize-space(.)={step:?}][not(@disabled)]");
        self.find(&xpath).await?.click().await?;
        if let Some((label, text)) = field {
            self.enter(label, text).await?;
        }
        self.confirm().await?;
        self.is_gone("//dialog").await
    }

    /// Chooses the file that 「医療機関の登録簿」 imports.
    pub async fn choose_file(&self, path: &str) -> anyhow::Result<()> {
        let input = self.find("//input[@type='file']").await?;
        Ok(input.send_keys(path).await?)
    }
}
