//! 「控え」 in the words that are on it.

use crate::{Browser, Stack};

impl Browser {
    /// Starts a browser, logs in and goes to 「控え」, where notes can be taken.
    pub async fn at_the_notebook(stack: &Stack, user_id: &str) -> anyhow::Result<Self> {
        let browser = Self::logged_in(stack, user_id).await?;
        browser.go_to_notebook().await?;
        Ok(browser)
    }

    /// From 「メニュー」 to 「控え」.
    pub async fn go_to_notebook(&self) -> anyhow::Result<()> {
        self.press("控え").await?;
        self.is_at("控え").await?;
        self.find("//form[@id='note-form']").await.map(drop)
    }

    /// Notes one patient after the other, in the page itself: hands would take an hour. Each odd
    /// one is found by the search, no even one is.
    pub async fn note_many(&self, count: usize) -> anyhow::Result<()> {
        self.note_up_to(1, count).await
    }

    /// The same from a number on, where there are notes of the numbers before.
    pub async fn note_up_to(&self, first: usize, last: usize) -> anyhow::Result<()> {
        for number in first..=last {
            let script = format!(
                "const type = (id, text) => {{
                   const input = document.getElementById(id);
                   input.value = text;
                   input.dispatchEvent(new Event('input', {{ bubbles: true }}));
                 }};
                 type('name', '新橋 太郎');
                 type('birthdate', '2021/03/26');
                 type('address', {number} % 2 ? '皇居裏' : '火星');
                 type('remark', '患者{number}');
                 document.getElementById('sex1').click();
                 document.getElementById('note').click();"
            );
            self.script::<()>(&script).await?;
            self.until("return document.getElementById('remark').value === ''")
                .await?;
        }
        self.until(&format!(
            "return document.querySelectorAll('#notes tbody tr').length === {last}"
        ))
        .await
    }

    /// The states in the list, with their counts.
    pub async fn note_counts(&self) -> anyhow::Result<String> {
        self.script(
            "return (document.getElementById('note-counts')?.innerText ?? '')
               .replaceAll(/\\s+/g, ' ').trim()",
        )
        .await
    }

    /// Waits for states and counts, such as `確認済 1件 該当なし 2件`.
    pub async fn note_counts_become(&self, expected: &str) -> anyhow::Result<()> {
        let script = format!(
            "return (document.getElementById('note-counts')?.innerText ?? '')
               .replaceAll(/\\s+/g, ' ').trim() === {expected:?}"
        );
        self.until(&script).await
    }
}
