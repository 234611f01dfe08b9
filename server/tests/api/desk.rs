//! A desk: somebody at a terminal, and a reader's own screen that is connected.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use card::demo::DemoCard;
use protocol::http::{
    IssuedPasscode, ReaderPairing, ReaderScreenState, Stage, TerminalState,
    VisualConfirmationState, path,
};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Followed, Service};

/// The demo's persons, whose cards are the valid and the expired one.
pub(crate) const PERSONS: &str = include_str!("../../src/demo/source-document.csv");

pub(crate) struct Desk<'a> {
    service: &'a Service,
    /// `staff`.
    pub(crate) terminal: Client<'a>,
    pub(crate) screen: Client<'a>,
    /// The screen's own stream.
    pub(crate) stream: Followed,
    /// The screen's id.
    pub(crate) id: String,
}

impl<'a> Desk<'a> {
    /// With a screen of the name 「受付1」.
    pub(crate) async fn new(service: &'a Service) -> Self {
        let screen = registered(service, "受付1").await;
        let terminal = service.log_in("staff").await;
        Self::of(service, terminal, screen).await
    }

    /// The same browsers, after a restart.
    pub(crate) async fn again(
        service: &'a Service,
        terminal: Option<String>,
        screen: Option<String>,
    ) -> Self {
        let [terminal, screen] = [terminal, screen].map(|cookie| {
            let mut client = service.stranger();
            client.cookie = cookie;
            client
        });
        Self::of(service, terminal, screen).await
    }

    async fn of(service: &'a Service, terminal: Client<'a>, screen: Client<'a>) -> Self {
        let stream = screen.follow(path::READER_EVENTS).await;
        let id = terminal_state(&terminal).await.readers[0].id.to_string();
        Self {
            service,
            terminal,
            screen,
            stream,
            id,
        }
    }

    /// 「目視確認」.
    pub(crate) async fn begin(&self) -> String {
        let answer = self.try_begin(&self.terminal).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        self.open().await.id.to_string()
    }

    pub(crate) async fn try_begin(&self, terminal: &Client<'_>) -> Answer {
        let path = format!("{}/{}/visual-confirmation", path::READER_SCREENS, self.id);
        terminal.post(&path, json!({})).await
    }

    /// 《職員用ボタン》 and the passcode, which an administrator issues before.
    pub(crate) async fn begin_at_screen(&self) -> String {
        let administrator = self.service.log_in("admin").await;
        let issued: IssuedPasscode = administrator.post(path::PASSCODES, json!({})).await.json();
        let entry = json!({ "passcode": issued.passcode });
        let answer = self.screen.post(path::READER_PASSCODE, entry).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        self.open().await.id.to_string()
    }

    /// The visual confirmation that the screen has open.
    pub(crate) async fn open(&self) -> VisualConfirmationState {
        self.state().await.visual_confirmation.unwrap()
    }

    pub(crate) async fn is_normal(&self) -> bool {
        self.state().await.visual_confirmation.is_none()
    }

    pub(crate) async fn state(&self) -> ReaderScreenState {
        self.screen.get(path::READER).await.json()
    }

    /// 「目視で本人確認完了」 at the terminal.
    pub(crate) async fn tick(&self, id: &str, is_confirmed: bool) -> Answer {
        let path = format!("{}/{id}/confirmation", path::VISUAL_CONFIRMATIONS);
        let tick = json!({ "is_confirmed": is_confirmed });
        self.terminal.put(&path, tick).await
    }

    /// 「目視で本人確認完了」 at the screen.
    pub(crate) async fn tick_at_screen(&self, id: &str, is_confirmed: bool) -> Answer {
        let path = format!("{}/{id}/confirmation", path::READER_VISUAL_CONFIRMATIONS);
        let tick = json!({ "is_confirmed": is_confirmed });
        self.screen.put(&path, tick).await
    }

    /// A card is placed.
    pub(crate) async fn place(&self, id: &str, card: DemoCard) -> Answer {
        self.read(id, certificate(card)).await
    }

    /// What the screen says of a card.
    pub(crate) async fn read(&self, id: &str, reading: Value) -> Answer {
        let path = format!("{}/{id}/card", path::READER_VISUAL_CONFIRMATIONS);
        self.screen.post(&path, reading).await
    }

    /// The patient agrees to some of what he is asked.
    pub(crate) async fn answer(&self, id: &str, agrees: [bool; 3]) -> Answer {
        let path = format!("{}/{id}/consents", path::READER_VISUAL_CONFIRMATIONS);
        self.screen.post(&path, answers(agrees)).await
    }

    /// The result is opened at a terminal.
    pub(crate) async fn open_result(&self, terminal: &Client<'_>, id: &str) -> Answer {
        let path = format!("{}/{id}/result", path::VISUAL_CONFIRMATIONS);
        terminal.post(&path, json!({})).await
    }

    /// Stopped at a terminal.
    pub(crate) async fn cancel(&self, terminal: &Client<'_>, id: &str) -> Answer {
        let path = format!("{}/{id}", path::VISUAL_CONFIRMATIONS);
        terminal.delete(&path).await
    }

    /// From a confirmation that was begun at the terminal to its result.
    pub(crate) async fn complete(&self, id: &str) {
        for answer in [
            self.tick(id, true).await,
            self.place(id, DemoCard::Valid).await,
            self.answer(id, [true; 3]).await,
        ] {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        }
    }

    /// What the open one waits for.
    pub(crate) async fn stage(&self) -> Stage {
        self.open().await.stage
    }
}

/// A browser that is a reader screen.
pub(crate) async fn registered<'a>(service: &'a Service, name: &str) -> Client<'a> {
    let mut screen = service.stranger();
    let code = pairing(service, name).await.code;
    let answer = screen.pair(&code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    screen
}

/// A code that an administrator makes.
pub(crate) async fn pairing(service: &Service, name: &str) -> ReaderPairing {
    let administrator = service.log_in("admin").await;
    let wanted = json!({ "name": name });
    administrator
        .post(path::READER_SCREENS, wanted)
        .await
        .json()
}

/// What a terminal is shown now.
pub(crate) async fn terminal_state(terminal: &Client<'_>) -> TerminalState {
    terminal.follow(path::EVENTS).await.state().await
}

pub(crate) fn certificate(card: DemoCard) -> Value {
    json!({ "certificate": STANDARD.encode(card.certificate()) })
}

pub(crate) fn answers(agrees: [bool; 3]) -> Value {
    let bundles = [
        "diagnosis_and_pharmacists",
        "specific_health_checkups",
        "operation",
    ];
    let answers = bundles.iter().zip(agrees);
    let answers: Vec<_> = answers
        .map(|(bundle, agrees)| json!({ "bundle": bundle, "agrees": agrees }))
        .collect();
    json!({ "answers": answers })
}
