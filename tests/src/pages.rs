//! The pages in the words that are on the screen: a journey reads like the
//! source document.

use anyhow::ensure;
use thirtyfour::{Key, WebElement};

use crate::{Browser, Stack};

/// The password of every demo account.
const PASSWORD: &str = "shikaku-demo";

impl Browser {
    /// Starts a browser and logs in.
    pub async fn logged_in(stack: &Stack, user_id: &str) -> anyhow::Result<Self> {
        let browser = Self::start().await?;
        browser.go(&stack.address()).await?;
        browser.log_in(user_id, PASSWORD).await?;
        browser.is_at("メニュー").await?;
        Ok(browser)
    }

    /// Fills 「ログイン」 and submits it.
    pub async fn log_in(&self, user_id: &str, password: &str) -> anyhow::Result<()> {
        self.is_at("ログイン").await?;
        self.enter("ユーザID", user_id).await?;
        self.enter("パスワード", password).await?;
        self.press("ログイン").await
    }

    /// From 「メニュー」 to 「資格情報照会（システム障害時）」 as the source document goes.
    pub async fn go_to_search(&self) -> anyhow::Result<()> {
        self.press("緊急時医療情報・資格確認機能").await?;
        self.is_at("緊急時医療情報・資格確認機能").await?;
        self.press("資格情報照会（システム障害時）").await?;
        self.is_at("資格情報照会（システム障害時）").await
    }

    /// Waits for the page of a heading.
    pub async fn is_at(&self, heading: &str) -> anyhow::Result<()> {
        self.find(&format!("//h1[normalize-space(.)={heading:?}]"))
            .await
            .map(drop)
    }

    /// The input of a label, of one line or of several.
    pub async fn field(&self, label: &str) -> anyhow::Result<WebElement> {
        self.find(&format!(
            "//*[self::input or self::textarea][@id=//label[normalize-space(.)={label:?}]/@for]"
        ))
        .await
    }

    /// Replaces what is in a field.
    pub async fn enter(&self, label: &str, text: &str) -> anyhow::Result<()> {
        let field = self.field(label).await?;
        // As a person does it: WebDriver's own clearing is not an input to the page.
        field.send_keys(Key::Control + "a").await?;
        field.send_keys(Key::Backspace + text).await?;
        Ok(())
    }

    /// Chooses 男 or 女.
    pub async fn choose_sex(&self, sex: &str) -> anyhow::Result<()> {
        let label = format!("//fieldset[contains(., '性別')]//label[normalize-space(.)={sex:?}]");
        Ok(self.find(&label).await?.click().await?)
    }

    /// What stands in a field.
    pub async fn text_of(&self, label: &str) -> anyhow::Result<String> {
        let value = self.field(label).await?.prop("value").await?;
        Ok(value.unwrap_or_default())
    }

    /// The error text beside a field.
    pub async fn error_of(&self, id: &str) -> anyhow::Result<String> {
        let error = self
            .find(&format!("//*[@id='{id}-error'][normalize-space(.)]"))
            .await?;
        Ok(error
            .text()
            .await?
            .replace("エラー：", "")
            .trim()
            .to_owned())
    }

    /// What is shown under a date field.
    pub async fn echo_of(&self, label: &str) -> anyhow::Result<String> {
        let id = self.field(label).await?.id().await?.unwrap_or_default();
        Ok(self
            .find(&format!("//output[@for='{id}'][normalize-space(.)]"))
            .await?
            .text()
            .await?)
    }

    /// Fills the search form with the child of the source document and a condition on the address.
    pub async fn search_taro(&self, address: &str) -> anyhow::Result<()> {
        self.enter_taro(address).await?;
        self.press("検索").await
    }

    /// The same up to the search.
    pub async fn enter_taro(&self, address: &str) -> anyhow::Result<()> {
        self.enter("氏名", "新橋 太郎").await?;
        self.enter("生年月日", "2021/03/26").await?;
        self.choose_sex("男").await?;
        self.enter("住所", address).await
    }

    /// Waits until the institution has its key for 控え, which a page makes soon after log-in.
    pub async fn has_its_notebook_key(&self) -> anyhow::Result<()> {
        self.until(
            "return fetch('/api/notebook-key').then(answer => answer.json()).then(it => !!it.key)",
        )
        .await
    }

    /// The list of candidates: the header's cells, and each row's.
    pub async fn candidates(&self) -> anyhow::Result<(Vec<String>, Vec<Vec<String>>)> {
        self.find("//table[@id='candidates']//tbody/tr").await?;
        let rows = self
            .script::<Vec<Vec<String>>>(
                "return [...document.querySelectorAll('#candidates tr')]
                   .map(row => [...row.cells].map(cell => cell.textContent))",
            )
            .await?;
        let (head, rows) = rows
            .split_first()
            .ok_or_else(|| anyhow::anyhow!("no rows"))?;
        Ok((head.clone(), rows.to_vec()))
    }

