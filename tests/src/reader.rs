//! A reader's own screen in the words that are on it, and the terminal beside it.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::{Browser, Stack};

/// What the console of a reader screen says while bridge or service are looked for: the
/// browser reports every port that nobody listens on.
pub const LOOKED_FOR: [&str; 3] = [
    "WebSocket connection to",
    "Failed to load resource",
    "ERR_CONNECTION_REFUSED",
];

impl Browser {
    /// Starts a browser that is a reader screen of the demo, and waits for its reader.
    pub async fn reader_screen(stack: &Stack) -> anyhow::Result<Self> {
        let browser = Self::start().await?;
        browser.become_reader_screen(stack).await?;
        browser.shows("normal").await?;
        Ok(browser)
    }

    /// Opens the reader's page and makes this browser a reader screen of the demo, whatever
    /// its reader's state.
    pub async fn become_reader_screen(&self, stack: &Stack) -> anyhow::Result<()> {
        self.go(&format!("{}/reader", stack.address())).await?;
        self.shows("register").await?;
        self.press("デモの読取画面として使う").await
    }

    /// Waits until the screen is in a state.
    pub async fn shows(&self, view: &str) -> anyhow::Result<()> {
        self.find(&format!("//main[@data-view='{view}']"))
            .await
            .map(drop)
    }

    /// Waits until the screen's heading says something: it may be cut up by the readings
    /// above its characters.
    pub async fn is_headed(&self, words: &str) -> anyhow::Result<()> {
        self.until(&format!(
            "return document.querySelector('h1').textContent.includes('{words}')"
        ))
        .await
    }

    /// Waits until the screen says whether a card lies there, before it may be read.
    pub async fn notices_card(&self, is_there: bool) -> anyhow::Result<()> {
        let said = if is_there {
            "お呼びください"
        } else {
            "置いてください"
        };
        self.is_headed(said).await
    }

    /// 「職員用ボタン」, and the passcode as a finger enters it; the identity is to be confirmed.
    pub async fn enter_passcode(&self, passcode: &str) -> anyhow::Result<()> {
        self.press("職員用ボタン").await?;
        self.shows("passcode").await?;
        self.press_digits(passcode).await?;
        self.press("確定").await?;
        self.shows("confirm").await
    }

    /// Enters digits on the pad, as a finger does.
    pub async fn press_digits(&self, digits: &str) -> anyhow::Result<()> {
        for digit in digits.chars() {
            self.press(&digit.to_string()).await?;
        }
        Ok(())
    }

    /// The patient has taken his card too early, and goes on.
    pub async fn keeps_card_and_goes_on(&self) -> anyhow::Result<()> {
        self.find("//dialog").await?;
        self.press("続ける").await?;
        self.is_gone("//dialog").await
    }

    /// Answers every question, and confirms.
    pub async fn answer_all(&self, answer: &str) -> anyhow::Result<()> {
        self.shows("consents").await?;
        let buttons = format!("//button[normalize-space(.)={answer:?}]");
        self.find(&buttons).await?;
        for button in self
            .driver()
            .find_all(thirtyfour::By::XPath(&buttons))
            .await?
        {
            button.click().await?;
        }
        self.press("決定").await
    }

    /// Asks the service as the page would, with the browser's own session.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> anyhow::Result<Value> {
        const CALL: &str = "
            const [method, path, body, done] = arguments;
            const init = { method, headers: { 'content-type': 'application/json' } };
            if (body !== null) init.body = JSON.stringify(body);
            fetch(path, init).then(async answer => {
              const text = await answer.text();
              done([answer.status, text ? JSON.parse(text) : null]);
            }, error => done([0, String(error)]))";
        let arguments = vec![json!(method), json!(path), body];
        let answer = self.driver().execute_async(CALL, arguments).await?;
        let (status, value): (u16, Value) = answer.convert()?;
        ensure!(
            (200..300).contains(&status),
            "{method} {path}: {status} {value}"
        );
        Ok(value)
    }

    /// A passcode, issued as an administrator does.
    pub async fn issued_passcode(&self) -> anyhow::Result<String> {
        let issued = self.call("POST", "/api/passcodes", Value::Null).await?;
        let passcode = issued["passcode"].as_str().context("no passcode")?;
        Ok(passcode.to_owned())
    }

    /// The id of the institution's only reader screen, from what terminals follow.
    pub async fn reader_screen_id(&self) -> anyhow::Result<String> {
        let state = self.terminal_state().await?;
        let id = state["readers"][0]["id"].as_str();
        Ok(id.context("no reader screen")?.to_owned())
    }

    /// What terminals follow, as it is now.
    pub async fn terminal_state(&self) -> anyhow::Result<Value> {
        const FIRST: &str = "
            const [done] = arguments;
            const source = new EventSource('/api/events');
            source.addEventListener('state', event => { source.close(); done(event.data) });";
        let state: String = self
            .driver()
            .execute_async(FIRST, vec![])
            .await?
            .convert()?;
        Ok(serde_json::from_str(&state)?)
    }

    /// 「目視確認」 at the terminal; gives the visual confirmation's address.
    pub async fn begin_at_terminal(&self) -> anyhow::Result<String> {
        let screen = self.reader_screen_id().await?;
        let path = format!("/api/reader-screens/{screen}/visual-confirmation");
        let state = self.call("POST", &path, Value::Null).await?;
        let id = state["readers"][0]["visual_confirmation"]["id"].as_str();
        let id = id.context("no visual confirmation")?;
        Ok(format!("/api/visual-confirmations/{id}"))
    }

    /// The same, and the tick: the card may be read.
    pub async fn begin_confirmed(&self) -> anyhow::Result<String> {
        let address = self.begin_at_terminal().await?;
        self.tick(&address, true).await?;
        Ok(address)
    }

    /// The tick 「目視で本人確認完了」 at the terminal, set or taken back.
    pub async fn tick(&self, address: &str, is_confirmed: bool) -> anyhow::Result<()> {
        let body = json!({ "is_confirmed": is_confirmed });
        self.call("PUT", &format!("{address}/confirmation"), body)
            .await
            .map(drop)
    }
}
