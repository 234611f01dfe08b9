//! 「監査証跡」 in the words that are on it.

use crate::Browser;

impl Browser {
    /// From 「メニュー」 to 「監査証跡」: by whom an act was done, and with what outcome, the
    /// latest first.
    pub async fn trail_of(&self, act: &str) -> anyhow::Result<Vec<(String, String)>> {
        self.go_by(&["監査証跡"]).await?;
        self.find("//table[@id='audit']//tbody/tr").await?;
        let script = format!(
            "return [...document.querySelectorAll('#audit tbody tr')]
               .map(row => [...row.cells].map(cell => cell.textContent))
               .filter(cells => cells[3] === {act:?}).map(cells => [cells[1], cells[6]])"
        );
        self.script(&script).await
    }
}
