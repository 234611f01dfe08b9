//! Without a mouse, and with an input method.

use anyhow::ensure;
use serde_json::json;
use tests::{Browser, Stack};
use thirtyfour::Key;

/// Counts the keys that are no typed data.
struct Typist<'a> {
    browser: &'a Browser,
    strokes: u32,
}

impl Typist<'_> {
    async fn types(&self, text: &str) -> anyhow::Result<()> {
        self.browser.keys(text).await
    }

    async fn strikes(&mut self, key: Key) -> anyhow::Result<()> {
        self.strokes += 1;
        self.browser.keys(key.value().to_string()).await
    }

    /// Tab until something has the focus; a person would know where to stop.
    async fn tabs_to(&mut self, what: &str) -> anyhow::Result<()> {
        for _ in 0..20 {
            self.strikes(Key::Tab).await?;
            let script = format!("return document.activeElement.matches({what:?})");
            if self.browser.script::<bool>(&script).await? {
                return Ok(());
            }
        }
        anyhow::bail!("no way by Tab to {what}")
    }
}

#[tokio::test]
async fn from_log_in_to_the_print_in_under_forty_keystrokes() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::start().await?;
    browser.go(&stack.address()).await?;
    browser.is_at("ログイン").await?;
    browser
        .script::<()>("window.print = () => { window.wasPrinted = true }")
        .await?;
    let mut typist = Typist {
        browser: &browser,
        strokes: 0,
    };

    typist.tabs_to("#user-id").await?;
    typist.types("staff").await?;
    typist.tabs_to("#password").await?;
    typist.types("shikaku-demo").await?;
    typist.strikes(Key::Enter).await?;
    browser.is_at("メニュー").await?;
    typist.tabs_to(".menu__link[href='/emergency']").await?;
    typist.strikes(Key::Enter).await?;
    browser.is_at("緊急時医療情報・資格確認機能").await?;
    typist.tabs_to(".menu__link").await?;
    typist.strikes(Key::Enter).await?;
    browser.is_at("資格情報照会（システム障害時）").await?;
    typist.tabs_to("#name").await?;
    typist.types("新橋太郎").await?;
    typist.tabs_to("#birthdate").await?;
    typist.types("2021/3/26").await?;
    typist.tabs_to("#sex1").await?;
    typist.strikes(Key::Space).await?;
    typist.tabs_to("#address").await?;
    typist.types("東京都").await?;
    typist.strikes(Key::Enter).await?;
    browser.candidates().await?;
    typist.tabs_to("#candidates a").await?;
    typist.strikes(Key::Enter).await?;
    browser.is_at("資格情報確認").await?;
    browser.sees("公費").await?;
    typist.tabs_to("#print").await?;
    typist.strikes(Key::Enter).await?;
    browser.until("return window.wasPrinted === true").await?;

    let strokes = typist.strokes;
    println!("{strokes} keystrokes beyond the typed data");
    ensure!(strokes < 40, "{strokes} keystrokes");
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn the_enter_of_a_conversion_does_not_submit() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    browser.field("氏名").await?.focus().await?;
    browser
        .script::<()>(
            "window.submits = 0; addEventListener('submit', () => submits++, true);
             window.composed = []; addEventListener('keydown', key => composed.push(key.isComposing), true)",
        )
        .await?;
    let composed = json!({ "text": "しんばし", "selectionStart": 4, "selectionEnd": 4 });
    browser
        .devtools("Input.imeSetComposition", composed)
        .await?;
    let enter = |kind: &str| {
        json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r",
                "windowsVirtualKeyCode": 13 })
    };
    browser
        .devtools("Input.dispatchKeyEvent", enter("keyDown"))
        .await?;
    browser
        .devtools("Input.dispatchKeyEvent", enter("keyUp"))
        .await?;
    let (composing, submits): (Vec<bool>, u32) =
        browser.script("return [composed, submits]").await?;
    ensure!(
        composing == [true],
        "the key was part of a conversion: {composing:?}"
    );
    ensure!(submits == 0, "the conversion's Enter submitted");
    browser
        .devtools("Input.insertText", json!({ "text": "新橋" }))
        .await?;
    browser
        .until("return document.activeElement.value === '新橋'")
        .await?;

    browser.keys(Key::Enter.value().to_string()).await?;
    browser.until("return submits === 1").await?;
    browser
        .until("return document.activeElement.id === 'error-summary'")
        .await?;
    browser.close_after_failed_requests().await
}

#[tokio::test]
async fn escape_gives_up_a_search_that_takes_long() -> anyhow::Result<()> {
    let stack = Stack::start_opened().await?;
    let browser = Browser::logged_in(&stack, "staff").await?;
    browser.go_to_search().await?;
    let slow = json!({ "offline": false, "latency": 60_000,
                       "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.enable", json!({})).await?;
    browser
        .devtools("Network.emulateNetworkConditions", slow)
        .await?;
    browser.search_taro("東京都").await?;
    browser.sees("検索しています…").await?;
    browser.sees("時間がかかっています。").await?;
    browser.is_accessible().await?;
    browser
        .find("//button[normalize-space(.)='もう一度試す']")
        .await?;
    browser.is_accessible().await?;
    browser.keys(Key::Escape.value().to_string()).await?;
    browser.is_gone("//*[@id='stop']").await?;
    assert_eq!(
        browser.field("住所").await?.prop("value").await?.as_deref(),
        Some("東京都")
    );
    browser.close_after_failed_requests().await
}