    /// The value of a label in 「資格情報確認」.
    pub async fn value_of(&self, label: &str) -> anyhow::Result<String> {
        let term = format!("//dt[normalize-space(.)={label:?}]/following-sibling::dd[1]");
        Ok(self.find(&term).await?.text().await?)
    }

    /// Nothing of a patient may stand in the address or in the browser's storage.
    pub async fn holds_nothing_personal(&self) -> anyhow::Result<()> {
        let kept: Vec<String> = self
            .script(
                "return [location.href, document.cookie, ...Object.values(localStorage),
                         ...Object.values(sessionStorage), history.state]
                   .map(kept => decodeURIComponent(JSON.stringify(kept ?? '')))",
            )
            .await?;
        for word in ["新橋", "太郎", "2021", "東京", "ｼﾝﾊﾞｼ", "シンバシ"] {
            ensure!(
                !kept.iter().any(|kept| kept.contains(word)),
                "{word} is kept: {kept:?}"
            );
        }
        Ok(())
    }

    /// Waits until the browser can start the page without the service, and the terminal can note
    /// patients without anybody.
    pub async fn is_ready_for_an_outage(&self) -> anyhow::Result<()> {
        self.until("return navigator.serviceWorker.controller !== null")
            .await?;
        self.until(
            "return new Promise(done => {
                 const opening = indexedDB.open('shikaku-notebook');
                 opening.onupgradeneeded = () => opening.transaction.abort();
                 opening.onerror = () => done(false);
                 opening.onsuccess = () => {
                   const kept = opening.result.transaction('terminal').objectStore('terminal');
                   const got = kept.get('here');
                   got.onsuccess = () => { opening.result.close(); done(got.result !== undefined); };
                 };
               })",
        )
        .await
    }

    /// What the browser keeps of 控え, as text.
    pub async fn kept_notes(&self) -> anyhow::Result<Vec<String>> {
        self.script(
            "return new Promise((done, failed) => {
                 const opening = indexedDB.open('shikaku-notebook');
                 opening.onerror = failed;
                 opening.onsuccess = () => {
                   const kept = opening.result.transaction('entries').objectStore('entries');
                   const got = kept.getAll();
                   got.onsuccess = () => { opening.result.close(); done(got.result); };
                 };
               })",
        )
        .await
    }

    /// From now on the page is fetched from the service only, as where a browser keeps nothing.
    pub async fn keeps_nothing(&self) -> anyhow::Result<()> {
        self.devtools("Network.enable", serde_json::json!({}))
            .await?;
        let disabled = serde_json::json!({ "cacheDisabled": true });
        self.devtools("Network.setCacheDisabled", disabled).await?;
        let bypass = serde_json::json!({ "bypass": true });
        self.devtools("Network.setBypassServiceWorker", bypass)
            .await
            .map(drop)
    }

    /// As if the service delivered a newer page than this one.
    pub async fn seem_old(&self) -> anyhow::Result<()> {
        self.script("document.querySelector('meta[name=x-shikaku-version]').content = 'older'")
            .await
    }

    /// From now on what the page puts into the tab's storage can be looked at
    /// afterwards, in the browser's.
    pub async fn keep_what_the_tab_stores(&self) -> anyhow::Result<()> {
        self.script(
            "const set = Storage.prototype.setItem;
             Storage.prototype.setItem = function (key, value) {
               set.call(this, key, value);
               if (this === sessionStorage) set.call(localStorage, 'stored', value);
             }",
        )
        .await
    }

    /// Puts into the tab's storage what the page had put there.
    pub async fn put_back_what_the_tab_stored(&self) -> anyhow::Result<()> {
        self.script("sessionStorage.setItem('shikaku.form', localStorage.getItem('stored'))")
            .await
    }

    /// What the page keeps for itself in the tab's storage.
    pub async fn tab_stores(&self) -> anyhow::Result<Option<String>> {
        self.script("return sessionStorage.getItem('shikaku.form')")
            .await
    }

    /// The page must not be wider than the window.
    pub async fn fits(&self, width: u32, height: u32) -> anyhow::Result<()> {
        self.resize(width, height).await?;
        let wide: (u32, u32) = self
            .script("return [document.documentElement.scrollWidth, innerWidth]")
            .await?;
        ensure!(
            wide.0 <= wide.1,
            "{} px of content in {} px at {width}",
            wide.0,
            wide.1
        );
        Ok(())
    }

    /// Sets the size of the page itself, without the window's frame.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        let metrics = serde_json::json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false
        });
        let devtools = self.driver().cdp();
        devtools
            .send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }
}
